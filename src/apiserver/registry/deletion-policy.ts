// Behaviour: DefaultGarbageCollectionPolicy and ReturnDeletedObject of k8s.io/kubernetes/pkg/registry's strategies and storages.
import type { DeleteOptions, ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import { formatGroupResource } from "../../api/object.ts";

/** The finalizer that lets the garbage collector detach dependents first. */
export const ORPHAN_FINALIZER = "orphan";
/** The finalizer that lets the garbage collector delete dependents first. */
export const FOREGROUND_FINALIZER = "foregroundDeletion";

const ORPHAN_BY_DEFAULT = new Set(["jobs.batch", "replicationcontrollers"]);
const NEVER_COLLECTED = new Set(["events", "events.events.k8s.io"]);

const RETURNED_WHEN_DELETED = new Set([
  "csidrivers.storage.k8s.io",
  "csinodes.storage.k8s.io",
  "deviceclasses.resource.k8s.io",
  "namespaces",
  "persistentvolumeclaims",
  "persistentvolumes",
  "pods",
  "podtemplates",
  "resourceclaims.resource.k8s.io",
  "resourceclaimtemplates.resource.k8s.io",
  "resourcequotas",
  "resourceslices.resource.k8s.io",
  "serviceaccounts",
  "services",
  "storageclasses.storage.k8s.io",
  "volumeattachments.storage.k8s.io",
  "volumeattributesclasses.storage.k8s.io",
]);

/** Whether a deletion answers with the object that is gone, not with a Status. */
export function returnsDeletedObject(resource: { readonly group: string; readonly resource: string }): boolean {
  return RETURNED_WHEN_DELETED.has(formatGroupResource(resource));
}

/** The finalizers an object must have while a deletion with these options runs; undefined when it has them already. */
export function finalizersForDeletion(
  resource: { readonly group: string; readonly resource: string },
  meta: ObjectMeta,
  options: DeleteOptions,
): string[] | undefined {
  const old = meta.finalizers ?? [];
  const next = old.filter((finalizer) => finalizer !== ORPHAN_FINALIZER && finalizer !== FOREGROUND_FINALIZER);
  const policy = propagation(formatGroupResource(resource), old, options);
  if (policy === "Orphan") next.push(ORPHAN_FINALIZER);
  if (policy === "Foreground") next.push(FOREGROUND_FINALIZER);
  return next.length === old.length && next.every((finalizer) => old.includes(finalizer)) ? undefined : next;
}

function propagation(resource: string, finalizers: readonly string[], options: DeleteOptions): string {
  if (NEVER_COLLECTED.has(resource)) return "Background";
  if (options.orphanDependents !== undefined) return options.orphanDependents ? "Orphan" : "Background";
  if (options.propagationPolicy !== undefined) return options.propagationPolicy;
  if (finalizers.includes(ORPHAN_FINALIZER)) return "Orphan";
  if (finalizers.includes(FOREGROUND_FINALIZER)) return "Foreground";
  return ORPHAN_BY_DEFAULT.has(resource) ? "Orphan" : "Background";
}
