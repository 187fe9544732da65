// Behaviour: pkg/scheduler/schedule_one.go (schedulePod): one pod, one snapshot, one decision; nothing is written here.
import type { Rejection, Snapshot } from "./framework.ts";
import { PodRejected } from "./framework.ts";
import { filters } from "./filters/filters.ts";
import type { NodeState, PodFacts } from "./node-state.ts";
import { scorers } from "./scores.ts";

/** A rejection and the filter that it comes from. */
export interface NodeRejection extends Rejection {
  readonly filter: string;
}

/** Where the pod goes, or why it goes nowhere. */
export type Decision =
  | { readonly node: NodeState }
  | {
      readonly node?: undefined;
      /** Why each node was rejected; empty when the pod was rejected as such. */
      readonly rejections: ReadonlyMap<string, NodeRejection>;
      /** Set when the pod was rejected as such. */
      readonly podRejection?: PodRejected;
    };

/** Pods that were promised room on a node by preemption, and are not there yet. */
export type Nominations = ReadonlyMap<string, { readonly facts: PodFacts; readonly node: string }>;

/** Chooses a node. `pick` gives a fraction in [0, 1) to choose among equals. */
export function decide(facts: PodFacts, snapshot: Snapshot, nominations: Nominations, pick: () => number): Decision {
  const rejections = new Map<string, NodeRejection>();
  try {
    const judge = nodeJudge(facts, snapshot, nominations);
    const feasible = snapshot.nodes.filter((node) => {
      const rejection = judge(node);
      if (rejection !== undefined) rejections.set(node.name, rejection);
      return rejection === undefined;
    });
    const node = best(facts, feasible, snapshot, pick);
    return node === undefined ? { rejections } : { node };
  } catch (error) {
    if (error instanceof PodRejected) return { rejections: new Map(), podRejection: error };
    throw error;
  }
}

/** Judges nodes for a pod as they are, and with the pods that were promised room there and are no less important. */
export function nodeJudge(facts: PodFacts, snapshot: Snapshot, nominations: Nominations): (node: NodeState) => NodeRejection | undefined {
  const judge = filterJudge(facts, snapshot);
  const promised = [...nominations.values()].filter((other) => other.facts.uid !== facts.uid && other.facts.priority >= facts.priority);
  return (node) => {
    const guests = promised.filter((other) => other.node === node.name && !node.pods.has(other.facts.uid));
    if (guests.length > 0) {
      const crowded = node.clone();
      for (const { facts: guest } of guests) crowded.addPod(guest);
      const nodes = snapshot.nodes.map((other) => (other === node ? crowded : other));
      const rejection = filterJudge(facts, { ...snapshot, nodes })(crowded);
      if (rejection !== undefined) return rejection;
    }
    return judge(node);
  };
}

/** Judges nodes by the filters, the first that objects. */
export function filterJudge(facts: PodFacts, snapshot: Snapshot): (node: NodeState) => NodeRejection | undefined {
  const checks = filters.flatMap((filter) => {
    const check = filter.prepare(facts, snapshot);
    return check === undefined ? [] : [{ filter: filter.name, check }];
  });
  return (node) => {
    for (const { filter, check } of checks) {
      const rejection = check(node);
      if (rejection !== undefined) return { ...rejection, filter };
    }
    return undefined;
  };
}

function best(facts: PodFacts, nodes: readonly NodeState[], snapshot: Snapshot, pick: () => number): NodeState | undefined {
  if (nodes.length <= 1) return nodes[0];
  const totals = nodes.map(() => 0);
  for (const { weight, score } of scorers) {
    for (const [index, value] of (score(facts, nodes, snapshot) ?? []).entries()) totals[index] = (totals[index] ?? 0) + weight * value;
  }
  const most = Math.max(...totals);
  const equals = nodes.filter((_, index) => totals[index] === most);
  return equals[Math.floor(pick() * equals.length)];
}

/** "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable." */
export function unavailableMessage(nodeCount: number, reasons: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available:${texts.length > 0 ? ` ${texts.join(", ")}.` : ""}`;
}
