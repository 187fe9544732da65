// Behaviour: k8s.io/kubernetes/pkg/registry/storage/csinode.
import type { CSINode } from "../../../api/generated/types/storage/v1.ts";
import { ageColumn, integerColumn, nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { validateCSINode, validateCSINodeUpdate } from "./csi-node-validation.ts";

/** storage.k8s.io/v1 csinodes. */
export const csiNodeResource = defineResource<CSINode>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSINode",
  resource: "csinodes",
  singular: "csinode",
  namespaced: false,
  type: "storage.v1.CSINode",
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validate: validateCSINode,
  validateUpdate: validateCSINodeUpdate,
  columns: [nameColumn, integerColumn("Drivers", "The number of drivers that the node has", ({ spec }) => (spec.drivers ?? []).length), ageColumn],
});
