// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook (errors, generic, mutating, validating): asking one webhook about one request.
import { StatusError, badRequest, internalError } from "../../../api/errors.ts";
import type { MutatingWebhook, ValidatingWebhook } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { Status } from "../../../api/generated/types/meta/v1.ts";
import type { ResourceTable } from "../../resource-table.ts";
import type { AdmissionRequest } from "../admission.ts";
import type { CompileConditions, ConditionMatcher } from "../match-conditions.ts";
import { type MatchedVersion, type RequestMatcher, requestMatcher } from "../request-matching.ts";
import { type ReviewAnswer, admissionReview, readReview } from "./admission-review.ts";
import { postJson } from "./webhook-call.ts";
import { webhookTarget } from "./webhook-target.ts";

/** A webhook with its criteria compiled. */
export interface CompiledWebhook<T extends MutatingWebhook | ValidatingWebhook> {
  readonly spec: T;
  /** Unique in the cluster. */
  readonly id: string;
  readonly matches: RequestMatcher;
  readonly conditions: ConditionMatcher | undefined;
}

/** The webhook could not be asked, or answered nonsense: its failurePolicy decides. */
export class WebhookFailure extends Error {
  override readonly name = "WebhookFailure";
}

/** Compiles the webhooks of one configuration. */
export function compileWebhooks<T extends MutatingWebhook | ValidatingWebhook>(configuration: string, webhooks: readonly T[], resources: ResourceTable, compile: CompileConditions): CompiledWebhook<T>[] {
  const counts = new Map<string, number>();
  return webhooks.map((spec) => {
    const count = counts.get(spec.name) ?? 0;
    counts.set(spec.name, count + 1);
    const { rules = [], matchPolicy, namespaceSelector, objectSelector, matchConditions = [], failurePolicy = "Fail" } = spec;
    return {
      spec,
      id: `${configuration}/${spec.name}/${count}`,
      matches: requestMatcher({ rules, matchPolicy, namespaceSelector, objectSelector }, resources),
      conditions: matchConditions.length === 0 ? undefined : compile(matchConditions, failurePolicy),
    };
  });
}

/** In which version the webhook wants to see the request; undefined when it does not. Throws a StatusError when that cannot be told. */
export function wantedVersion(webhook: CompiledWebhook<MutatingWebhook | ValidatingWebhook>, request: AdmissionRequest): MatchedVersion | undefined {
  const matched = webhook.matches(request);
  if (matched === undefined || webhook.conditions === undefined) return matched;
  return webhook.conditions(request, matched) ? matched : undefined;
}

/** Asks; resolves with the answer of a webhook that allows. Rejects with a WebhookFailure, or with the StatusError of a refusal. */
export async function askWebhook(webhook: MutatingWebhook | ValidatingWebhook, request: AdmissionRequest, matched: MatchedVersion, isMutating: boolean): Promise<ReviewAnswer> {
  const { name, sideEffects, clientConfig, timeoutSeconds = 10, admissionReviewVersions } = webhook;
  const { context } = request;
  if (request.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun") throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  const review = admissionReview(request, matched, context.ids.uid(), admissionReviewVersions ?? []);
  if (review === undefined) throw failure(name, "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)");
  let value: unknown;
  try {
    value = await postJson(webhookTarget(clientConfig, context, timeoutSeconds), review, timeoutSeconds, context.clock);
  } catch (error) {
    throw failure(name, `failed to call webhook: ${messageOf(error)}`);
  }
  let answer: ReviewAnswer;
  try {
    answer = readReview(value, review, isMutating);
  } catch (error) {
    throw failure(name, `received invalid webhook response: ${messageOf(error)}`);
  }
  for (const [key, text] of Object.entries(answer.auditAnnotations)) request.annotate?.(`${name}/${key}`, text);
  for (const warning of answer.warnings) request.warn(warning);
  if (!answer.allowed) throw rejection(name, answer.status);
  return answer;
}

/** Undefined when the webhook's failure is to be ignored; else what the client gets. */
export function failureToReport(error: unknown, { failurePolicy }: MutatingWebhook | ValidatingWebhook): unknown {
  if (!(error instanceof WebhookFailure)) return error;
  return failurePolicy === "Ignore" ? undefined : internalError(error.message);
}

/** A failure that names the webhook. */
export function failure(name: string, reason: string): WebhookFailure {
  return new WebhookFailure(`failed calling webhook ${JSON.stringify(name)}: ${reason}`);
}

function rejection(name: string, status: Partial<Status> | undefined): StatusError {
  const deniedBy = `admission webhook ${JSON.stringify(name)} denied the request`;
  const { message, reason, code = 0 } = status ?? {};
  const text = message ? `${deniedBy}: ${message}` : reason ? `${deniedBy}: ${reason}` : `${deniedBy} without explanation`;
  const complete = { kind: "Status", apiVersion: "v1", metadata: {}, ...status, status: "Failure", message: text, code: code < 400 ? 400 : code };
  return new StatusError(complete as Status);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
