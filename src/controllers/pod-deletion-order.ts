// Behaviour: pkg/controller/controller_utils.go (ActivePodsWithRanks) and pkg/controller/replicaset (getPodsToDelete).
import type { Pod } from "../api/generated/types/core/v1.ts";
import { isPodReady, podCondition } from "../api/pod-conditions.ts";
import { isPodActive } from "./pod-status.ts";

const PHASE_ORDER: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

/** The `count` pods whose loss costs least; `related` are all pods of the same application, for spreading over nodes. */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const onNode = new Map<string, number>();
  for (const pod of related.filter(isPodActive)) onNode.set(nodeOf(pod), (onNode.get(nodeOf(pod)) ?? 0) + 1);
  const rank = (pod: Pod) => onNode.get(nodeOf(pod)) ?? 0;
  return [...pods].sort((a, b) => compare(a, b, rank, now)).slice(0, count);
}

/** Negative when `a` goes first: unassigned, pending, not ready, cheap, crowded, ready for a short time, often restarted, young. */
function compare(a: Pod, b: Pod, rank: (pod: Pod) => number, now: number): number {
  const assigned = Number(nodeOf(a) !== "") - Number(nodeOf(b) !== "");
  if (assigned !== 0) return assigned;
  const phase = phaseOrder(a) - phaseOrder(b);
  if (phase !== 0) return phase;
  const ready = Number(isPodReady(a)) - Number(isPodReady(b));
  if (ready !== 0) return ready;
  const cost = deletionCost(a) - deletionCost(b);
  if (cost !== 0) return cost;
  const crowd = rank(b) - rank(a);
  if (crowd !== 0) return crowd;
  if (isPodReady(a) && isPodReady(b)) {
    const readyFor = compareAges(readySince(a), readySince(b), a, b, now);
    if (readyFor !== 0) return readyFor;
  }
  const restarts = compareRestarts(a, b);
  if (restarts !== 0) return restarts;
  return compareAges(a.metadata.creationTimestamp, b.metadata.creationTimestamp, a, b, now);
}

/** The younger first, on a scale of powers of two so that pods of about one age are chosen by chance (their uid). */
function compareAges(since: string | undefined, other: string | undefined, a: Pod, b: Pod, now: number): number {
  const [first, second] = [Date.parse(since ?? ""), Date.parse(other ?? "")];
  if (first === second) return 0;
  if (Number.isNaN(first) || Number.isNaN(second)) return Number.isNaN(first) ? (Number.isNaN(second) ? 0 : -1) : 1;
  const difference = logarithm(now - first) - logarithm(now - second);
  if (difference !== 0) return difference;
  return (a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1;
}

function logarithm(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1e6)) : -1;
}

function compareRestarts(a: Pod, b: Pod): number {
  const [regularA, sidecarA] = maxRestarts(a);
  const [regularB, sidecarB] = maxRestarts(b);
  return regularB - regularA || sidecarB - sidecarA;
}

function maxRestarts(pod: Pod): [number, number] {
  const most = (statuses: { restartCount: number }[]) => Math.max(0, ...statuses.map((status) => status.restartCount));
  const sidecars = new Set((pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always").map(({ name }) => name));
  return [most(pod.status.containerStatuses ?? []), most((pod.status.initContainerStatuses ?? []).filter(({ name }) => sidecars.has(name)))];
}

function nodeOf(pod: Pod): string {
  return pod.spec.nodeName ?? "";
}

function phaseOrder(pod: Pod): number {
  return PHASE_ORDER[pod.status.phase ?? ""] ?? 0;
}

function readySince(pod: Pod): string | undefined {
  return podCondition(pod, "Ready")?.lastTransitionTime ?? undefined;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST] ?? "0";
  return /^(0|-?[1-9][0-9]*)$/.test(text) ? Number(text) : 0;
}
