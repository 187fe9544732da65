// Behaviour: k8s.io/kubernetes/pkg/registry/storage/storageclass, SetDefaults_StorageClass and printStorageClass in pkg/printers.
import { FieldPath } from "../../../api/field-errors.ts";
import type { StorageClass } from "../../../api/generated/types/storage/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { nodeLabelDeprecation } from "../shared/node-label-warnings.ts";
import { validateStorageClass, validateStorageClassUpdate } from "./storage-class-validation.ts";

const DEFAULT_ANNOTATIONS = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** storage.k8s.io/v1 storageclasses. */
export const storageClassResource = defineResource<StorageClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  resource: "storageclasses",
  singular: "storageclass",
  shortNames: ["sc"],
  namespaced: false,
  type: "storage.v1.StorageClass",
  validateName: nameIsDNSSubdomain,
  defaults(storageClass) {
    storageClass.reclaimPolicy ??= "Delete";
    storageClass.volumeBindingMode ??= "Immediate";
  },
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  warnings: topologyWarnings,
  columns: [
    { ...nameColumn, cell: ({ metadata }) => `${metadata.name ?? ""}${DEFAULT_ANNOTATIONS.some((key) => metadata.annotations?.[key] === "true") ? " (default)" : ""}` },
    textColumn("Provisioner", "What makes the volumes of this class", ({ provisioner }) => provisioner),
    textColumn("ReclaimPolicy", "What becomes of volumes when their claims are gone", ({ reclaimPolicy }) => reclaimPolicy ?? "Delete"),
    textColumn("VolumeBindingMode", "When claims are bound to volumes", ({ volumeBindingMode }) => volumeBindingMode ?? "Immediate"),
    textColumn("AllowVolumeExpansion", "Whether volumes can grow", ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
    ageColumn,
  ],
});

function topologyWarnings({ allowedTopologies = [] }: StorageClass): string[] {
  const path = new FieldPath("allowedTopologies");
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, index) =>
    matchLabelExpressions.flatMap(({ key }, place) => {
      const message = nodeLabelDeprecation(key);
      return message === undefined ? [] : [`${path.index(index).child("matchLabelExpressions").index(place).child("key")}: ${message}`];
    }),
  );
}
