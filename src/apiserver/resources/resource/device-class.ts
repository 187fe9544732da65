// Behaviour: k8s.io/kubernetes/pkg/registry/resource/deviceclass.
import type { DeviceClass } from "../../../api/generated/types/resource/v1.ts";
import { ageColumn, nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateDeviceClass } from "./device-class-validation.ts";

/** resource.k8s.io/v1 deviceclasses. */
export const deviceClassResource = defineResource<DeviceClass>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "DeviceClass",
  resource: "deviceclasses",
  singular: "deviceclass",
  namespaced: false,
  type: "resource.v1.DeviceClass",
  tracksGeneration: true,
  validateName: nameIsDNSSubdomain,
  validate: validateDeviceClass,
  columns: [nameColumn, ageColumn],
});
