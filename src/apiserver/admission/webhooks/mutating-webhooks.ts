// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/mutating: servers outside change what is written, one after the other.
import { internalError } from "../../../api/errors.ts";
import type { MutatingWebhook, MutatingWebhookConfiguration } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../../api/object.ts";
import { applyJsonPatch, decodeJsonPatch, type JsonPatch } from "../../../api/patch/json-patch.ts";
import type { Store } from "../../../store/store.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { AdmissionRequest, AdmissionStep } from "../admission.ts";
import type { CompileConditions } from "../match-conditions.ts";
import { replaceObject } from "../object-replacement.ts";
import { type Reinvocations, reinvocationsOf } from "../reinvocations.ts";
import { isExempt, type MatchedVersion } from "../request-matching.ts";
import { cachedObjects } from "../store-cache.ts";
import { type ReviewAnswer, shown } from "./admission-review.ts";
import { askWebhook, type CompiledWebhook, compileWebhooks, failure, failureToReport, wantedVersion } from "./webhook-dispatch.ts";

const NAME = "MutatingAdmissionWebhook";
const CONFIGURATIONS = { group: "admissionregistration.k8s.io", resource: "mutatingwebhookconfigurations" };
const ANNOTATIONS = "mutation.webhook.admission.k8s.io/";

/** Asks webhooks in the order of their configurations' names, and again those that want it when the object changed after they saw it. */
export function mutatingWebhooks(store: Store, resources: ResourceTable, compile: CompileConditions): AdmissionStep {
  const configurations = cachedObjects(store, CONFIGURATIONS, ({ metadata, webhooks = [] }: MutatingWebhookConfiguration & KubernetesObject) => ({
    name: metadata.name ?? "",
    webhooks: compileWebhooks(metadata.name ?? "", webhooks, resources, compile),
  }));
  return {
    name: NAME,
    mutate(request) {
      const all = configurations();
      return all.length === 0 || isExempt(request) ? undefined : askInTurn(all, request);
    },
  };
}

async function askInTurn(configurations: readonly { name: string; webhooks: readonly CompiledWebhook<MutatingWebhook>[] }[], request: AdmissionRequest): Promise<void> {
  const reinvocations = reinvocationsOf(request, NAME);
  reinvocations.begin();
  let index = 0;
  for (const { name, webhooks } of configurations) {
    for (const webhook of webhooks) await ask(name, webhook, index++, request, reinvocations);
  }
  reinvocations.end();
}

async function ask(configuration: string, webhook: CompiledWebhook<MutatingWebhook>, index: number, request: AdmissionRequest, reinvocations: Reinvocations): Promise<void> {
  const { spec, id } = webhook;
  const matched = wantedVersion(webhook, request);
  if (matched === undefined || !reinvocations.isDue(id)) return;
  const suffix = `round_${request.reinvocation?.isReinvoke ? 1 : 0}_index_${index}`;
  let changed = false;
  try {
    changed = apply(spec, request, matched, await askWebhook(spec, request, matched, true));
  } catch (error) {
    const report = failureToReport(error, spec);
    if (report !== undefined) throw report;
    request.annotate?.(`failed-open.${ANNOTATIONS}${suffix}`, spec.name);
  }
  request.annotate?.(`${ANNOTATIONS}${suffix}`, JSON.stringify({ configuration, webhook: spec.name, mutated: changed }));
  if (changed) reinvocations.changed();
  if (spec.reinvocationPolicy === "IfNeeded") reinvocations.seenBy(id);
}

/** Whether the answer's patch changed the object. */
function apply({ name }: MutatingWebhook, request: AdmissionRequest, matched: MatchedVersion, { patch, patchType }: ReviewAnswer): boolean {
  if (patch === "") return false;
  const operations = decodePatch(name, patch);
  if (operations.length === 0) return false;
  if (request.object === undefined) throw internalError(`admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`);
  if (patchType !== "JSONPatch") throw failure(name, `unsupported patch type ${JSON.stringify(patchType)}`);
  try {
    return replaceObject(request, matched, applyJsonPatch(shown(request, matched, request.object), operations) as UnstructuredObject);
  } catch (error) {
    throw internalError(error instanceof Error ? error.message : String(error));
  }
}

function decodePatch(name: string, patch: string): JsonPatch {
  try {
    return decodeJsonPatch(JSON.parse(Buffer.from(patch, "base64").toString()));
  } catch (error) {
    throw failure(name, `received undecodable patch in webhook response: ${error instanceof Error ? error.message : String(error)}`);
  }
}
