// Behaviour: k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity.
import type { CSIStorageCapacity } from "../../../api/generated/types/storage/v1.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { nodeLabelDeprecation } from "../shared/node-label-warnings.ts";
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
  warnings: topologyWarnings,
});

function topologyWarnings({ nodeTopology: { matchExpressions = [], matchLabels = {} } = {} }: CSIStorageCapacity): string[] {
  const ofKey = (key: string, text: (message: string) => string): string[] => {
    const message = nodeLabelDeprecation(key);
    return message === undefined ? [] : [text(message)];
  };
  return [
    ...matchExpressions.flatMap(({ key }, index) => ofKey(key, (message) => `nodeTopology.matchExpressions[${index}].key: ${key} is ${message}`)),
    ...Object.keys(matchLabels).flatMap((key) => ofKey(key, (message) => `nodeTopology.matchLabels.${key}: ${message}`)),
  ];
}
