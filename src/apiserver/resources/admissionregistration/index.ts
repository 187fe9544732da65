import type { Resource } from "../../resource.ts";
import { mutatingAdmissionPolicyBindingResource } from "./mutating-admission-policy-binding.ts";
import { mutatingAdmissionPolicyResource } from "./mutating-admission-policy.ts";
import { validatingAdmissionPolicyBindingResource } from "./validating-admission-policy-binding.ts";
import { validatingAdmissionPolicyResource } from "./validating-admission-policy.ts";
import { mutatingWebhookConfigurationResource, validatingWebhookConfigurationResource } from "./webhook-configurations.ts";

/** The resources of the group admissionregistration.k8s.io. */
export const admissionregistrationResources: readonly Resource[] = [
  mutatingAdmissionPolicyResource,
  mutatingAdmissionPolicyBindingResource,
  mutatingWebhookConfigurationResource,
  validatingAdmissionPolicyResource,
  validatingAdmissionPolicyBindingResource,
  validatingWebhookConfigurationResource,
];
