// Behaviour: k8s.io/apimachinery/pkg/api/validation/objectmeta.go: rules for the metadata of every kind.
import { FieldPath, type FieldError, forbiddenField, invalidValue, notSupportedValue, requiredValue, tooLongValue } from "../api/field-errors.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../api/generated/types/meta/v1.ts";
import { byteLength, isDNS1123Label, isQualifiedName, isValidLabelValue } from "../api/name-validation.ts";
import { parseApiVersion } from "../api/object.ts";

const METADATA = new FieldPath("metadata");
const MAX_ANNOTATIONS_BYTES = 256 * 1024;
const MAX_SUBRESOURCE_BYTES = 256;
const MAX_FIELD_MANAGER_BYTES = 128;
const IMMUTABLE = "field is immutable";
const STANDARD_FINALIZERS = new Set(["customresourcecleanup.apiextensions.k8s.io", "kubernetes", "orphan", "foregroundDeletion"]);

/** What is wrong with a name or generateName, as a resource's `validateName` says it. */
type ValidateName = (name: string, prefix: boolean) => string[];

/** The rules that any name keeps, since it becomes a segment of a path. */
export function validatePathSegmentName(name: string, prefix: boolean): string[] {
  if (!prefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"].filter((illegal) => name.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}

/** Checks the metadata of an object that is to be created, or of any object as it stands. */
export function validateObjectMeta(meta: ObjectMeta, namespaced: boolean, validateName: ValidateName, path: FieldPath = METADATA): FieldError[] {
  const errors: FieldError[] = [];
  if (meta.generateName !== undefined && meta.generateName !== "") {
    for (const message of validateName(meta.generateName, true)) errors.push(invalidValue(path.child("generateName"), meta.generateName, message));
  }
  if (meta.name === undefined || meta.name === "") {
    errors.push(requiredValue(path.child("name"), "name or generateName is required"));
  } else {
    for (const message of validateName(meta.name, false)) errors.push(invalidValue(path.child("name"), meta.name, message));
  }
  errors.push(...validateNamespace(meta.namespace ?? "", namespaced, path.child("namespace")));
  if ((meta.generation ?? 0) < 0) errors.push(invalidValue(path.child("generation"), meta.generation, "must be greater than or equal to 0"));
  errors.push(
    ...validateLabels(meta.labels, path.child("labels")),
    ...validateAnnotations(meta.annotations, path.child("annotations")),
    ...validateOwnerReferences(meta.ownerReferences ?? [], path.child("ownerReferences")),
    ...validateFinalizers(meta.finalizers ?? [], path.child("finalizers")),
    ...validateManagedFields(meta.managedFields ?? [], path.child("managedFields")),
  );
  return errors;
}

/** Checks that a built-in object's finalizers are Kubernetes' own, or have a domain. */
export function validateStandardFinalizers(meta: ObjectMeta, path: FieldPath = METADATA): FieldError[] {
  return (meta.finalizers ?? []).flatMap((finalizer, index) => {
    if (finalizer.includes("/") || STANDARD_FINALIZERS.has(finalizer)) return [];
    return [invalidValue(path.child("finalizers").index(index), finalizer, "name is neither a standard finalizer name nor is it fully qualified")];
  });
}

/** Checks what may change between two metadata of one object. */
export function validateObjectMetaUpdate(next: ObjectMeta, old: ObjectMeta, path: FieldPath = METADATA): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) errors.push(...validateNoNewFinalizers(next.finalizers ?? [], old.finalizers ?? [], path.child("finalizers")));
  if (next.resourceVersion === undefined || next.resourceVersion === "") {
    errors.push(invalidValue(path.child("resourceVersion"), "", "must be specified for an update"));
  }
  if ((next.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalidValue(path.child("generation"), next.generation ?? 0, "must not be decremented"));
  }
  const immutable = ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] as const;
  for (const field of immutable) {
    const empty = field === "name" || field === "namespace" || field === "uid" ? "" : undefined;
    if ((next[field] ?? empty) !== (old[field] ?? empty)) errors.push(invalidValue(path.child(field), next[field] ?? empty, IMMUTABLE));
  }
  errors.push(
    ...validateLabels(next.labels, path.child("labels")),
    ...validateAnnotations(next.annotations, path.child("annotations")),
    ...validateOwnerReferences(next.ownerReferences ?? [], path.child("ownerReferences")),
    ...validateManagedFields(next.managedFields ?? [], path.child("managedFields")),
  );
  return errors;
}

/** Checks the keys and values of a map of labels. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const message of isQualifiedName(key)) errors.push(invalidValue(path, key, message));
    for (const message of isValidLabelValue(value)) errors.push(invalidValue(path, value, message));
  }
  return errors;
}

/** Checks the keys of a map of annotations and its size. */
export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    for (const message of isQualifiedName(key.toLowerCase())) errors.push(invalidValue(path, key, message));
    size += byteLength(key) + byteLength(value);
  }
  if (size > MAX_ANNOTATIONS_BYTES) errors.push(tooLongValue(path, MAX_ANNOTATIONS_BYTES));
  return errors;
}

/** Checks a manager's name, of an option or of a managedFields entry. */
export function validateFieldManager(manager: string, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (byteLength(manager) > MAX_FIELD_MANAGER_BYTES) errors.push(tooLongValue(path, MAX_FIELD_MANAGER_BYTES));
  let position = 0;
  for (const character of manager) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      errors.push(invalidValue(path, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += byteLength(character);
  }
  return errors;
}

function validateNamespace(namespace: string, namespaced: boolean, path: FieldPath): FieldError[] {
  if (!namespaced) return namespace === "" ? [] : [forbiddenField(path, "not allowed on this type")];
  if (namespace === "") return [requiredValue(path)];
  return isDNS1123Label(namespace).map((message) => invalidValue(path, namespace, message));
}

function validateOwnerReferences(references: readonly OwnerReference[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  let controller = "";
  for (const reference of references) {
    errors.push(...validateOwnerReference(reference, path));
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === "") controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalidValue(path, references, detail));
    }
  }
  return errors;
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!parseApiVersion(reference.apiVersion)?.version) errors.push(invalidValue(path.child("apiVersion"), reference.apiVersion, "version must not be empty"));
  for (const field of ["kind", "name", "uid"] as const) {
    if (!reference[field]) errors.push(invalidValue(path.child(field), reference[field] ?? "", "must not be empty"));
  }
  if (reference.apiVersion === "v1" && reference.kind === "Event") {
    errors.push(invalidValue(path, reference, "/v1, Kind=Event is disallowed from being an owner"));
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[], path: FieldPath): FieldError[] {
  const errors = finalizers.flatMap((finalizer) => isQualifiedName(finalizer).map((message) => invalidValue(path, finalizer, message)));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.push(invalidValue(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return errors;
}

function validateNoNewFinalizers(next: readonly string[], old: readonly string[], path: FieldPath): FieldError[] {
  const added = [...new Set(next)].filter((finalizer) => !old.includes(finalizer)).sort();
  if (added.length === 0) return [];
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  return [forbiddenField(path, `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`)];
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, entry] of entries.entries()) {
    const at = path.index(index);
    if (!entry.operation) errors.push(requiredValue(at.child("operation"), "must not be empty"));
    else if (entry.operation !== "Apply" && entry.operation !== "Update") errors.push(notSupportedValue(at.child("operation"), entry.operation, ["Apply", "Update"]));
    if (entry.fieldsType && entry.fieldsType !== "FieldsV1") errors.push(invalidValue(at.child("fieldsType"), entry.fieldsType, "must be `FieldsV1`"));
    errors.push(...validateFieldManager(entry.manager ?? "", at.child("manager")));
    if (byteLength(entry.subresource ?? "") > MAX_SUBRESOURCE_BYTES) errors.push(tooLongValue(at.child("subresource"), MAX_SUBRESOURCE_BYTES));
  }
  return errors;
}
