// Behaviour: pkg/quota/v1/evaluator/core and k8s.io/apiserver/pkg/quota/v1: what an object takes of a ResourceQuota.
import type { PersistentVolumeClaim, Pod, PodAffinityTerm, ResourceQuota, ScopedResourceSelectorRequirement, Service } from "./generated/types/core/v1.ts";
import type { GroupVersionResource, KubernetesObject } from "./object.ts";
import { formatGroupResource } from "./object.ts";
import { type Amounts, addAmounts, parseAmounts, podLimits, podRequests } from "./pod-resources.ts";
import { Quantity, parseQuantity, zeroQuantity } from "./quantity.ts";

type GroupResource = Pick<GroupVersionResource, "group" | "resource">;

/** Kinds that are also counted under their bare name. */
const COUNT_ALIASES = new Set(["configmaps", "resourcequotas", "replicationcontrollers", "secrets"]);
const STORAGE_CLASS_SUFFIX = ".storageclass.storage.k8s.io/";
const COMPUTE = ["cpu", "memory", "ephemeral-storage"];

/** Everything that the object uses, whatever quotas limit; `now` in milliseconds since the epoch. */
export function quotaUsage(resource: GroupResource, object: KubernetesObject, now: number): Amounts {
  const usage: Amounts = new Map([[`count/${formatGroupResource(resource)}`, Quantity.of(1)]]);
  if (resource.group !== "") return usage;
  if (COUNT_ALIASES.has(resource.resource)) usage.set(resource.resource, Quantity.of(1));
  if (resource.resource === "pods") addAmounts(usage, podUsage(object as Pod, now));
  if (resource.resource === "services") addAmounts(usage, serviceUsage(object as Service));
  if (resource.resource === "persistentvolumeclaims") addAmounts(usage, claimUsage(object as PersistentVolumeClaim));
  return usage;
}

/** Whether objects of the resource can use something under this name of a quota's hard limits. */
export function quotaCovers(name: string, resource: GroupResource): boolean {
  if (name === `count/${formatGroupResource(resource)}`) return true;
  if (resource.group !== "") return false;
  switch (resource.resource) {
    case "pods":
      return name === "pods" || COMPUTE.includes(name) || name.startsWith("hugepages-") || (/^(requests|limits)\./.test(name) && name !== "requests.storage");
    case "services":
      return name === "services" || name === "services.nodeports" || name === "services.loadbalancers";
    case "persistentvolumeclaims":
      return name === "persistentvolumeclaims" || name === "requests.storage" || name.includes(STORAGE_CLASS_SUFFIX);
    default:
      return COUNT_ALIASES.has(resource.resource) && name === resource.resource;
  }
}

/** Whether the object is within all scopes of the quota. */
export function matchesQuotaScopes(quota: ResourceQuota, resource: GroupResource, object: KubernetesObject): boolean {
  const scopes = (quota.spec.scopes ?? []).map((scopeName): ScopedResourceSelectorRequirement => ({ scopeName, operator: "Exists" }));
  const requirements = [...scopes, ...(quota.spec.scopeSelector?.matchExpressions ?? [])];
  const isOf = (name: string) => resource.group === "" && resource.resource === name;
  return requirements.every((requirement) => {
    if (isOf("pods")) return podMatchesScope(object as Pod, requirement);
    if (isOf("persistentvolumeclaims")) return claimMatchesScope(object as PersistentVolumeClaim, requirement);
    return false;
  });
}

/** A pod that has come to its end, or should have, uses nothing but its place in storage. */
function podUsage({ metadata, spec, status }: Pod, now: number): Amounts {
  const grace = (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  const overdue = metadata.deletionTimestamp !== undefined && now > Date.parse(metadata.deletionTimestamp) + grace;
  if (status.phase === "Failed" || status.phase === "Succeeded" || overdue) return new Map();
  const usage: Amounts = new Map([["pods", Quantity.of(1)]]);
  for (const [name, amount] of podRequests(spec)) {
    const isHugePages = name.startsWith("hugepages-");
    if (COMPUTE.includes(name) || isHugePages) usage.set(name, amount);
    if (COMPUTE.includes(name) || isHugePages || isExtended(name)) usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of podLimits(spec)) if (COMPUTE.includes(name)) usage.set(`limits.${name}`, amount);
  return usage;
}

function isExtended(name: string): boolean {
  return name.includes("/") && !/(^|\.)kubernetes\.io\//.test(name);
}

function serviceUsage({ spec }: Service): Amounts {
  const ports = spec.ports ?? [];
  const explicit = ports.filter(({ nodePort }) => (nodePort ?? 0) !== 0).length;
  const isBalancer = spec.type === "LoadBalancer";
  const ofBalancer = spec.allocateLoadBalancerNodePorts === false ? explicit : ports.length;
  return new Map([
    ["services", Quantity.of(1)],
    ["services.loadbalancers", Quantity.of(isBalancer ? 1 : 0)],
    ["services.nodeports", Quantity.of(spec.type === "NodePort" ? ports.length : isBalancer ? ofBalancer : 0)],
  ]);
}

function claimUsage({ metadata, spec, status }: PersistentVolumeClaim): Amounts {
  const storageClass = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
  const own: Amounts = new Map([["persistentvolumeclaims", Quantity.of(1)]]);
  const requested = spec.resources?.requests?.storage;
  if (requested !== undefined) {
    const [asked, allocated] = [parseQuantity(requested), parseQuantity(status.allocatedResources?.storage ?? "0")];
    own.set("requests.storage", asked.cmp(allocated) < 0 ? allocated : asked);
  }
  const ofClass = storageClass === "" ? [] : [...own].map(([name, amount]): [string, Quantity] => [`${storageClass}${STORAGE_CLASS_SUFFIX}${name}`, amount]);
  return new Map([...own, ...ofClass]);
}

function podMatchesScope(pod: Pod, requirement: ScopedResourceSelectorRequirement): boolean {
  const isTerminating = (pod.spec.activeDeadlineSeconds ?? -1) >= 0;
  switch (requirement.scopeName) {
    case "Terminating":
      return isTerminating;
    case "NotTerminating":
      return !isTerminating;
    case "BestEffort":
      return isBestEffort(pod);
    case "NotBestEffort":
      return !isBestEffort(pod);
    case "PriorityClass":
      return matchesValues(pod.spec.priorityClassName || undefined, requirement);
    case "CrossNamespacePodAffinity":
      return affinityTerms(pod).some(({ namespaces, namespaceSelector }) => (namespaces ?? []).length > 0 || namespaceSelector !== undefined);
    default:
      return false;
  }
}

function claimMatchesScope({ spec }: PersistentVolumeClaim, requirement: ScopedResourceSelectorRequirement): boolean {
  return requirement.scopeName === "VolumeAttributesClass" && matchesValues(spec.volumeAttributesClassName || undefined, requirement);
}

function matchesValues(value: string | undefined, { operator, values = [] }: ScopedResourceSelectorRequirement): boolean {
  switch (operator) {
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    default:
      return false;
  }
}

function isBestEffort({ spec, status }: Pod): boolean {
  if (status.qosClass !== undefined) return status.qosClass === "BestEffort";
  const amounts = [spec.resources, ...[...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources)];
  return amounts.every((resources) => [...parseAmounts(resources?.requests), ...parseAmounts(resources?.limits)].every(([, amount]) => amount.cmp(zeroQuantity) === 0));
}

function affinityTerms({ spec: { affinity } }: Pod): PodAffinityTerm[] {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((part) => [
    ...(part?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(part?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
}
