// Behaviour: ValidatePersistentVolumeClaimSpec in k8s.io/kubernetes/pkg/apis/core/validation, for claims and the templates of claims.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PersistentVolumeClaimSpec, PersistentVolumeClaimTemplate, TypedLocalObjectReference, TypedObjectReference } from "../../../../api/generated/types/core/v1.ts";
import { isDNS1123Label } from "../../../../api/name-validation.ts";
import { validateAnnotations, validateLabels } from "../../../object-meta-validation.ts";
import { dnsSubdomain, invalidEach, oneOf, positiveQuantity } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { validateQuantityOf } from "../resource-names.ts";

const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/** The modes are known, and the one that admits a single pod stands alone. */
export function validateAccessModes(modes: readonly string[], path: FieldPath): FieldError[] {
  const single = modes.includes("ReadWriteOncePod");
  const others = modes.some((mode) => mode !== "ReadWriteOncePod" && ACCESS_MODES.includes(mode));
  return [
    ...modes.flatMap((mode) => oneOf(mode, ACCESS_MODES, path)),
    ...(single && others ? [forbiddenField(path, "may not use ReadWriteOncePod with other access modes")] : []),
  ];
}

/** What is wrong with a claim's spec. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const modes = spec.accessModes ?? [];
  return [
    ...(modes.length === 0 ? [requiredValue(path.child("accessModes"), "at least 1 access mode is required")] : []),
    ...validateLabelSelector(spec.selector, path.child("selector")),
    ...validateAccessModes(modes, path.child("accessModes")),
    ...validateStorage(spec.resources?.requests?.["storage"], path.child("resources").key("storage")),
    ...(spec.storageClassName ? dnsSubdomain(spec.storageClassName, path.child("storageClassName")) : []),
    ...(spec.volumeMode === undefined ? [] : oneOf(spec.volumeMode, ["Block", "Filesystem"], path.child("volumeMode"))),
    ...validateSources(spec, path),
    ...(spec.volumeAttributesClassName ? dnsSubdomain(spec.volumeAttributesClassName, path.child("volumeAttributesClassName")) : []),
  ];
}

function validateStorage(amount: string | undefined, path: FieldPath): FieldError[] {
  if (amount === undefined) return [requiredValue(path)];
  const errors = positiveQuantity(amount, path);
  return errors.length > 0 ? errors : validateQuantityOf("storage", amount, path);
}

function validateSources({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (dataSource !== undefined) errors.push(...validateSource(dataSource, path.child("dataSource")));
  if (dataSourceRef !== undefined) {
    errors.push(...validateSource(dataSourceRef, path.child("dataSourceRef")));
    const { namespace } = dataSourceRef;
    if (namespace) errors.push(...invalidEach(path.child("dataSourceRef", "namespace"), namespace, isDNS1123Label(namespace)));
  }
  if (dataSource === undefined || dataSourceRef === undefined) return errors;
  if (dataSourceRef.namespace) return [...errors, invalidValue(path, {}, "may not be specified when dataSourceRef.namespace is specified")];
  const same = dataSource.apiGroup === dataSourceRef.apiGroup && dataSource.kind === dataSourceRef.kind && dataSource.name === dataSourceRef.name;
  // The value is a path, which has no public fields to show.
  return same ? errors : [...errors, invalidValue(path, {}, "must match dataSourceRef")];
}

function validateSource({ name, kind, apiGroup }: TypedLocalObjectReference | TypedObjectReference, path: FieldPath): FieldError[] {
  return [
    ...(name ? [] : [requiredValue(path.child("name"))]),
    ...(kind ? [] : [requiredValue(path.child("kind"))]),
    ...(!apiGroup && kind !== "PersistentVolumeClaim" ? [invalidValue(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")] : []),
    ...(apiGroup ? dnsSubdomain(apiGroup, path.child("apiGroup")) : []),
  ];
}

/** What is wrong with the claim that a pod's ephemeral volume brings along. */
export function validateClaimTemplate({ metadata, spec }: PersistentVolumeClaimTemplate, path: FieldPath): FieldError[] {
  const at = path.child("metadata");
  const others = Object.entries(metadata ?? {}).filter(([field, value]) => field !== "annotations" && field !== "labels" && value !== undefined && value !== null);
  return [
    ...validateAnnotations(metadata?.annotations, at.child("annotations")),
    ...validateLabels(metadata?.labels, at.child("labels")),
    ...others.map(([field]) => forbiddenField(at.child(field), "cannot be set")),
    ...validateClaimSpec(spec, path.child("spec")),
  ];
}
