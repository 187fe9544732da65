// Behaviour: k8s.io/kubernetes/pkg/registry/core/persistentvolume, pkg/api/persistentvolume, and SetDefaults_PersistentVolume.
import { FieldPath } from "../../../../api/field-errors.ts";
import type { PersistentVolume } from "../../../../api/generated/types/core/v1.ts";
import { ageColumn, nameColumn, textColumn, wideColumn } from "../../shared/columns.ts";
import { defineResource } from "../../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../../shared/names.ts";
import { nodeTermWarnings } from "../../shared/node-label-warnings.ts";
import { roundResourceList } from "../../shared/resource-list.ts";
import { defaultStorage } from "../../shared/volume-defaults.ts";
import { formatAccessModes, storageClassOf } from "./access-modes.ts";
import { validatePersistentVolume, validatePersistentVolumeUpdate } from "./persistent-volume-validation.ts";

const TERMS = new FieldPath("spec").child("nodeAffinity", "required", "nodeSelectorTerms");

/** v1 persistentvolumes. */
export const persistentVolumeResource = defineResource<PersistentVolume>({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  resource: "persistentvolumes",
  singular: "persistentvolume",
  shortNames: ["pv"],
  namespaced: false,
  type: "core.v1.PersistentVolume",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec, status }) {
    status.phase ||= "Pending";
    spec.persistentVolumeReclaimPolicy ||= "Retain";
    spec.volumeMode ??= "Filesystem";
    roundResourceList(spec.capacity);
    if (spec.hostPath !== undefined) spec.hostPath.type ??= "";
    defaultStorage(spec);
  },
  prepareForCreate(volume, { clock }) {
    volume.status = { phase: "Pending", lastPhaseTransitionTime: timestamp(clock.now()) };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  warnings: volumeWarnings,
  status: {
    prepareForUpdate(next, old, { clock }) {
      next.spec = old.spec;
      const { phase, lastPhaseTransitionTime: since } = next.status;
      const before = old.status.lastPhaseTransitionTime;
      if (phase === old.status.phase) next.status.lastPhaseTransitionTime = since ?? before;
      else if (since === undefined || since === before) next.status.lastPhaseTransitionTime = timestamp(clock.now());
    },
  },
  selectableFields: { name: ({ metadata }) => metadata.name ?? "" },
  columns: [
    nameColumn,
    textColumn("Capacity", "The storage that the volume has.", ({ spec }) => spec.capacity?.["storage"] ?? "0"),
    textColumn("Access Modes", "The ways in which the volume can be mounted.", ({ spec }) => formatAccessModes(spec.accessModes)),
    textColumn("Reclaim Policy", "What becomes of the volume when its claim is gone.", ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ""),
    textColumn("Status", "Whether the volume is available, bound or released.", ({ metadata, status }) => (metadata.deletionTimestamp ? "Terminating" : (status.phase ?? ""))),
    textColumn("Claim", "The claim that the volume is bound to.", ({ spec }) => (spec.claimRef === undefined ? "" : `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}`)),
    textColumn("StorageClass", "StorageClass of the pv", storageClassOf),
    textColumn("VolumeAttributesClass", "VolumeAttributesClass of the pv", ({ spec }) => spec.volumeAttributesClassName ?? "<unset>"),
    textColumn("Reason", "Why the volume is in its phase, in a word.", ({ status }) => status.reason ?? ""),
    ageColumn,
    wideColumn("VolumeMode", "Whether the volume is a file system or a raw device.", ({ spec }) => spec.volumeMode ?? "<unset>"),
  ],
});

/** A time in whole seconds. */
function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -5)}Z`;
}

function volumeWarnings({ metadata, spec }: PersistentVolume): string[] {
  const annotations = metadata.annotations ?? {};
  const deprecated = [
    ["volume.beta.kubernetes.io/storage-class", 'deprecated since v1.8; use "storageClassName" attribute instead'],
    ["volume.beta.kubernetes.io/mount-options", 'deprecated since v1.31; use "mountOptions" attribute instead'],
  ] as const;
  const gone = [
    [spec.cephfs, "cephfs: deprecated in v1.28, non-functional in v1.31+"],
    [spec.photonPersistentDisk, "photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+"],
    [spec.scaleIO, "scaleIO: deprecated in v1.16, non-functional in v1.22+"],
    [spec.storageos, "storageOS: deprecated in v1.22, non-functional in v1.25+"],
    [spec.glusterfs, "glusterfs: deprecated in v1.25, non-functional in v1.26+"],
    [spec.rbd, "rbd: deprecated in v1.28, non-functional in v1.31+"],
  ] as const;
  const recycled = spec.persistentVolumeReclaimPolicy === "Recycle";
  return [
    ...deprecated.filter(([key]) => key in annotations).map(([key, message]) => `metadata.annotations[${key}]: ${message}`),
    ...(recycled ? ["spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning."] : []),
    ...(spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, index) => nodeTermWarnings(term, TERMS.index(index), false)),
    ...gone.filter(([source]) => source !== undefined).map(([, message]) => `spec.${message}`),
  ];
}
