// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/conversion/webhook_converter.go: objects that a webhook turns into another version.
import { StatusError } from "../../api/errors.ts";
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import { type KubernetesObject, parseApiVersion, type UnstructuredObject } from "../../api/object.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../util/clock.ts";
import type { Ids } from "../../util/ids.ts";
import { postJson } from "../admission/webhooks/webhook-call.ts";
import { type WebhookClientConfig, webhookTarget } from "../admission/webhooks/webhook-target.ts";
import { lookup, lookupAll } from "../object-storage.ts";
import { isObject } from "./structural-schema.ts";

/** What a conversion needs to reach its webhook. */
export interface ConversionWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
}

const GROUP = "apiextensions.k8s.io";
const KNOWN_VERSIONS = ["v1", "v1beta1"];
const TIMEOUT_SECONDS = 30;

/** Asks the webhook of a definition to convert objects; undefined when it has none. The function rejects with a StatusError (500). */
export function conversionWebhook({ spec }: CustomResourceDefinition, world: ConversionWorld): ((objects: readonly UnstructuredObject[], apiVersion: string) => Promise<UnstructuredObject[]>) | undefined {
  const { strategy, webhook } = spec.conversion ?? {};
  if (strategy !== "Webhook" || webhook === undefined) return undefined;
  const { clientConfig = {}, conversionReviewVersions } = webhook;
  return async (objects, apiVersion) => {
    const [first] = objects;
    if (first === undefined) return [];
    const version = conversionReviewVersions.find((candidate) => KNOWN_VERSIONS.includes(candidate));
    if (version === undefined) throw failed("no supported conversion review versions");
    const subject = `conversion webhook for ${formatKind(first)}`;
    let answers: unknown[];
    try {
      answers = await review(clientConfig, world, `${GROUP}/${version}`, objects, apiVersion);
    } catch (error) {
      throw failed(`${subject} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (answers.length !== objects.length) throw failed(`${subject} returned ${answers.length} objects, expected ${objects.length}`);
    return objects.map((object, index) => {
      const answer = answers[index];
      const at = objects.length === 1 ? "" : ` at index ${index}`;
      if (!isObject(answer)) throw failed(`${subject} returned invalid converted object at index ${index}: Object 'Kind' is missing`);
      const problem = groupVersionProblem(answer, object, apiVersion);
      if (problem !== undefined) throw failed(`${subject} returned invalid ${objects.length === 1 ? "" : "converted "}object at index ${index}: ${problem}`);
      const difference = identityProblem(answer, object);
      if (difference !== undefined) throw failed(`${subject} returned invalid ${objects.length === 1 ? "" : "converted "}object${at}: ${difference}`);
      const metadata = restoredMetadata(answer, object);
      if (typeof metadata === "string") throw failed(`${subject} returned invalid metadata${at === "" ? "" : ` in object${at}`}: ${metadata}`);
      return { ...answer, metadata } as UnstructuredObject;
    });
  };
}

/** One question; the converted objects of a review that succeeded, else an Error. */
async function review(config: WebhookClientConfig, { store, clock, ids }: ConversionWorld, reviewVersion: string, objects: readonly UnstructuredObject[], desiredAPIVersion: string): Promise<unknown[]> {
  const context = {
    ids,
    lookup: <T extends KubernetesObject>(of: { group: string; resource: string }, namespace: string, name: string) => lookup(store, of, namespace, name) as T | undefined,
    lookupAll: <T extends KubernetesObject>(of: { group: string; resource: string }, namespace: string) => lookupAll(store, of, namespace) as readonly T[],
  };
  const uid = ids.uid();
  const question = { kind: "ConversionReview", apiVersion: reviewVersion, request: { uid, desiredAPIVersion, objects } };
  const answer = await postJson(webhookTarget(config, context, TIMEOUT_SECONDS), question, TIMEOUT_SECONDS, clock);
  const { kind, apiVersion, response } = isObject(answer) ? answer : {};
  if (reviewVersion === `${GROUP}/v1` && (kind !== "ConversionReview" || apiVersion !== reviewVersion)) {
    throw new Error(`expected webhook response of ${formatKind({ apiVersion: reviewVersion, kind: "ConversionReview" })}, got ${formatKind({ apiVersion: String(apiVersion ?? ""), kind: String(kind ?? "") })}`);
  }
  if (!isObject(response)) throw new Error("no response provided");
  if (reviewVersion === `${GROUP}/v1` && response["uid"] !== uid) throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response["uid"] ?? "")}`);
  const result = isObject(response["result"]) ? response["result"] : {};
  if (result["status"] !== "Success") throw new Error(String(result["message"] || `response.result.status was '${String(result["status"] ?? "")}', not 'Success'`));
  return Array.isArray(response["convertedObjects"]) ? response["convertedObjects"] : [];
}

function groupVersionProblem(answer: Record<string, unknown>, { kind }: UnstructuredObject, apiVersion: string): string | undefined {
  if (answer["apiVersion"] !== apiVersion) return `invalid groupVersion (expected ${apiVersion}, received ${String(answer["apiVersion"] ?? "")})`;
  return answer["kind"] === kind ? undefined : `invalid kind (expected ${kind}, received ${String(answer["kind"] ?? "")})`;
}

/** Which part of the identity the webhook changed. */
function identityProblem(answer: Record<string, unknown>, { metadata }: UnstructuredObject): string | undefined {
  const given = isObject(answer["metadata"]) ? answer["metadata"] : {};
  for (const [field, title] of [["name", "name"], ["namespace", "namespace"], ["uid", "UID"]] as const) {
    const [before, after] = [metadata[field] ?? "", String(given[field] ?? "")];
    if (before !== after) return `must have the same ${title}: ${before} != ${after}`;
  }
  return undefined;
}

/** The metadata as it was, with the labels and annotations that the webhook gave; what is wrong with those, if so. */
function restoredMetadata(answer: Record<string, unknown>, { metadata }: UnstructuredObject): ObjectMeta | string {
  const given = answer["metadata"];
  if (given === undefined) return "missing metadata in converted object";
  if (!isObject(given)) return `invalid metadata of type ${typeof given} in converted object`;
  const restored: ObjectMeta = { ...metadata };
  for (const field of ["labels", "annotations"] as const) {
    const texts = given[field] ?? undefined;
    if (texts === undefined) {
      delete restored[field];
      continue;
    }
    if (!isObject(texts)) return `invalid metadata.${field} of type ${typeof texts} in converted object`;
    for (const [key, value] of Object.entries(texts)) {
      if (typeof value !== "string") return `metadata.${field}[${key}] must be a string, but is ${typeof value} in converted object`;
    }
    restored[field] = texts as Record<string, string>;
  }
  return restored;
}

function formatKind({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  const { group = "", version = "" } = parseApiVersion(apiVersion) ?? {};
  return `${group}/${version}, Kind=${kind}`;
}

/** A failure that upstream reports without a reason. */
function failed(message: string): StatusError {
  return new StatusError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code: 500 });
}
