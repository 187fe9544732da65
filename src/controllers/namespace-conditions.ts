// Behaviour: pkg/controller/namespace/deletion/status_condition_utils.go: how far the deletion of a namespace has come.
import type { NamespaceCondition } from "../api/generated/types/core/v1.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import { formatTime } from "../util/clock.ts";

/** What one pass over the content of a namespace met. */
export interface DeletionProgress {
  discoveryError?: string;
  readonly contentErrors: string[];
  /** Objects that are still there, by resource. */
  readonly remaining: Map<ResourceRef, number>;
  /** Objects that are still there, by the finalizer that they wait for. */
  readonly finalizers: Map<string, number>;
}

/** The states of each condition when all is well, in the order in which they are shown. */
const FINE: Record<string, { reason: string; message: string }> = {
  NamespaceDeletionDiscoveryFailure: { reason: "ResourcesDiscovered", message: "All resources successfully discovered" },
  NamespaceDeletionGroupVersionParsingFailure: { reason: "ParsedGroupVersions", message: "All legacy kube types successfully parsed" },
  NamespaceDeletionContentFailure: { reason: "ContentDeleted", message: "All content successfully deleted, may be waiting on finalization" },
  NamespaceContentRemaining: { reason: "ContentRemoved", message: "All content successfully removed" },
  NamespaceFinalizersRemaining: { reason: "ContentHasNoFinalizers", message: "All content-preserving finalizers finished" },
};

/** The conditions with the progress told in them; those that are the same are left as they are. */
export function namespaceConditions(conditions: readonly NamespaceCondition[], progress: DeletionProgress, now: number): NamespaceCondition[] {
  const problems = problemsOf(progress);
  const own = Object.entries(FINE).map(([type, fine]): NamespaceCondition => {
    const wanted = { type, status: problems[type] === undefined ? "False" : "True", ...(problems[type] ?? fine) };
    const current = conditions.find((condition) => condition.type === type);
    return { lastTransitionTime: current?.status === wanted.status ? current.lastTransitionTime : formatTime(now), ...wanted };
  });
  return [...conditions.filter(({ type }) => FINE[type] === undefined), ...own];
}

function problemsOf({ discoveryError, contentErrors, remaining, finalizers }: DeletionProgress): Record<string, { reason: string; message: string }> {
  const problems: Record<string, { reason: string; message: string }> = {};
  if (discoveryError !== undefined) problems.NamespaceDeletionDiscoveryFailure = { reason: "DiscoveryFailed", message: discoveryError };
  if (contentErrors.length > 0) {
    const message = `Failed to delete all resource types, ${contentErrors.length} remaining: ${[...contentErrors].sort().join(", ")}`;
    problems.NamespaceDeletionContentFailure = { reason: "ContentDeletionFailed", message };
  }
  if (remaining.size > 0) {
    const texts = [...remaining].map(([{ resource, group }, count]) => `${resource}.${group} has ${count} resource instances`).sort();
    problems.NamespaceContentRemaining = { reason: "SomeResourcesRemain", message: `Some resources are remaining: ${texts.join(", ")}` };
  }
  if (finalizers.size > 0) {
    const texts = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
    const message = `Some content in the namespace has finalizers remaining: ${texts.join(", ")}`;
    problems.NamespaceFinalizersRemaining = { reason: "SomeFinalizersRemain", message };
  }
  return problems;
}
