// Behaviour: validateIngressTypedLocalObjectReference in k8s.io/kubernetes/pkg/apis/networking/validation.
import { type FieldError, type FieldPath, requiredValue } from "../../../api/field-errors.ts";
import { isDNS1123Subdomain } from "../../../api/name-validation.ts";
import { invalidEach } from "../shared/field-checks.ts";
import { nameIsPathSegment } from "../shared/names.ts";

/** What is wrong with a reference to an object of any kind. */
export function validateTypedReference({ apiGroup, kind, name }: { apiGroup?: string | null; kind: string; name: string }, path: FieldPath): FieldError[] {
  return [
    ...(apiGroup === undefined || apiGroup === null ? [] : invalidEach(path.child("apiGroup"), apiGroup, isDNS1123Subdomain(apiGroup))),
    ...requiredPathSegment(kind, path.child("kind")),
    ...requiredPathSegment(name, path.child("name")),
  ];
}

/** The value is set, and can stand in a path. */
export function requiredPathSegment(value: string, path: FieldPath): FieldError[] {
  return value === "" ? [requiredValue(path)] : invalidEach(path, value, nameIsPathSegment(value, false));
}
