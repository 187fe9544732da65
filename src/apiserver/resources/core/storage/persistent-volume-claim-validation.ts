// Behaviour: ValidatePersistentVolumeClaim, its update and its status in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../../../api/generated/types/core/v1.ts";
import { isQualifiedName } from "../../../../api/name-validation.ts";
import { parseQuantity } from "../../../../api/quantity.ts";
import { immutable, invalidEach } from "../../shared/field-checks.ts";
import { internalForm } from "../../shared/internal-form.ts";
import { validateClaimSpec } from "../../shared/pod-spec/claim-spec.ts";
import { isNativeResource, validateQuantityOf } from "../../shared/resource-names.ts";
import { semanticEqual } from "../../shared/semantic-equal.ts";
import { unifiedDiff } from "../../shared/unified-diff.ts";
import { STORAGE_CLASS_ANNOTATION } from "./access-modes.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");
const RESIZE_STATUSES = ["ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"].sort();

/** What is wrong with a claim. */
export function validateClaim({ spec }: PersistentVolumeClaim): FieldError[] {
  return validateClaimSpec(spec, SPEC);
}

/** What an update may not change: almost all of the spec. */
export function validateClaimUpdate(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const [after, before] = [{ ...next.spec }, { ...old.spec }];
  if (!before.volumeName) before.volumeName = after.volumeName;
  errors.push(...allowClassUpgrade(next, old, after));
  if (next.status.phase === "Bound") {
    if (after.resources?.requests !== undefined) after.resources = { ...after.resources, requests: { ...after.resources.requests, storage: old.spec.resources?.requests?.["storage"] ?? "0" } };
    after.volumeAttributesClassName = before.volumeAttributesClassName;
  }
  if (!semanticEqual(after, before)) {
    const diff = unifiedDiff(shown(before), shown(after));
    errors.push(forbiddenField(SPEC, `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diff}`));
  }
  const [size, oldSize, capacity] = [next.spec.resources?.requests, old.spec.resources?.requests, old.status.capacity].map((list) => parseQuantity(list?.["storage"] ?? "0"));
  if (size !== undefined && oldSize !== undefined && capacity !== undefined && size.cmp(oldSize) < 0 && size.cmp(capacity) <= 0) {
    errors.push(forbiddenField(SPEC.child("resources", "requests", "storage"), "field can not be less than status.capacity"));
  }
  errors.push(...immutable(next.spec.volumeMode, old.spec.volumeMode, new FieldPath("volumeMode")));
  return [...errors, ...validateAttributesClassUpdate(next, old)];
}

/** Makes `after` pass where a claim only gets the class that it had by annotation, or had none; otherwise the annotation stays. */
function allowClassUpgrade(next: PersistentVolumeClaim, old: PersistentVolumeClaim, after: PersistentVolumeClaimSpec): FieldError[] {
  const [annotation, oldAnnotation] = [next, old].map(({ metadata }) => metadata.annotations?.[STORAGE_CLASS_ANNOTATION]);
  const { storageClassName: name } = next.spec;
  const isNamed = old.spec.storageClassName === undefined && name !== undefined;
  if (isNamed && oldAnnotation !== undefined && name === oldAnnotation && (annotation === undefined || annotation === oldAnnotation)) {
    delete after.storageClassName;
    return [];
  }
  if (isNamed && (oldAnnotation === undefined || name === oldAnnotation)) delete after.storageClassName;
  return immutable(annotation ?? "", oldAnnotation ?? "", new FieldPath("metadata").child("annotations").key(STORAGE_CLASS_ANNOTATION));
}

function validateAttributesClassUpdate({ spec }: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const name = spec.volumeAttributesClassName;
  if (name === old.spec.volumeAttributesClassName || old.status.currentVolumeAttributesClassName === undefined || name) return [];
  const change = name === undefined ? "nil" : "empty string";
  return [forbiddenField(SPEC.child("volumeAttributesClassName"), `update to ${change} is forbidden when status.currentVolumeAttributesClassName is not nil`)];
}

function shown(spec: PersistentVolumeClaimSpec): unknown {
  return internalForm("core.v1.PersistentVolumeClaimSpec", spec);
}

/** What is wrong with a claim's status. */
export function validateClaimStatus({ spec, status }: PersistentVolumeClaim): FieldError[] {
  const statuses = STATUS.child("allocatedResourceStatuses");
  const allocated = STATUS.child("allocatedResources");
  return [
    ...((spec.accessModes ?? []).length === 0 ? [requiredValue(new FieldPath("Spec").child("accessModes"))] : []),
    ...Object.entries(status.capacity ?? {}).flatMap(([name, amount]) => validateAmount(amount, STATUS.child("capacity").key(name))),
    ...Object.entries(status.allocatedResourceStatuses ?? {}).flatMap(([name, value]) => [
      ...validateResourceKey(name, statuses),
      ...(RESIZE_STATUSES.includes(value) ? [] : [notSupportedValue(statuses, name, RESIZE_STATUSES)]),
    ]),
    ...Object.entries(status.allocatedResources ?? {}).flatMap(([name, amount]) => {
      const at = allocated.key(name);
      return firstOf([() => validateResourceKey(name, allocated), () => validateAmount(amount, at), () => validateQuantityOf("storage", amount, at)]);
    }),
  ];
}

/** The errors of the first check that finds any. */
function firstOf(checks: readonly (() => FieldError[])[]): FieldError[] {
  for (const check of checks) {
    const errors = check();
    if (errors.length > 0) return errors;
  }
  return [];
}

function validateAmount(amount: string, path: FieldPath): FieldError[] {
  const value = parseQuantity(amount).value();
  return value < 0n ? [invalidValue(path, Number(value), "must be a valid resource quantity")] : [];
}

function validateResourceKey(name: string, path: FieldPath): FieldError[] {
  const errors = invalidEach(path, name, isQualifiedName(name));
  return errors.length === 0 && isNativeResource(name) && name !== "storage" ? [notSupportedValue(path, name, ["storage"])] : errors;
}
