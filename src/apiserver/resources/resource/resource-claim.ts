// Behaviour: k8s.io/kubernetes/pkg/registry/resource/resourceclaim and resourceClaimState in pkg/printers.
import { FieldPath } from "../../../api/field-errors.ts";
import type { ResourceClaim } from "../../../api/generated/types/resource/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { immutable } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { keepMetadata } from "../shared/status-metadata.ts";
import { defaultClaimSpec } from "./claim-defaults.ts";
import { validateClaimStatus } from "./claim-status-validation.ts";
import { validateAdminAccess, validateClaimSpec } from "./claim-validation.ts";

const SPEC = new FieldPath("spec");

/** resource.k8s.io/v1 resourceclaims. */
export const resourceClaimResource = defineResource<ResourceClaim>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaim",
  resource: "resourceclaims",
  singular: "resourceclaim",
  namespaced: true,
  type: "resource.v1.ResourceClaim",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    defaultClaimSpec(spec);
  },
  prepareForCreate(claim) {
    claim.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: (claim, context) => (isNew(claim) ? [...validateAdminAccess(claim.spec, context), ...validateClaimSpec(claim.spec, SPEC)] : []),
  validateUpdate: (next, old) => immutable(next.spec, old.spec, SPEC, internalForm("resource.v1.ResourceClaimSpec", next.spec)),
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      keepMetadata(next, old);
      dropDeallocatedDevices(next, old);
    },
    validateUpdate: validateClaimStatus,
  },
  columns: [nameColumn, textColumn("State", "A summary of the current state (allocated, pending, reserved, etc.).", formatState), ageColumn],
});

interface DeviceName {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

/** The status of a device goes when the device is no longer allocated. */
function dropDeallocatedDevices(next: ResourceClaim, old: ResourceClaim): void {
  const nameOf = ({ driver, pool, device, shareID = "" }: DeviceName): string => JSON.stringify([driver, pool, device, shareID]);
  const allocatedOf = ({ status }: ResourceClaim): string[] => (status.allocation?.devices.results ?? []).map(nameOf);
  const allocated = new Set(allocatedOf(next));
  const deallocated = new Set(allocatedOf(old).filter((name) => !allocated.has(name)));
  const devices = (next.status.devices ?? []).filter((device) => !deallocated.has(nameOf(device)));
  if (devices.length === 0) delete next.status.devices;
  else next.status.devices = devices;
}

function formatState({ metadata, status }: ResourceClaim): string {
  const deleted = metadata.deletionTimestamp !== undefined;
  const states = deleted ? ["deleted"] : [];
  if (status.allocation !== undefined) states.push("allocated", ...((status.reservedFor ?? []).length > 0 ? ["reserved"] : []));
  else if (!deleted) states.push("pending");
  return states.join(",");
}
