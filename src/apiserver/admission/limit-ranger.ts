// Behaviour: k8s.io/kubernetes/plugin/pkg/admission/limitranger: defaults and bounds of what pods and claims ask for.
import type { Container, LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod, ResourceRequirements } from "../../api/generated/types/core/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { type Amounts, parseAmounts, podLimits, podRequests } from "../../api/pod-resources.ts";
import type { Quantity } from "../../api/quantity.ts";
import { limitRanges } from "../../api/resource-refs.ts";
import type { AdmissionRequest, AdmissionStep } from "./admission.ts";
import { aggregate, isAbout, isCreation, refuse } from "./attributes.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

type ResourceList = Readonly<Record<string, string>>;

/** Fills in what containers do not ask for, and refuses what is out of the namespace's bounds. */
export const limitRanger: AdmissionStep = {
  name: "LimitRanger",
  mutate(request) {
    if (!isPod(request) || isDeleting(request)) return;
    const { spec, metadata } = request.object as unknown as Pod;
    for (const range of rangesOf(request)) setDefaults(range, spec, metadata);
  },
  validate(request) {
    const isClaim = isAbout(request, "", "persistentvolumeclaims") && request.object !== undefined && request.operation !== "DELETE";
    if ((!isPod(request) && !isClaim) || isDeleting(request)) return;
    for (const { spec } of rangesOf(request)) {
      const problems = isClaim ? claimProblems(spec.limits, request.object as unknown as PersistentVolumeClaim) : podProblems(spec.limits, request.object as unknown as Pod);
      if (problems.length > 0) throw refuse(request, aggregate(problems));
    }
  },
};

function isPod(request: AdmissionRequest): boolean {
  return (isAbout(request, "", "pods") && isCreation(request)) || (isAbout(request, "", "pods", "resize") && request.operation === "UPDATE");
}

function isDeleting({ old }: AdmissionRequest): boolean {
  return old?.metadata.deletionTimestamp !== undefined;
}

function rangesOf({ context, namespace }: AdmissionRequest): readonly LimitRange[] {
  return context.lookupAll<LimitRange & KubernetesObject>(limitRanges, namespace);
}

function setDefaults({ spec: { limits } }: LimitRange, spec: Pod["spec"], metadata: Pod["metadata"]): void {
  const requests: Record<string, string> = {};
  const maxima: Record<string, string> = {};
  for (const item of limits) {
    if (item.type !== "Container") continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(maxima, item.default);
  }
  const changes = [
    ...spec.containers.flatMap((container) => mergeContainer(container, "container", requests, maxima)),
    ...(spec.initContainers ?? []).flatMap((container) => mergeContainer(container, "init container", requests, maxima)),
  ];
  if (changes.length > 0) (metadata.annotations ??= {})[ANNOTATION] = `LimitRanger plugin set: ${changes.join("; ")}`;
}

/** Adds what the container lacks; says what that was. */
function mergeContainer(container: Container, what: string, requests: ResourceList, limits: ResourceList): string[] {
  const resources: ResourceRequirements = (container.resources ??= {});
  const setLimits = addMissing(resources.limits, limits, (list) => (resources.limits = list));
  const setRequests = addMissing(resources.requests, requests, (list) => (resources.requests = list));
  return [
    ...(setRequests.length > 0 ? [`${setRequests.join(", ")} request for ${what} ${container.name}`] : []),
    ...(setLimits.length > 0 ? [`${setLimits.join(", ")} limit for ${what} ${container.name}`] : []),
  ];
}

function addMissing(list: Record<string, string> | undefined, defaults: ResourceList, assign: (list: Record<string, string>) => void): string[] {
  const missing = Object.keys(defaults).filter((name) => list?.[name] === undefined);
  if (missing.length > 0) assign({ ...list, ...Object.fromEntries(missing.map((name) => [name, defaults[name] ?? ""])) });
  return missing.sort();
}

function claimProblems(limits: readonly LimitRangeItem[], { spec }: PersistentVolumeClaim): string[] {
  const requests = parseAmounts(spec.resources?.requests);
  return limits.filter(({ type }) => type === "PersistentVolumeClaim").flatMap(({ type, min, max }) => [
    ...each(min, (name, bound) => belowMinimum(type, name, bound, requests, new Map())),
    ...each(max, (name, bound) => requestAboveMaximum(type, name, bound, requests)),
  ]);
}

function podProblems(limits: readonly LimitRangeItem[], { spec }: Pod): string[] {
  return limits.flatMap((item) => {
    if (item.type === "Pod") {
      const { overhead: _overhead, ...own } = spec;
      return problems(item, podRequests(own), podLimits(own));
    }
    if (item.type !== "Container") return [];
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) => problems(item, parseAmounts(resources?.requests), parseAmounts(resources?.limits)));
  });
}

function problems({ type, min, max, maxLimitRequestRatio }: LimitRangeItem, requests: Amounts, limits: Amounts): string[] {
  return [
    ...each(min, (name, bound) => belowMinimum(type, name, bound, requests, limits)),
    ...each(max, (name, bound) => aboveMaximum(type, name, bound, requests, limits)),
    ...each(maxLimitRequestRatio, (name, bound) => aboveRatio(type, name, bound, requests, limits)),
  ];
}

function each(list: ResourceList | undefined, check: (name: string, bound: Quantity) => string | undefined): string[] {
  return [...parseAmounts(list)].flatMap(([name, bound]) => check(name, bound) ?? []);
}

function belowMinimum(type: string, name: string, bound: Quantity, requests: Amounts, limits: Amounts): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  if (request.cmp(bound) < 0) return `${rule}, but request is ${request}`;
  return limit !== undefined && limit.cmp(bound) < 0 ? `${rule}, but limit is ${limit}` : undefined;
}

function requestAboveMaximum(type: string, name: string, bound: Quantity, requests: Amounts): string | undefined {
  const request = requests.get(name);
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  return request.cmp(bound) > 0 ? `${rule}, but request is ${request}` : undefined;
}

function aboveMaximum(type: string, name: string, bound: Quantity, requests: Amounts, limits: Amounts): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (limit.cmp(bound) > 0) return `${rule}, but limit is ${limit}`;
  return request !== undefined && request.cmp(bound) > 0 ? `${rule}, but request is ${request}` : undefined;
}

function aboveRatio(type: string, name: string, bound: Quantity, requests: Amounts, limits: Amounts): string | undefined {
  const [request, limit] = [requests.get(name), limits.get(name)];
  const rule = `${name} max limit to request ratio per ${type} is ${bound}`;
  if (request === undefined || request.isZero()) return `${rule}, but no request is specified or request is 0`;
  if (limit === undefined || limit.isZero()) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.milliValue()) / Number(request.milliValue());
  return ratio * 1000 > Number(bound.milliValue()) ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
