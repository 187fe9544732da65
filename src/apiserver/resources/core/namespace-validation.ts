// Behaviour: ValidateNamespace* in k8s.io/kubernetes/pkg/apis/core/validation.
import type { Namespace } from "../../../api/generated/types/core/v1.ts";
import { type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";
import { isQualifiedName } from "../../../api/name-validation.ts";
import { invalidEach } from "../shared/field-checks.ts";

const STANDARD_FINALIZERS = ["kubernetes", "orphan", "foregroundDeletion"];

/** Finalizers are qualified names, or one of Kubernetes' own; the finalize subresource says which one is wrong. */
export function validateNamespaceFinalizers(namespace: Namespace, indexed: boolean): FieldError[] {
  const path = new FieldPath("spec.finalizers");
  return (namespace.spec.finalizers ?? []).flatMap((finalizer, index) => {
    const at = indexed ? path.index(index) : path;
    const errors = invalidEach(at, finalizer, isQualifiedName(finalizer));
    if (!finalizer.includes("/") && !STANDARD_FINALIZERS.includes(finalizer)) {
      errors.push(invalidValue(at, finalizer, "name is neither a standard finalizer name nor is it fully qualified"));
    }
    return errors;
  });
}

/** A namespace is Terminating when it has a deletion timestamp, and only then. */
export function validateNamespaceStatus(namespace: Namespace): FieldError[] {
  const phase = namespace.status.phase ?? "";
  const path = new FieldPath("status.Phase");
  if (namespace.metadata.deletionTimestamp === undefined) {
    return phase === "Active" ? [] : [invalidValue(path, phase, "may only be 'Active' if `deletionTimestamp` is empty")];
  }
  return phase === "Terminating" ? [] : [invalidValue(path, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
}
