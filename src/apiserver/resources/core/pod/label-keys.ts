// Behaviour: mutatePodAffinity and mutateTopologySpreadConstraints in k8s.io/kubernetes/pkg/registry/core/pod/strategy.go.
import type { Pod, PodAffinityTerm } from "../../../../api/generated/types/core/v1.ts";
import type { LabelSelector } from "../../../../api/generated/types/meta/v1.ts";

/** Turns the label keys of affinity terms and spread constraints into selector requirements with the pod's own values. */
export function applyLabelKeys({ metadata, spec }: Pod): void {
  const labels = metadata.labels ?? {};
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    for (const { podAffinityTerm } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) applyToTerm(podAffinityTerm, labels);
    for (const term of affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) applyToTerm(term, labels);
  }
  for (const constraint of spec.topologySpreadConstraints ?? []) append(constraint.labelSelector, constraint.matchLabelKeys, "In", labels);
}

function applyToTerm(term: PodAffinityTerm, labels: Readonly<Record<string, string>>): void {
  append(term.labelSelector, term.matchLabelKeys, "In", labels);
  append(term.labelSelector, term.mismatchLabelKeys, "NotIn", labels);
}

function append(selector: LabelSelector | undefined, keys: readonly string[] | undefined, operator: string, labels: Readonly<Record<string, string>>): void {
  if (selector === undefined) return;
  for (const key of keys ?? []) {
    const value = labels[key];
    if (value === undefined) continue;
    selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
  }
}
