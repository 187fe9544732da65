// Behaviour: k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim, pkg/api/persistentvolumeclaim, and SetDefaults_PersistentVolumeClaim.
import { FieldPath } from "../../../../api/field-errors.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../../../api/generated/types/core/v1.ts";
import { claimSpecWarnings } from "../../shared/claim-warnings.ts";
import { ageColumn, nameColumn, textColumn, wideColumn } from "../../shared/columns.ts";
import { defineResource } from "../../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../../shared/names.ts";
import { roundResourceList } from "../../shared/resource-list.ts";
import { statusOnly } from "../../shared/status-only.ts";
import { defaultClaimSpec } from "../../shared/volume-defaults.ts";
import { formatAccessModes, STORAGE_CLASS_ANNOTATION, storageClassOf } from "./access-modes.ts";
import { validateClaim, validateClaimStatus, validateClaimUpdate } from "./persistent-volume-claim-validation.ts";

const SPEC = new FieldPath("spec");

/** v1 persistentvolumeclaims. */
export const persistentVolumeClaimResource = defineResource<PersistentVolumeClaim>({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  resource: "persistentvolumeclaims",
  singular: "persistentvolumeclaim",
  shortNames: ["pvc"],
  namespaced: true,
  type: "core.v1.PersistentVolumeClaim",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec, status }) {
    status.phase ||= "Pending";
    defaultClaimSpec(spec);
    roundResourceList(status.capacity);
    roundResourceList(status.allocatedResources);
  },
  prepareForCreate(claim) {
    claim.status = { phase: "Pending" };
    dropForeignSources(claim.spec, undefined);
    alignSources(claim.spec);
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
    dropForeignSources(next.spec, old.spec);
    alignSources(next.spec);
  },
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.[STORAGE_CLASS_ANNOTATION] === undefined ? [] : [`metadata.annotations[${STORAGE_CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
    ...claimSpecWarnings(spec, SPEC),
  ],
  status: statusOnly(validateClaimStatus),
  selectableFields: { name: ({ metadata }) => metadata.name ?? "" },
  columns: [
    nameColumn,
    textColumn("Status", "Whether the claim is bound to a volume.", ({ metadata, status }) => (metadata.deletionTimestamp ? "Terminating" : (status.phase ?? ""))),
    textColumn("Volume", "The volume that the claim is bound to.", ({ spec }) => spec.volumeName ?? ""),
    textColumn("Capacity", "The storage that the bound volume has.", ({ spec, status }) => (spec.volumeName ? (status.capacity?.["storage"] ?? "0") : "")),
    textColumn("Access Modes", "The ways in which the bound volume can be mounted.", ({ spec, status }) => (spec.volumeName ? formatAccessModes(status.accessModes) : "")),
    textColumn("StorageClass", "StorageClass of the pvc", storageClassOf),
    textColumn("VolumeAttributesClass", "VolumeAttributesClass of the pvc", ({ spec }) => spec.volumeAttributesClassName ?? "<unset>"),
    ageColumn,
    wideColumn("VolumeMode", "Whether the volume is a file system or a raw device.", ({ spec }) => spec.volumeMode ?? "<unset>"),
  ],
});

/** Sources of other namespaces are off by default; others than claims and snapshots are known by their reference alone. */
function dropForeignSources(spec: PersistentVolumeClaimSpec, old: PersistentVolumeClaimSpec | undefined): void {
  if (spec.dataSourceRef?.namespace && old?.dataSourceRef === undefined) delete spec.dataSourceRef;
  if (old?.dataSource !== undefined || old?.dataSourceRef !== undefined || spec.dataSourceRef !== undefined || spec.dataSource === undefined) return;
  const { apiGroup = "", kind } = spec.dataSource;
  const known = (kind === "PersistentVolumeClaim" && apiGroup === "") || (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io");
  if (!known) delete spec.dataSource;
}

/** Of the source and the reference to it, the one that is not set follows the other. */
function alignSources(spec: PersistentVolumeClaimSpec): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource !== undefined && dataSourceRef === undefined) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef !== undefined && dataSource === undefined && !dataSourceRef.namespace) {
    const { namespace: _own, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}
