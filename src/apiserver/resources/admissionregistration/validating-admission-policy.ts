// Behaviour: k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy.
import type { ValidatingAdmissionPolicy } from "../../../api/generated/types/admissionregistration/v1.ts";
import { ageColumn, integerColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { keepMetadata } from "../shared/status-metadata.ts";
import { formatParamKind } from "./columns.ts";
import { defaultMatchResources } from "./match-resources-defaults.ts";
import { staticSuffixWarnings } from "./static-suffix.ts";
import { validateValidatingPolicy, validateValidatingPolicyStatus, validateValidatingPolicyUpdate } from "./validating-admission-policy-validation.ts";

/** admissionregistration.k8s.io/v1 validatingadmissionpolicies. */
export const validatingAdmissionPolicyResource = defineResource<ValidatingAdmissionPolicy>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicy",
  resource: "validatingadmissionpolicies",
  singular: "validatingadmissionpolicy",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.ValidatingAdmissionPolicy",
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.failurePolicy ??= "Fail";
    defaultMatchResources(spec.matchConstraints);
  },
  prepareForCreate(policy) {
    policy.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateValidatingPolicy,
  validateUpdate: validateValidatingPolicyUpdate,
  warnings: staticSuffixWarnings,
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      keepMetadata(next, old);
    },
    validateUpdate: validateValidatingPolicyStatus,
  },
  columns: [
    nameColumn,
    integerColumn("Validations", "The number of validations of the policy", ({ spec }) => (spec.validations ?? []).length),
    textColumn("ParamKind", "The kind of the policy's parameters", ({ spec }) => formatParamKind(spec.paramKind)),
    ageColumn,
  ],
});
