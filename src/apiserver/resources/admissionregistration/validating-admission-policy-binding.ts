// Behaviour: k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding.
import type { ValidatingAdmissionPolicyBinding } from "../../../api/generated/types/admissionregistration/v1.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { formatParamRef } from "./columns.ts";
import { defaultMatchResources } from "./match-resources-defaults.ts";
import { staticSuffixWarnings } from "./static-suffix.ts";
import { validateValidatingBinding } from "./validating-admission-policy-validation.ts";

/** admissionregistration.k8s.io/v1 validatingadmissionpolicybindings. */
export const validatingAdmissionPolicyBindingResource = defineResource<ValidatingAdmissionPolicyBinding>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicyBinding",
  resource: "validatingadmissionpolicybindings",
  singular: "validatingadmissionpolicybinding",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.ValidatingAdmissionPolicyBinding",
  tracksGeneration: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    defaultMatchResources(spec.matchResources);
  },
  validate: validateValidatingBinding,
  warnings: staticSuffixWarnings,
  columns: [
    nameColumn,
    textColumn("PolicyName", "The policy that is bound", ({ spec }) => spec.policyName ?? ""),
    textColumn("ParamRef", "The parameters that the policy gets", ({ spec }) => formatParamRef(spec.paramRef)),
    ageColumn,
  ],
});
