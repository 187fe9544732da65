// Behaviour: ValidatePersistentVolume and ValidatePersistentVolumeUpdate in k8s.io/kubernetes/pkg/apis/core/validation, and pkg/volume/validation.
import { posix } from "node:path";
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PersistentVolume, PersistentVolumeSpec } from "../../../../api/generated/types/core/v1.ts";
import { parseQuantity } from "../../../../api/quantity.ts";
import { dnsSubdomain, immutable, oneOf, positiveQuantity } from "../../shared/field-checks.ts";
import { internalForm, sortedMap } from "../../shared/internal-form.ts";
import { validateNodeSelector } from "../../shared/pod-spec/affinity.ts";
import { validateAccessModes } from "../../shared/pod-spec/claim-spec.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";
import { unifiedDiff } from "../../shared/unified-diff.ts";
import { SOURCE_FIELDS, validateSource } from "./volume-sources.ts";

const SPEC = new FieldPath("spec");
const MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
/** The sources that are mounted with options from an annotation. */
const MOUNTED_WITH_OPTIONS: readonly (keyof PersistentVolumeSpec)[] = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cinder",
  "cephfs",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
];

/** What is wrong with a persistent volume. */
export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  return [...validateVolume(volume), ...validateMountOptions(volume)];
}

/** What an update may not change, after the checks that every volume passes; those are made once more. */
export function validatePersistentVolumeUpdate(next: PersistentVolume, old: PersistentVolume): FieldError[] {
  const errors = validateVolume(next);
  const [before, after] = [sourceOf(old.spec), sourceOf(withoutNewExpandSecret(next.spec, old.spec))];
  if (!semanticEqual(before, after)) {
    const diff = unifiedDiff(shownSource(before), shownSource(after));
    errors.push(forbiddenField(SPEC.child("persistentvolumesource"), `spec.persistentvolumesource is immutable after creation\n${diff}`));
  }
  errors.push(...immutable(next.spec.volumeMode, old.spec.volumeMode, new FieldPath("volumeMode")));
  if (old.spec.nodeAffinity !== undefined && !semanticEqual(next.spec.nodeAffinity, old.spec.nodeAffinity)) {
    const shown = internalForm("core.v1.VolumeNodeAffinity", next.spec.nodeAffinity);
    errors.push(invalidValue(new FieldPath("nodeAffinity"), shown, "field is immutable, except for updating from beta label to GA"));
  }
  if (old.spec.volumeAttributesClassName !== undefined && next.spec.volumeAttributesClassName === undefined) {
    errors.push(forbiddenField(SPEC.child("volumeAttributesClassName"), "update from non-nil value to nil is forbidden"));
  }
  return errors;
}

function validateVolume({ metadata, spec }: PersistentVolume): FieldError[] {
  const modes = spec.accessModes ?? [];
  const { persistentVolumeReclaimPolicy: policy, storageClassName, volumeMode } = spec;
  const errors = [
    ...(modes.length === 0 ? [requiredValue(SPEC.child("accessModes"))] : []),
    ...validateAccessModes(modes, SPEC.child("accessModes")),
    ...validateCapacity(spec.capacity, SPEC.child("capacity")),
    ...(policy ? oneOf(policy, ["Delete", "Recycle", "Retain"], SPEC.child("persistentVolumeReclaimPolicy")) : []),
    ...validateNodeAffinity(spec),
    ...validateSource(spec, metadata.name ?? "", SPEC),
  ];
  if (spec.hostPath !== undefined && policy === "Recycle" && posix.normalize(spec.hostPath.path || ".").replace(/(.)\/$/, "$1") === "/") {
    errors.push(forbiddenField(SPEC.child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (storageClassName) errors.push(...dnsSubdomain(storageClassName, SPEC.child("storageClassName")));
  if (volumeMode !== undefined) errors.push(...oneOf(volumeMode, ["Block", "Filesystem"], SPEC.child("volumeMode")));
  return [...errors, ...validateAttributesClass(spec)];
}

function validateCapacity(capacity: Readonly<Record<string, string>> = {}, path: FieldPath): FieldError[] {
  const names = Object.keys(capacity);
  const errors: FieldError[] = [];
  if (names.length === 0) errors.push(requiredValue(path));
  if (capacity["storage"] === undefined || names.length > 1) errors.push(notSupportedValue(path, names.length === 0 ? null : sortedMap(capacity), ["storage"]));
  for (const [name, amount] of Object.entries(capacity)) {
    const value = parseQuantity(amount).value();
    if (value < 0n) errors.push(invalidValue(path.key(name), Number(value), "must be a valid resource quantity"));
    errors.push(...positiveQuantity(amount, path.key(name)));
  }
  return errors;
}

function validateNodeAffinity({ nodeAffinity }: PersistentVolumeSpec): FieldError[] {
  if (nodeAffinity === undefined) return [];
  const path = SPEC.child("nodeAffinity", "required");
  return nodeAffinity.required === undefined ? [requiredValue(path, "must specify required node constraints")] : validateNodeSelector(nodeAffinity.required, path);
}

function validateAttributesClass({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec): FieldError[] {
  if (name === undefined) return [];
  const path = SPEC.child("volumeAttributesClassName");
  const errors = name === "" ? [requiredValue(path, "an empty string is disallowed")] : dnsSubdomain(name, path);
  return csi === undefined ? [...errors, requiredValue(SPEC.child("csi"), "has to be specified when using volumeAttributesClassName")] : errors;
}

function validateMountOptions({ metadata, spec }: PersistentVolume): FieldError[] {
  if (metadata.annotations?.[MOUNT_OPTIONS] === undefined || MOUNTED_WITH_OPTIONS.some((field) => spec[field] !== undefined)) return [];
  return [forbiddenField(new FieldPath("metadata").child("annotations", MOUNT_OPTIONS), "may not specify mount options for this volume type")];
}

function sourceOf(spec: PersistentVolumeSpec): Partial<PersistentVolumeSpec> {
  return Object.fromEntries(SOURCE_FIELDS.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]));
}

function shownSource(source: Partial<PersistentVolumeSpec>): unknown {
  return internalForm("core.v1.PersistentVolumeSource", source);
}

/** The secret for expanding can be added later. */
function withoutNewExpandSecret(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): PersistentVolumeSpec {
  if (spec.csi?.controllerExpandSecretRef === undefined || old.csi === undefined || old.csi.controllerExpandSecretRef !== undefined) return spec;
  const { controllerExpandSecretRef: _added, ...csi } = spec.csi;
  return { ...spec, csi };
}
