// Behaviour: k8s.io/kubernetes/pkg/registry/admissionregistration/{mutating,validating}webhookconfiguration and their defaults.
import type { MutatingWebhook, MutatingWebhookConfiguration, ValidatingWebhook, ValidatingWebhookConfiguration } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { TableColumn } from "../../resource.ts";
import { ageColumn, integerColumn, nameColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { defaultRules } from "./match-resources-defaults.ts";
import { staticSuffixWarnings } from "./static-suffix.ts";
import { validateWebhooks, validateWebhooksUpdate } from "./webhook-validation.ts";

/** admissionregistration.k8s.io/v1 mutatingwebhookconfigurations. */
export const mutatingWebhookConfigurationResource = defineResource<MutatingWebhookConfiguration>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "MutatingWebhookConfiguration",
  resource: "mutatingwebhookconfigurations",
  singular: "mutatingwebhookconfiguration",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.MutatingWebhookConfiguration",
  tracksGeneration: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ webhooks = [] }) {
    for (const webhook of webhooks) {
      defaultWebhook(webhook);
      webhook.reinvocationPolicy ??= "Never";
    }
  },
  validate: validateWebhooks,
  validateUpdate: validateWebhooksUpdate,
  warnings: staticSuffixWarnings,
  columns: webhookColumns(),
});

/** admissionregistration.k8s.io/v1 validatingwebhookconfigurations. */
export const validatingWebhookConfigurationResource = defineResource<ValidatingWebhookConfiguration>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingWebhookConfiguration",
  resource: "validatingwebhookconfigurations",
  singular: "validatingwebhookconfiguration",
  categories: ["api-extensions"],
  namespaced: false,
  type: "admissionregistration.v1.ValidatingWebhookConfiguration",
  tracksGeneration: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults({ webhooks = [] }) {
    for (const webhook of webhooks) defaultWebhook(webhook);
  },
  validate: validateWebhooks,
  validateUpdate: validateWebhooksUpdate,
  warnings: staticSuffixWarnings,
  columns: webhookColumns(),
});

function defaultWebhook(webhook: MutatingWebhook | ValidatingWebhook): void {
  webhook.failurePolicy ??= "Fail";
  webhook.matchPolicy ??= "Equivalent";
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  const { service } = webhook.clientConfig;
  if (service !== undefined) service.port ??= 443;
  defaultRules(webhook.rules);
}

function webhookColumns(): TableColumn<MutatingWebhookConfiguration | ValidatingWebhookConfiguration>[] {
  return [nameColumn, integerColumn("Webhooks", "The number of webhooks of the configuration", ({ webhooks = [] }) => webhooks.length), ageColumn];
}
