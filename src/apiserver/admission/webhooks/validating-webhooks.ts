// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/validating: servers outside are asked whether a write may be.
import type { ValidatingWebhookConfiguration } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Store } from "../../../store/store.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { CompileConditions } from "../match-conditions.ts";
import type { MatchedVersion } from "../request-matching.ts";
import { isExempt } from "../request-matching.ts";
import { cachedObjects } from "../store-cache.ts";
import { askWebhook, type CompiledWebhook, compileWebhooks, failureToReport, wantedVersion } from "./webhook-dispatch.ts";

const CONFIGURATIONS = { group: "admissionregistration.k8s.io", resource: "validatingwebhookconfigurations" };
type Webhook = NonNullable<ValidatingWebhookConfiguration["webhooks"]>[number];

/** Asks all webhooks that want to know, at once. */
export function validatingWebhooks(store: Store, resources: ResourceTable, compile: CompileConditions): AdmissionStep {
  const configurations = cachedObjects(store, CONFIGURATIONS, ({ metadata, webhooks = [] }: ValidatingWebhookConfiguration & KubernetesObject) =>
    compileWebhooks(metadata.name ?? "", webhooks, resources, compile),
  );
  return {
    name: "ValidatingAdmissionWebhook",
    validate(request) {
      const all = configurations();
      return all.length === 0 || isExempt(request) ? undefined : askAll(all.flat(), request);
    },
  };
}

async function askAll(webhooks: readonly CompiledWebhook<Webhook>[], request: AdmissionRequest): Promise<void> {
  const relevant: { webhook: Webhook; matched: MatchedVersion }[] = [];
  for (const webhook of webhooks) {
    const matched = wantedVersion(webhook, request);
    if (matched !== undefined) relevant.push({ webhook: webhook.spec, matched });
  }
  const errors = await Promise.all(
    relevant.map(async ({ webhook, matched }, index) => {
      try {
        await askWebhook(webhook, request, matched, false);
        return undefined;
      } catch (error) {
        const report = failureToReport(error, webhook);
        if (report === undefined) request.annotate?.(`failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`, webhook.name);
        return report;
      }
    }),
  );
  const first = errors.find((error) => error !== undefined);
  if (first !== undefined) throw first;
}
