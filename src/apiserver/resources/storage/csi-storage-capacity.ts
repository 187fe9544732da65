// Behaviour: k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity.
import type { CSIStorageCapacity } from "../../../api/generated/types/storage/v1.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateCSIStorageCapacity, validateCSIStorageCapacityUpdate } from "./csi-storage-capacity-validation.ts";

/** storage.k8s.io/v1 csistoragecapacities. */
export const csiStorageCapacityResource = defineResource<CSIStorageCapacity>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSIStorageCapacity",
  resource: "csistoragecapacities",
  singular: "csistoragecapacity",
  namespaced: true,
  type: "storage.v1.CSIStorageCapacity",
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validate: validateCSIStorageCapacity,
  validateUpdate: validateCSIStorageCapacityUpdate,
});
