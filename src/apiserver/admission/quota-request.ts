// Behaviour: k8s.io/apiserver/pkg/admission/plugin/resourcequota CheckRequest, pkg/quota/v1/evaluator/core: what a write takes of quotas.
import type { PersistentVolumeClaim, Pod, ResourceQuota } from "../../api/generated/types/core/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { type Amounts, addAmounts, parseAmounts } from "../../api/pod-resources.ts";
import { zeroQuantity } from "../../api/quantity.ts";
import { matchesQuotaScopes, quotaCovers, quotaUsage } from "../../api/quota-usage.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { AdmissionRequest } from "./admission.ts";
import { isAbout, refuse } from "./attributes.ts";

/** Resources that each container must ask for where a quota limits them. */
const MUST_SPECIFY = new Set(["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]);
const UPDATES_COUNT = new Set(["services", "persistentvolumeclaims"]);
const UNCOUNTED_GROUPS = new Set(["authentication.k8s.io", "authorization.k8s.io", "events.k8s.io"]);
const UNCOUNTED = new Set(["bindings", "componentstatuses", "events"]);

/** Whether the write can change what quotas count. */
export function concernsQuota(request: AdmissionRequest): boolean {
  const { resource, subresource, operation, object, namespace } = request;
  if (object === undefined || namespace === "" || UNCOUNTED_GROUPS.has(resource.group)) return false;
  if (resource.group !== "") return operation === "CREATE" && subresource === "";
  if (UNCOUNTED.has(resource.resource)) return false;
  if (operation === "CREATE") return subresource === "";
  if (operation !== "UPDATE" || request.old === undefined) return false;
  if (resource.resource === "pods") return subresource === "resize" || (subresource === "" && isTerminating(object) !== isTerminating(request.old));
  if (resource.resource === "persistentvolumeclaims" && subresource === "status") return allocationChanges(object, request.old);
  return subresource === "" && UPDATES_COUNT.has(resource.resource);
}

/** Quotas as they are to be once the write is done: those whose usage it changes. Throws a StatusError (403) when it does not fit. */
export function chargeQuotas(quotas: readonly ResourceQuota[], request: AdmissionRequest, now: number): ResourceQuota[] {
  const { resource, object, old } = request;
  if (object === undefined) return [];
  const concerned = quotas.filter((quota) => matches(quota, request, object));
  for (const quota of concerned) checkQuota(quota, request);
  const usage = quotaUsage(resource, object, now);
  const negative = [...usage].flatMap(([name, amount]) => (amount.sign() < 0 ? [name] : []));
  if (negative.length > 0) throw refuse(request, `quota usage is negative for resource(s): ${negative.sort().join(",")}`);
  return concerned.flatMap((quota) => {
    const isIncrease = request.operation === "UPDATE" && old !== undefined && matches(quota, request, old);
    const delta = isIncrease ? increase(usage, quotaUsage(resource, old, now)) : usage;
    return charge(quota, delta, request) ?? [];
  });
}

function matches(quota: ResourceQuota, { resource }: AdmissionRequest, object: KubernetesObject): boolean {
  return coveredNames(quota, resource).length > 0 && matchesQuotaScopes(quota, resource, object);
}

function coveredNames({ status }: ResourceQuota, resource: { group: string; resource: string }): string[] {
  return Object.keys(status?.hard ?? {}).filter((name) => quotaCovers(name, resource));
}

function checkQuota(quota: ResourceQuota, request: AdmissionRequest): void {
  const names = coveredNames(quota, request.resource);
  if (isAbout(request, "", "pods", request.subresource)) {
    const missing = missingRequests(names, request.object as unknown as Pod);
    if (missing !== undefined) throw refuse(request, `failed quota: ${quota.metadata.name}: must specify ${missing}`);
  }
  const isKnown = names.every((name) => quota.status.used?.[name] !== undefined);
  if (!isKnown) throw refuse(request, `status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(",")}`);
}

/** What containers leave open that a quota limits, in words. */
function missingRequests(names: readonly string[], { spec }: Pod): string | undefined {
  if (Object.keys({ ...spec.resources?.requests, ...spec.resources?.limits }).length > 0) return undefined;
  const missing = names.filter((name) => MUST_SPECIFY.has(name)).sort().flatMap((name) => {
    const [kind, of] = name.includes(".") ? (name.split(".", 2) as ["requests" | "limits", string]) : (["requests", name] as const);
    const containers = [...spec.containers, ...(spec.initContainers ?? [])].filter(({ resources }) => resources?.[kind]?.[of] === undefined);
    return containers.length === 0 ? [] : [`${name} for: ${[...new Set(containers.map((container) => container.name))].sort().join(",")}`];
  });
  return missing.length === 0 ? undefined : missing.join("; ");
}

/** The quota with the usage added; undefined when there is none. */
function charge(quota: ResourceQuota, delta: Amounts, request: AdmissionRequest): ResourceQuota | undefined {
  const hard = parseAmounts(quota.status.hard);
  const requested: Amounts = new Map([...delta].filter(([name, amount]) => !amount.isZero() && hard.has(name)));
  if (requested.size === 0) return undefined;
  const used = parseAmounts(quota.status.used);
  const next: Amounts = new Map(used);
  addAmounts(next, requested);
  const exceeded = [...requested.keys()].filter((name) => (next.get(name) ?? zeroQuantity).cmp(hard.get(name) ?? zeroQuantity) > 0).sort();
  if (exceeded.length > 0 && request.subresource !== "status") {
    const show = (amounts: Amounts) => exceeded.map((name) => `${name}=${amounts.get(name) ?? "0"}`).join(",");
    throw refuse(request, `exceeded quota: ${quota.metadata.name}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`);
  }
  return { ...quota, status: { ...quota.status, used: Object.fromEntries([...next].map(([name, amount]) => [name, amount.toString()])) } };
}

/** What the new usage is above the old; what shrinks is released by whoever counts. */
function increase(usage: Amounts, before: Amounts): Amounts {
  return new Map([...usage].map(([name, amount]) => {
    const delta = amount.sub(before.get(name) ?? zeroQuantity);
    return [name, delta.sign() < 0 ? zeroQuantity : delta];
  }));
}

function isTerminating(object: KubernetesObject): boolean {
  return ((object as Pod).spec.activeDeadlineSeconds ?? -1) >= 0;
}

function allocationChanges(next: KubernetesObject, old: KubernetesObject): boolean {
  const allocated = (object: KubernetesObject) => (object as PersistentVolumeClaim).status?.allocatedResources;
  return !semanticEqual(allocated(next), allocated(old));
}
