// Behaviour: k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicy.
import type { MutatingAdmissionPolicy } from "../../../api/generated/types/admissionregistration/v1.ts";
import { ageColumn, integerColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { formatParamKind } from "./columns.ts";
import { defaultMatchResources } from "./match-resources-defaults.ts";
import { staticSuffixWarnings } from "./static-suffix.ts";
import { validateMutatingPolicy, validateMutatingPolicyUpdate } from "./mutating-admission-policy-validation.ts";

/** admissionregistration.k8s.io/v1 mutatingadmissionpolicies. */
export const mutatingAdmissionPolicyResource = defineResource<MutatingAdmissionPolicy>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingAdmissionPolicy",
  resource: "mutatingadmissionpolicies",
  singular: "mutatingadmissionpolicy",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.MutatingAdmissionPolicy",
  tracksGeneration: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    spec.failurePolicy ??= "Fail";
    defaultMatchResources(spec.matchConstraints);
  },
  validate: validateMutatingPolicy,
  validateUpdate: validateMutatingPolicyUpdate,
  warnings: staticSuffixWarnings,
  columns: [
    nameColumn,
    integerColumn("Mutations", "The number of mutations of the policy", ({ spec }) => (spec.mutations ?? []).length),
    textColumn("ParamKind", "The kind of the policy's parameters", ({ spec }) => formatParamKind(spec.paramKind)),
    ageColumn,
  ],
});
