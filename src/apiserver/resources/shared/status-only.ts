// Behaviour: the *StatusStrategy types of k8s.io/kubernetes/pkg/registry: through the status subresource only the status changes.
import type { FieldError } from "../../../api/field-errors.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { RequestContext, SubresourceStrategy } from "../../resource.ts";

/** A status subresource that keeps the spec as it was. */
export function statusOnly<T extends KubernetesObject & { spec?: unknown }>(
  validateUpdate?: (next: T, old: T, context: RequestContext) => FieldError[],
): SubresourceStrategy<T> {
  return {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
    },
    ...(validateUpdate && { validateUpdate }),
  };
}
