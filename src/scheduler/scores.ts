// Behaviour: pkg/scheduler/framework/plugins: the default scores and their weights.
import type { Pod } from "../api/generated/types/core/v1.ts";
import { tolerates } from "../api/taints.ts";
import { controllerSelector } from "./default-spread.ts";
import { affinityTerm } from "./affinity-terms.ts";
import type { Scorer, Snapshot } from "./framework.ts";
import { matchesNodeSelectorTerm } from "./node-matching.ts";
import type { NodeState, PodFacts } from "./node-state.ts";
import { countByDomain, spreadConstraints } from "./topology.ts";

const MAX_SCORE = 100;
const SCORED_RESOURCES = ["cpu", "memory"];

/** Prefers nodes with much left. */
const leastAllocated: Scorer = {
  name: "NodeResourcesFit",
  weight: 1,
  score: (pod, nodes) =>
    nodes.map((node) => {
      const shares = fractions(pod, node, true).map((used) => (used > 1 ? 0 : (1 - used) * MAX_SCORE));
      return shares.length === 0 ? 0 : Math.floor(shares.reduce((sum, share) => sum + share, 0) / shares.length);
    }),
};

/** Prefers nodes whose CPU and memory are used to the same degree. */
const balancedAllocation: Scorer = {
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  score(pod, nodes) {
    if (pod.requests.size === 0) return undefined;
    return nodes.map((node) => {
      const [cpu = 0, memory = cpu] = fractions(pod, node, false).map((used) => Math.min(used, 1));
      return Math.floor((1 - Math.abs(cpu - memory) / 2) * MAX_SCORE);
    });
  },
};

/** Avoids nodes with PreferNoSchedule taints. */
const taints: Scorer = {
  name: "TaintToleration",
  weight: 3,
  score({ pod }, nodes) {
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect = "" }) => effect === "" || effect === "PreferNoSchedule");
    const counts = nodes.map(({ node }) => {
      const discouraging = (node?.spec.taints ?? []).filter((taint) => taint.effect === "PreferNoSchedule");
      return discouraging.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint))).length;
    });
    return normalize(counts, true);
  },
};

/** Prefers nodes that preferred node affinity names. */
const preferredNodeAffinity: Scorer = {
  name: "NodeAffinity",
  weight: 2,
  score({ pod }, nodes) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    const sums = nodes.map(({ node }) =>
      preferred.reduce((sum, { weight, preference }) => sum + (node !== undefined && matchesNodeSelectorTerm(preference, node) ? weight : 0), 0),
    );
    return normalize(sums, false);
  },
};

/** Prefers domains with few pods of the same constraint; without constraints, spreads the pods of one controller. */
const topologySpread: Scorer = {
  name: "PodTopologySpread",
  weight: 2,
  score({ pod }, nodes, snapshot) {
    const own = spreadConstraints(pod, "ScheduleAnyway");
    const constraints = own.length > 0 || (pod.spec.topologySpreadConstraints ?? []).length > 0 ? own : controllerSelector(pod);
    if (constraints.length === 0) return undefined;
    const scores = nodes.map(() => 0);
    for (const constraint of constraints) {
      const counts = countByDomain(pod, constraint, own, snapshot.nodes);
      const weight = Math.log(counts.size + 2);
      for (const [index, node] of nodes.entries()) {
        const value = node.labels[constraint.spec.topologyKey];
        if (value !== undefined) scores[index] = (scores[index] ?? 0) + (counts.get(value) ?? 0) * weight + constraint.spec.maxSkew - 1;
      }
    }
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    return scores.map((score) => (most === 0 ? MAX_SCORE : (MAX_SCORE * (most + least - score)) / most));
  },
};

/** Follows preferred pod affinity and anti-affinity, the pod's own and that of pods already there. */
const preferredPodAffinity: Scorer = {
  name: "InterPodAffinity",
  weight: 2,
  score({ pod }, nodes, snapshot) {
    const sums = weighDomains(pod, snapshot);
    if (sums.size === 0) return undefined;
    const scores = nodes.map((node) => Object.entries(node.labels).reduce((sum, [key, value]) => sum + (sums.get(`${key}=${value}`) ?? 0), 0));
    const [least, most] = [Math.min(...scores), Math.max(...scores)];
    return scores.map((score) => (most === least ? 0 : (MAX_SCORE * (score - least)) / (most - least)));
  },
};

/** Prefers nodes that have the pod's images already. */
const imageLocality: Scorer = {
  name: "ImageLocality",
  weight: 1,
  score({ pod }, nodes) {
    const images = new Set([...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(({ image = "" }) => normalizedImage(image)));
    const sizes = nodes.map(({ node }) =>
      (node?.status.images ?? []).reduce((sum, { names, sizeBytes = 0 }) => sum + (names.some((name) => images.has(name)) ? sizeBytes : 0), 0),
    );
    const [least, most] = [23 * 1024 * 1024, 1000 * 1024 * 1024 * pod.spec.containers.length];
    return sizes.map((size) => (MAX_SCORE * (Math.min(Math.max(size, least), most) - least)) / (most - least));
  },
};

/** The scores of the default profile. */
export const scorers: readonly Scorer[] = [
  taints,
  preferredNodeAffinity,
  leastAllocated,
  topologySpread,
  preferredPodAffinity,
  balancedAllocation,
  imageLocality,
];

/** How much of each scored resource would be used with the pod on the node. */
function fractions(pod: PodFacts, node: NodeState, nonZero: boolean): number[] {
  return SCORED_RESOURCES.flatMap((name) => {
    const allocatable = node.allocatable.get(name) ?? 0;
    if (allocatable === 0) return [];
    const [used, wanted] = nonZero ? [node.nonZeroRequested, pod.nonZeroRequests] : [node.requested, pod.requests];
    return [((used.get(name) ?? 0) + (wanted.get(name) ?? 0)) / allocatable];
  });
}

/** Scales counts so that the most is 100, or 0 when less is better. */
function normalize(counts: readonly number[], reverse: boolean): number[] {
  const most = Math.max(...counts);
  return counts.map((count) => {
    const score = most === 0 ? 0 : Math.floor((MAX_SCORE * count) / most);
    return reverse ? MAX_SCORE - score : score;
  });
}

function weighDomains(pod: Pod, snapshot: Snapshot): Map<string, number> {
  const sums = new Map<string, number>();
  const own = weightedTerms(pod, snapshot);
  for (const node of snapshot.nodes) {
    for (const { pod: other } of node.pods.values()) {
      const theirs = other.spec.affinity === undefined ? [] : weightedTerms(other, snapshot);
      const applying = [...own.filter(({ term }) => term.matches(other)), ...theirs.filter(({ term }) => term.matches(pod))];
      for (const { term, weight } of applying) {
        const value = node.labels[term.topologyKey];
        if (value === undefined) continue;
        const domain = `${term.topologyKey}=${value}`;
        sums.set(domain, (sums.get(domain) ?? 0) + weight);
      }
    }
  }
  return sums;
}

function weightedTerms(pod: Pod, { namespaces }: Snapshot) {
  const affinity = pod.spec.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const antiAffinity = pod.spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...affinity.map(({ weight, podAffinityTerm }) => ({ weight, term: affinityTerm(pod, podAffinityTerm, namespaces) })),
    ...antiAffinity.map(({ weight, podAffinityTerm }) => ({ weight: -weight, term: affinityTerm(pod, podAffinityTerm, namespaces) })),
  ];
}

/** An image without a tag is the one tagged latest. */
function normalizedImage(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
