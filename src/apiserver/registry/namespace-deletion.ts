// Behaviour: k8s.io/kubernetes/pkg/registry/core/namespace/storage: a namespace ends when its spec's finalizers are gone.
import type { Namespace } from "../../api/generated/types/core/v1.ts";
import type { DeleteOptions } from "../../api/generated/types/meta/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { formatTime } from "../../util/clock.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "./deletion-policy.ts";

/**
 * Begins a namespace's termination: "changed" when `object` was marked and must be written, "pending" when it waits for its
 * finalizers already, "done" when nothing holds it any more.
 */
export function markNamespaceDeleted(object: UnstructuredObject, options: DeleteOptions, now: number): "changed" | "pending" | "done" {
  const namespace = object as unknown as Namespace & UnstructuredObject;
  const meta = namespace.metadata;
  if (meta.deletionTimestamp !== undefined) return (namespace.spec?.finalizers ?? []).length > 0 ? "pending" : "done";
  meta.deletionTimestamp = formatTime(now);
  namespace.status = { ...namespace.status, phase: "Terminating" };
  const finalizers = new Set(meta.finalizers);
  const orphan = shouldHave(options.orphanDependents, options.propagationPolicy, "Orphan", finalizers.has(ORPHAN_FINALIZER));
  const foreground = shouldHave(
    options.orphanDependents === undefined ? undefined : !options.orphanDependents,
    options.propagationPolicy,
    "Foreground",
    finalizers.has(FOREGROUND_FINALIZER),
  );
  for (const [finalizer, wanted] of [[ORPHAN_FINALIZER, orphan], [FOREGROUND_FINALIZER, foreground]] as const) {
    if (wanted) finalizers.add(finalizer);
    else finalizers.delete(finalizer);
  }
  if (finalizers.size > 0) meta.finalizers = [...finalizers];
  else delete meta.finalizers;
  return "changed";
}

function shouldHave(explicit: boolean | undefined, policy: string | undefined, wanted: string, has: boolean): boolean {
  return explicit ?? (policy === undefined ? has : policy === wanted);
}
