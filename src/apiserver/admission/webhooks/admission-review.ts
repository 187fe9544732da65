// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/request/admissionreview.go.
import type { AdmissionReview, AdmissionRequest as ReviewedRequest } from "../../../api/generated/types/admission/v1.ts";
import type { Status } from "../../../api/generated/types/meta/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../../api/object.ts";
import type { AdmissionRequest } from "../admission.ts";
import { type MatchedVersion, inVersion } from "../request-matching.ts";

/** What a webhook answered. */
export interface ReviewAnswer {
  readonly allowed: boolean;
  readonly status: Status | undefined;
  readonly patch: string;
  readonly patchType: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

const OPTIONS_KINDS: Readonly<Record<string, string>> = { CREATE: "CreateOptions", UPDATE: "UpdateOptions", DELETE: "DeleteOptions" };
const KNOWN_VERSIONS = ["v1", "v1beta1"];

/** The request as webhooks and CEL expressions see it, in the version that they match. */
export function reviewedRequest(request: AdmissionRequest, matched: MatchedVersion): Omit<ReviewedRequest, "uid" | "object" | "oldObject"> {
  const { resource, kind, subresource, operation, namespace, dryRun, context, object } = request;
  const { user } = context;
  return {
    kind: { group: matched.kind.group, version: matched.kind.version, kind: matched.kind.kind },
    resource: { group: matched.resource.group, version: matched.resource.version, resource: matched.resource.resource },
    ...(subresource !== "" && { subResource: subresource }),
    requestKind: { group: kind.group, version: kind.version, kind: kind.kind },
    requestResource: { group: resource.group, version: resource.version, resource: resource.resource },
    ...(subresource !== "" && { requestSubResource: subresource }),
    name: request.name || (object?.metadata?.name ?? ""),
    ...(namespaceOf(namespace, request) !== "" && { namespace: namespaceOf(namespace, request) }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid !== undefined && user.uid !== "" && { uid: user.uid }),
      groups: [...user.groups],
      ...(user.extra !== undefined && { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
    },
    dryRun,
    options: optionsOf(request),
  };
}

/** The review to send, in the first version that the webhook and we both know; undefined when there is none. */
export function admissionReview(request: AdmissionRequest, matched: MatchedVersion, uid: string, versions: readonly string[]): AdmissionReview | undefined {
  const version = versions.find((candidate) => KNOWN_VERSIONS.includes(candidate));
  if (version === undefined) return undefined;
  const view = (object: KubernetesObject | undefined) => (object === undefined ? null : shown(request, matched, object)) as unknown as Record<string, unknown>;
  return {
    kind: "AdmissionReview",
    apiVersion: `admission.k8s.io/${version}`,
    request: { uid, ...reviewedRequest(request, matched), object: view(request.object), oldObject: view(request.old) },
  };
}

/** An object of the request in the version that a webhook or policy matches. */
export function shown({ resource, kind }: AdmissionRequest, matched: MatchedVersion, object: KubernetesObject): UnstructuredObject {
  return (kind.kind === resource.kind ? inVersion(resource, matched.resource, object as UnstructuredObject) : object) as UnstructuredObject;
}

/** Reads the answer; throws an Error that says what is wrong with it. */
export function readReview(value: unknown, sent: AdmissionReview, isMutating: boolean): ReviewAnswer {
  const { apiVersion = "", kind = "", response } = (value ?? {}) as AdmissionReview;
  if (response === undefined || response === null) throw new Error("webhook response was absent");
  if (sent.apiVersion === "admission.k8s.io/v1") {
    const uid = sent.request?.uid ?? "";
    if (response.uid !== uid) throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`);
    if (apiVersion !== sent.apiVersion || kind !== "AdmissionReview") {
      throw new Error(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`);
    }
    checkPatch(response.patch ?? "", response.patchType ?? undefined, isMutating);
  }
  const patch = isMutating ? (response.patch ?? "") : "";
  return {
    allowed: response.allowed === true,
    status: response.status ?? undefined,
    patch,
    patchType: response.patchType ?? (patch === "" ? "" : "JSONPatch"),
    warnings: response.warnings ?? [],
    auditAnnotations: response.auditAnnotations ?? {},
  };
}

function checkPatch(patch: string, patchType: string | undefined, isMutating: boolean): void {
  if (!isMutating) {
    if (patch !== "") throw new Error("validating webhook may not return response.patch");
    if (patchType !== undefined) throw new Error("validating webhook may not return response.patchType");
    return;
  }
  if (patch !== "" && patchType === undefined) throw new Error("webhook returned response.patch but not response.patchType");
  if (patch === "" && patchType !== undefined) throw new Error("webhook returned response.patchType but not response.patch");
  if (patchType === "") throw new Error('webhook returned invalid response.patchType of ""');
}

/** Namespaces count as being in themselves. */
function namespaceOf(namespace: string, { resource, name, object }: AdmissionRequest): string {
  return resource.group === "" && resource.resource === "namespaces" ? name || (object?.metadata?.name ?? "") : namespace;
}

function optionsOf({ operation, options, dryRun }: AdmissionRequest): Record<string, unknown> {
  const kind = OPTIONS_KINDS[operation];
  if (kind === undefined) return { ...options };
  const { dryRun: _dryRun, isDryRun: _isDryRun, force: _force, kind: _kind, apiVersion: _apiVersion, ...rest } = options;
  const given = Object.entries(rest).filter(([, value]) => value !== "" && value !== undefined);
  return { kind, apiVersion: "meta.k8s.io/v1", ...(dryRun && { dryRun: ["All"] }), ...Object.fromEntries(given) };
}
