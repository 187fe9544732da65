// Behaviour: pkg/controller/nodelifecycle: what becomes of a node that is not heard of, and the taints that its conditions bring.
import type { Node, NodeCondition, Taint } from "../../api/generated/types/core/v1.ts";
import { formatTime } from "../../util/clock.ts";

const KUBELET_CONDITIONS = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];
const NOT_READY = "node.kubernetes.io/not-ready";
const UNREACHABLE = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

/** Taints that conditions bring, by the condition's type and status. */
const CONDITION_TAINTS: Record<string, Record<string, string>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: "node.kubernetes.io/memory-pressure" },
  DiskPressure: { True: "node.kubernetes.io/disk-pressure" },
  NetworkUnavailable: { True: "node.kubernetes.io/network-unavailable" },
  PIDPressure: { True: "node.kubernetes.io/pid-pressure" },
};
const OWN_TAINTS = new Set([...Object.values(CONDITION_TAINTS).flatMap((taints) => Object.values(taints)), UNSCHEDULABLE]);

/** The condition of that type. */
export function nodeCondition(node: Node, type: string): NodeCondition | undefined {
  return node.status.conditions?.find((condition) => condition.type === type);
}

/** The conditions of a node whose kubelet is silent: what it said is not known any more. */
export function unknownConditions(node: Node, now: number): NodeCondition[] {
  const time = formatTime(now);
  const conditions = (node.status.conditions ?? []).map((condition) => {
    if (!KUBELET_CONDITIONS.includes(condition.type) || condition.status === "Unknown") return condition;
    const told = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
    return { ...condition, status: "Unknown", ...told, lastTransitionTime: time };
  });
  const missing = KUBELET_CONDITIONS.filter((type) => nodeCondition(node, type) === undefined).map((type) => ({
    type,
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastHeartbeatTime: node.metadata.creationTimestamp ?? null,
    lastTransitionTime: time,
  }));
  return [...conditions, ...missing];
}

/** The taints that the node must have: those of its conditions, and those that are none of the node controller's business. */
export function wantedTaints(node: Node, now: number): Taint[] {
  const current = node.spec.taints ?? [];
  const wanted: Taint[] = (node.status.conditions ?? []).flatMap(({ type, status }) => {
    const key = CONDITION_TAINTS[type]?.[status];
    if (key === undefined) return [];
    const noSchedule = { key, effect: "NoSchedule" };
    return type === "Ready" ? [noSchedule, { key, effect: "NoExecute" }] : [noSchedule];
  });
  if (node.spec.unschedulable === true) wanted.push({ key: UNSCHEDULABLE, effect: "NoSchedule" });
  const isWanted = (taint: Taint) => wanted.some(({ key, effect }) => key === taint.key && effect === taint.effect);
  const kept = current.filter((taint) => !OWN_TAINTS.has(taint.key) || isWanted(taint) || (isPendingReady(node) && taint.key === NOT_READY));
  const added = wanted.filter((taint) => !current.some(({ key, effect }) => key === taint.key && effect === taint.effect));
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: formatTime(now) }))];
}

/** A node that has never said whether it is ready keeps the taint it registered with. */
function isPendingReady(node: Node): boolean {
  return nodeCondition(node, "Ready") === undefined;
}
