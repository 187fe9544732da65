// Behaviour: pkg/scheduler/framework/preemption and plugins/defaultpreemption: who must go so that a more important pod can come.
import type { PodDisruptionBudget } from "../api/generated/types/policy/v1.ts";
import type { Pod } from "../api/generated/types/core/v1.ts";
import { labelSelector } from "../api/label-selector.ts";
import type { NodeRejection, Nominations } from "./decision.ts";
import { nodeJudge, unavailableMessage } from "./decision.ts";
import type { Snapshot } from "./framework.ts";
import type { NodeState, PodFacts } from "./node-state.ts";

/** The node to make room on and the pods to remove, most important first; or why preemption does not help. */
export type Preemption = { readonly node: string; readonly victims: readonly Pod[] } | { readonly node?: undefined; readonly message: string };

interface Candidate {
  readonly node: string;
  readonly victims: readonly PodFacts[];
  readonly budgetViolations: number;
}

/** Looks for the cheapest way to make room. */
export function findPreemption(
  facts: PodFacts,
  snapshot: Snapshot,
  rejections: ReadonlyMap<string, NodeRejection>,
  nominations: Nominations,
  budgets: readonly PodDisruptionBudget[],
): Preemption {
  const ineligible = whyIneligible(facts, snapshot, rejections);
  if (ineligible !== undefined) return { message: `preemption: ${ineligible}` };
  const reasons: string[] = [];
  const candidates: Candidate[] = [];
  for (const node of snapshot.nodes) {
    if (rejections.get(node.name)?.resolvable !== true) {
      reasons.push("Preemption is not helpful for scheduling");
      continue;
    }
    const result = victimsOn(node, facts, snapshot, nominations, budgets);
    if ("reasons" in result) reasons.push(...result.reasons);
    else candidates.push(result);
  }
  const chosen = cheapest(candidates);
  if (chosen === undefined) return { message: `preemption: ${unavailableMessage(snapshot.nodes.length, reasons)}` };
  return { node: chosen.node, victims: chosen.victims.map(({ pod }) => pod) };
}

function whyIneligible(facts: PodFacts, snapshot: Snapshot, rejections: ReadonlyMap<string, NodeRejection>): string | undefined {
  if (facts.pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const nominated = facts.pod.status.nominatedNodeName ?? "";
  if (nominated === "" || rejections.get(nominated)?.resolvable === false) return undefined;
  const node = snapshot.nodes.find(({ name }) => name === nominated);
  const leaving = [...(node?.pods.values() ?? [])].some((other) => other.priority < facts.priority && isLeavingByPreemption(other.pod));
  return leaving ? "not eligible due to a terminating pod on the nominated node." : undefined;
}

function isLeavingByPreemption(pod: Pod): boolean {
  const target = pod.status.conditions?.find((condition) => condition.type === "DisruptionTarget");
  return pod.metadata.deletionTimestamp !== undefined && target?.status === "True" && target.reason === "PreemptionByScheduler";
}

/** Removes every less important pod, then takes back as many as fit, those first that a budget protects. */
function victimsOn(
  node: NodeState,
  facts: PodFacts,
  snapshot: Snapshot,
  nominations: Nominations,
  budgets: readonly PodDisruptionBudget[],
): Candidate | { reasons: readonly string[] } {
  const potential = [...node.pods.values()].filter((other) => other.priority < facts.priority).sort(byImportance);
  if (potential.length === 0) return { reasons: ["No preemption victims found for incoming pod"] };
  const trial = node.clone();
  for (const { uid } of potential) trial.removePod(uid);
  const world = { ...snapshot, nodes: snapshot.nodes.map((other) => (other === node ? trial : other)) };
  const rejection = nodeJudge(facts, world, nominations)(trial);
  if (rejection !== undefined) return { reasons: rejection.reasons };

  const { violating, others } = splitByBudgets(potential, budgets);
  const victims: PodFacts[] = [];
  const reprieve = (pod: PodFacts): boolean => {
    trial.addPod(pod);
    if (nodeJudge(facts, world, nominations)(trial) === undefined) return true;
    trial.removePod(pod.uid);
    victims.push(pod);
    return false;
  };
  const budgetViolations = violating.filter((pod) => !reprieve(pod)).length;
  for (const pod of others) reprieve(pod);
  return { node: node.name, victims: victims.sort(byImportance), budgetViolations };
}

function splitByBudgets(pods: readonly PodFacts[], budgets: readonly PodDisruptionBudget[]): { violating: PodFacts[]; others: PodFacts[] } {
  const allowed = budgets.map((budget) => budget.status.disruptionsAllowed);
  const violating: PodFacts[] = [];
  const others: PodFacts[] = [];
  for (const facts of pods) {
    const { pod } = facts;
    let violates = false;
    for (const [index, budget] of budgets.entries()) {
      const selector = labelSelector(budget.spec.selector);
      if (budget.metadata.namespace !== pod.metadata.namespace || selector.isEmpty || !selector.matches(pod.metadata.labels)) continue;
      if (budget.status.disruptedPods?.[pod.metadata.name ?? ""] !== undefined) continue;
      allowed[index] = (allowed[index] ?? 0) - 1;
      if (allowed[index] < 0) violates = true;
    }
    (violates ? violating : others).push(facts);
  }
  return { violating, others };
}

/** Of a higher priority first; of one priority the longer running. */
function byImportance(a: PodFacts, b: PodFacts): number {
  return b.priority - a.priority || startTime(a) - startTime(b);
}

function startTime({ pod }: PodFacts): number {
  const time = Date.parse(pod.status.startTime ?? "");
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

/** Fewest broken budgets, then the least important pods, then the fewest, then the youngest. */
function cheapest(candidates: readonly Candidate[]): Candidate | undefined {
  const costs = (candidate: Candidate): number[] => [
    candidate.budgetViolations,
    candidate.victims[0]?.priority ?? 0,
    candidate.victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    candidate.victims.length,
    -Math.min(...candidate.victims.filter(({ priority }) => priority === candidate.victims[0]?.priority).map(startTime)),
  ];
  return [...candidates].sort((a, b) => {
    const [costsOfA, costsOfB] = [costs(a), costs(b)];
    const index = costsOfA.findIndex((cost, position) => cost !== costsOfB[position]);
    return index < 0 ? 0 : (costsOfA[index] ?? 0) - (costsOfB[index] ?? 0);
  })[0];
}
