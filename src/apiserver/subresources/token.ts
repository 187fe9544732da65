// Behaviour: k8s.io/kubernetes/pkg/registry/core/serviceaccount/storage/token.go: tokens on request.
import { badRequest, conflict, invalid, notFound, pathNotFound } from "../../api/errors.ts";
import { FieldPath, type FieldError, invalidValue } from "../../api/field-errors.ts";
import type { BoundObjectReference, TokenRequest } from "../../api/generated/types/authentication/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { formatTime } from "../../util/clock.ts";
import type { ServiceAccountTokens, TokenBinding } from "../auth/service-account-authenticator.ts";
import { decodeBody } from "../body.ts";
import { type Call, requestContext } from "../call.ts";
import { trackUpdate } from "../field-tracking.ts";
import { getEntry } from "../handlers/read-handlers.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { sharedObject } from "../object-storage.ts";
import { parseWriteOptions } from "../options.ts";
import { admissionRequest } from "../registry/create-object.ts";
import { ensureNamespace, fillSystemFields, wipeSystemFields } from "../registry/system-fields.ts";
import { negotiate } from "../respond.ts";
import type { StoredPod } from "./pod-target.ts";
import type { Subresource } from "./subresource.ts";

const TOKEN_REQUEST = { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest", type: "authentication.v1.TokenRequest" } as const;
const DEFAULT_SECONDS = 3600;
const MIN_SECONDS = 600;
const MAX_SECONDS = 2 ** 32;

/** serviceaccounts/token. */
export const tokenSubresource: Subresource = { name: "token", create: requestToken };

async function requestToken(call: Call): Promise<ServerResponse> {
  negotiate(call);
  const tokens = call.parts.serviceAccountTokens;
  if (tokens === undefined) throw pathNotFound();
  const options = parseWriteOptions(call.info.query, "CreateOptions");
  const request = decodeBody(call, TOKEN_REQUEST, options.fieldValidation) as unknown as TokenRequest & UnstructuredObject;
  wipeSystemFields(request.metadata);
  ensureNamespace(request.metadata, call.info.namespace);
  if ((request.metadata.name ?? "") !== "" && request.metadata.name !== call.info.name) throw badRequest("service account name in URL does not match name in TokenRequest object");
  const account = sharedObject(call.resource, getEntry(call, call.info.name));
  trackUpdate(call, undefined, request, options);
  const admission = { ...admissionRequest(call, "CREATE", request, undefined, options, options.dryRun), kind: TOKEN_REQUEST };
  await call.parts.admission.mutate(admission);
  request.metadata.name = call.info.name;
  fillSystemFields(call, request.metadata);
  request.spec.expirationSeconds ??= DEFAULT_SECONDS;
  if ((request.spec.audiences ?? []).length === 0) request.spec.audiences = [tokens.issuer];
  const errors = validate(request);
  if (errors.length > 0) throw invalid({ group: "", kind: "" }, request.metadata.name, errors);
  await call.parts.admission.validate(admission);
  const signed = await sign(call, tokens, account, request);
  request.status = { token: signed.token, expirationTimestamp: formatTime(signed.expires) };
  return objectResponse(201, request, call.warnings);
}

async function sign(call: Call, tokens: ServiceAccountTokens, account: KubernetesObject, request: TokenRequest): Promise<{ token: string; expires: number }> {
  const { namespace = "", name = "", uid = "" } = account.metadata;
  const bound = request.spec.boundObjectRef ?? undefined;
  return tokens.sign({
    namespace,
    serviceAccount: { name, uid },
    ...(bound && boundObject(call, bound, name)),
    audiences: request.spec.audiences ?? [],
    expirationSeconds: request.spec.expirationSeconds ?? DEFAULT_SECONDS,
  });
}

/** Finds what a token is to be bound to; a pod's node comes along. Throws a StatusError. */
function boundObject(call: Call, { kind = "", apiVersion = "", name = "", uid = "" }: BoundObjectReference, account: string): { pod?: TokenBinding; secret?: TokenBinding; node?: TokenBinding } {
  const resource = { Pod: "pods", Secret: "secrets", Node: "nodes" }[kind];
  if (resource === undefined || apiVersion !== "v1") throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to object with GroupVersionKind ${apiVersion}, Kind=${kind}`);
  const context = requestContext(call, false);
  const object = context.lookup({ group: "", resource }, kind === "Node" ? "" : call.info.namespace, name);
  if (object === undefined) throw notFound({ group: "", resource }, name);
  const found = { name, uid: object.metadata.uid ?? "" };
  if (uid !== "" && uid !== found.uid) {
    throw conflict({ group: "", resource }, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  }
  if (kind === "Secret") return { secret: found };
  if (kind === "Node") return { node: found };
  const pod = object as StoredPod;
  if (account !== pod.spec.serviceAccountName) {
    throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
  }
  const nodeName = pod.spec.nodeName ?? "";
  const node = nodeName === "" ? undefined : context.lookup({ group: "", resource: "nodes" }, "", nodeName);
  return { pod: found, ...(nodeName !== "" && { node: { name: nodeName, uid: node?.metadata.uid ?? "" } }) };
}


function validate({ spec }: TokenRequest): FieldError[] {
  const path = new FieldPath("spec").child("expirationSeconds");
  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
  if (seconds < MIN_SECONDS) return [invalidValue(path, seconds, "may not specify a duration less than 10 minutes")];
  return seconds > MAX_SECONDS ? [invalidValue(path, seconds, "may not specify a duration larger than 2^32 seconds")] : [];
}
