// Behaviour: pkg/scheduler/framework (AffinityTerm): which pods a term of pod affinity is about.
import type { Pod, PodAffinityTerm } from "../api/generated/types/core/v1.ts";
import { labelSelector } from "../api/label-selector.ts";
import type { Snapshot } from "./framework.ts";

/** A term made ready to match many pods. */
export interface AffinityTerm {
  readonly topologyKey: string;
  matches(pod: Pod): boolean;
}

/** Prepares a term of `owner`; without namespaces it is about the owner's own. */
export function affinityTerm(owner: Pod, term: PodAffinityTerm, namespaces: Snapshot["namespaces"]): AffinityTerm {
  const selector = labelSelector(term.labelSelector);
  const names = new Set(term.namespaces ?? []);
  if (names.size === 0 && term.namespaceSelector === undefined) names.add(owner.metadata.namespace ?? "");
  const namespaceSelector = term.namespaceSelector === undefined ? undefined : labelSelector(term.namespaceSelector);
  return {
    topologyKey: term.topologyKey,
    matches: (pod) => {
      const namespace = pod.metadata.namespace ?? "";
      const inNamespace = names.has(namespace) || namespaceSelector?.matches(namespaces.get(namespace)?.metadata.labels) === true;
      return inNamespace && selector.matches(pod.metadata.labels);
    },
  };
}

/** The required affinity terms of a pod. */
export function requiredAffinityTerms(pod: Pod, namespaces: Snapshot["namespaces"]): AffinityTerm[] {
  return (pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => affinityTerm(pod, term, namespaces));
}

/** The required anti-affinity terms of a pod. */
export function requiredAntiAffinityTerms(pod: Pod, namespaces: Snapshot["namespaces"]): AffinityTerm[] {
  return (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => affinityTerm(pod, term, namespaces));
}
