// Behaviour: k8s.io/kubernetes/pkg/registry/resource/resourceslice.
import type { ResourceSlice } from "../../../api/generated/types/resource/v1.ts";
import { type Clock, formatTime } from "../../../util/clock.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateResourceSlice, validateResourceSliceUpdate } from "./resource-slice-validation.ts";

/** resource.k8s.io/v1 resourceslices. */
export const resourceSliceResource = defineResource<ResourceSlice>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceSlice",
  resource: "resourceslices",
  singular: "resourceslice",
  namespaced: false,
  type: "resource.v1.ResourceSlice",
  tracksGeneration: true,
  validateName: nameIsDNSSubdomain,
  prepareForCreate(slice, { clock }) {
    prepare(slice, clock);
  },
  prepareForUpdate(next, _old, { clock }) {
    prepare(next, clock);
  },
  validate: validateResourceSlice,
  validateUpdate: validateResourceSliceUpdate,
  warnings({ spec: { driver } }) {
    return driver === driver.toLowerCase() ? [] : [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`];
  },
  selectableFields: { "spec.nodeName": ({ spec }) => spec.nodeName ?? "", "spec.driver": ({ spec }) => spec.driver },
  columns: [
    nameColumn,
    textColumn("Node", "The node that the devices are local to", ({ spec }) => spec.nodeName ?? ""),
    textColumn("Driver", "The driver that publishes the devices", ({ spec }) => spec.driver),
    textColumn("Pool", "The pool that the devices belong to", ({ spec }) => spec.pool.name),
    ageColumn,
  ],
});

/** Notes when a taint was added, and drops what is off by default: attributes of several values, and devices as native resources. */
function prepare({ spec }: ResourceSlice, clock: Clock): void {
  for (const device of spec.devices ?? []) {
    for (const taint of device.taints ?? []) taint.timeAdded ??= formatTime(clock.now());
    delete device.nodeAllocatableResourceMappings;
    for (const attribute of Object.values(device.attributes ?? {})) {
      for (const list of ["ints", "bools", "strings", "versions"] as const) delete attribute[list];
    }
  }
}
