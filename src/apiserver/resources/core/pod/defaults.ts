// Behaviour: SetDefaults_Pod in k8s.io/kubernetes/pkg/apis/core/v1/defaults.go: defaults that pods have and templates do not.
import type { Container, Pod } from "../../../../api/generated/types/core/v1.ts";
import { containerLimits, containerRequests } from "../../../../api/pod-resources.ts";
import { isHugePages, isOvercommitAllowed, isPodLevelResource } from "../../shared/resource-names.ts";

/** Fills the defaults of a pod that depend on the rest of it. */
export function defaultPod(pod: Pod): void {
  const { spec } = pod;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  for (const container of containers) defaultRequests(container);
  defaultHugePageLimits(pod);
  defaultPodRequests(pod);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork === true) for (const port of containers.flatMap((container) => container.ports ?? [])) port.hostPort ||= port.containerPort;
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
}

/** A container that is limited requests as much, unless it says otherwise. */
function defaultRequests({ resources }: Container): void {
  if (resources.limits === undefined) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

function defaultHugePageLimits({ spec }: Pod): void {
  const resources = spec.resources;
  if (resources === undefined || isNothing(resources.limits) + isNothing(resources.requests) === 2) return;
  for (const [name, amount] of containerLimits(spec)) {
    if (!isHugePages(name) || resources.requests?.[name] !== undefined || resources.limits?.[name] !== undefined) continue;
    resources.limits = { ...resources.limits, [name]: amount.toString() };
  }
}

function defaultPodRequests({ spec }: Pod): void {
  const resources = spec.resources;
  if (resources?.limits === undefined || isNothing(resources.limits)) return;
  const requests = { ...resources.requests };
  for (const [name, amount] of containerRequests(spec)) {
    if (isPodLevelResource(name) && isOvercommitAllowed(name)) requests[name] ??= amount.toString();
  }
  for (const [name, amount] of Object.entries(resources.limits)) if (isPodLevelResource(name)) requests[name] ??= amount;
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

function isNothing(amounts: Readonly<Record<string, string>> | undefined): 0 | 1 {
  return Object.keys(amounts ?? {}).length === 0 ? 1 : 0;
}
