// Behaviour: BindingREST in k8s.io/kubernetes/pkg/registry/core/pod/storage, and ValidatePodBinding in pkg/apis/core/validation.
import { type FieldError, FieldPath, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { Binding } from "../../../api/generated/types/core/v1.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";

const TARGET = new FieldPath("target");

/** v1 bindings, which are never stored: creating one gives a pod its node. */
export const bindingResource = defineResource<Binding>({
  group: "",
  version: "v1",
  kind: "Binding",
  resource: "bindings",
  singular: "binding",
  namespaced: true,
  verbs: ["create"],
  type: "core.v1.Binding",
  validateName: nameIsDNSSubdomain,
  validate({ target }) {
    const errors: FieldError[] = [];
    if (target.kind && target.kind !== "Node") errors.push(notSupportedValue(TARGET.child("kind"), target.kind, ["Node", "<empty>"]));
    if (!target.name) errors.push(requiredValue(TARGET.child("name")));
    return errors;
  },
});
