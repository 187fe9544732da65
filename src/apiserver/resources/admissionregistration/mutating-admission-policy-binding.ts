// Behaviour: k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicybinding.
import type { MutatingAdmissionPolicyBinding } from "../../../api/generated/types/admissionregistration/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { formatParamRef } from "./columns.ts";
import { defaultMatchResources } from "./match-resources-defaults.ts";
import { staticSuffixWarnings } from "./static-suffix.ts";
import { validateMutatingBinding } from "./mutating-admission-policy-validation.ts";

/** admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings. */
export const mutatingAdmissionPolicyBindingResource = defineResource<MutatingAdmissionPolicyBinding>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingAdmissionPolicyBinding",
  resource: "mutatingadmissionpolicybindings",
  singular: "mutatingadmissionpolicybinding",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.MutatingAdmissionPolicyBinding",
  tracksGeneration: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    defaultMatchResources(spec.matchResources);
  },
  validate: validateMutatingBinding,
  warnings: staticSuffixWarnings,
  columns: [
    nameColumn,
    textColumn("PolicyName", "The policy that is bound", ({ spec }) => spec.policyName ?? ""),
    textColumn("ParamRef", "The parameters that the policy gets", ({ spec }) => formatParamRef(spec.paramRef)),
    ageColumn,
  ],
});
