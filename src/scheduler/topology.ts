// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread (common.go): how pods count into the domains of a constraint.
import type { Pod, TopologySpreadConstraint } from "../api/generated/types/core/v1.ts";
import type { LabelSelector } from "../api/label-selector.ts";
import { labelSelector } from "../api/label-selector.ts";
import { matchesNodeAffinity, untoleratedTaint } from "./node-matching.ts";
import type { NodeState } from "./node-state.ts";

/** A constraint made ready to count pods. */
export interface SpreadConstraint {
  readonly spec: TopologySpreadConstraint;
  readonly selector: LabelSelector;
}

/** The constraints of a pod of one kind, hard or soft; matchLabelKeys narrow the selector to the pod's own values. */
export function spreadConstraints(pod: Pod, whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway"): SpreadConstraint[] {
  const constraints = (pod.spec.topologySpreadConstraints ?? []).filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable);
  return constraints.map((spec) => {
    const labels = pod.metadata.labels ?? {};
    const keys = (spec.matchLabelKeys ?? []).flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator: "In", values: [labels[key]] }]));
    const narrowed = { ...spec.labelSelector, matchExpressions: [...(spec.labelSelector?.matchExpressions ?? []), ...keys] };
    return { spec, selector: labelSelector(spec.labelSelector === undefined ? undefined : narrowed) };
  });
}

/** Matching pods in each domain; nodes without all the keys, and those that the constraint's policies leave out, do not count. */
export function countByDomain(pod: Pod, constraint: SpreadConstraint, all: readonly SpreadConstraint[], nodes: readonly NodeState[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    if (!all.every(({ spec }) => node.labels[spec.topologyKey] !== undefined) || !isCounted(pod, constraint.spec, node)) continue;
    const value = node.labels[constraint.spec.topologyKey] ?? "";
    counts.set(value, (counts.get(value) ?? 0) + countMatching(node, constraint.selector, pod.metadata.namespace));
  }
  return counts;
}

/** Pods of the namespace on the node that match and are not on their way out. */
export function countMatching(node: NodeState, selector: LabelSelector, namespace: string | undefined): number {
  let count = 0;
  for (const { pod } of node.pods.values()) {
    if (pod.metadata.deletionTimestamp === undefined && pod.metadata.namespace === namespace && selector.matches(pod.metadata.labels)) count += 1;
  }
  return count;
}

function isCounted(pod: Pod, spec: TopologySpreadConstraint, { node }: NodeState): boolean {
  if (node === undefined) return false;
  if (spec.nodeAffinityPolicy !== "Ignore" && !matchesNodeAffinity(pod, node)) return false;
  return spec.nodeTaintsPolicy !== "Honor" || untoleratedTaint(node.spec.taints, pod.spec.tolerations, ["NoSchedule", "NoExecute"]) === undefined;
}
