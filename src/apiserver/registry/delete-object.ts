// Behaviour: k8s.io/apiserver/pkg/registry/generic/registry/store.go Delete and pkg/registry/rest/delete.go BeforeDelete.
import { conflict, notFound } from "../../api/errors.ts";
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { type Entry, RevisionMismatchError } from "../../store/store.ts";
import { formatTime } from "../../util/clock.ts";
import { type Call, callNamespace, requestContext } from "../call.ts";
import { convertEntries, encodeObject, objectKey, ownObject, sharedObject } from "../object-storage.ts";
import type { DeletionOptions } from "../options.ts";
import { admissionRequest } from "./create-object.ts";
import { finalizersForDeletion, returnsDeletedObject } from "./deletion-policy.ts";
import { markNamespaceDeleted } from "./namespace-deletion.ts";
import { removeObject } from "./remove-object.ts";

/** What a deletion left: the object when it is answered with (it goes on, or its kind is returned), and whether it is gone. */
export interface Deletion {
  readonly deleted: boolean;
  readonly object: KubernetesObject;
  readonly entry?: Entry;
  /** Whether the answer is the object rather than a Status. */
  readonly returnsObject: boolean;
}

/** Deletes an object, or marks it for deletion where grace or finalizers are in the way; retries after conflicts. */
export async function deleteObject(call: Call, name: string, options: DeletionOptions): Promise<Deletion> {
  const { resource, parts } = call;
  const key = objectKey(resource, callNamespace(call), name);
  for (;;) {
    const entry = parts.store.get(key);
    if (entry === undefined) throw notFound(resource, name);
    await convertEntries(resource, [entry]);
    await parts.admission.validate({ ...admissionRequest(call, "DELETE", undefined, sharedObject(resource, entry), options, options.isDryRun), name });
    const deletion = await deleteEntry(call, entry, options);
    if (deletion !== undefined) return deletion;
  }
}

/** Undefined when another writer was faster. */
async function deleteEntry(call: Call, entry: Entry, options: DeletionOptions): Promise<Deletion | undefined> {
  const { resource } = call;
  const object = ownObject(resource, entry);
  checkPreconditions(call, object.metadata, options);
  if (resource.group === "" && resource.resource === "namespaces") {
    const marked = markNamespaceDeleted(object, options, call.parts.clock.now());
    if (marked === "changed") return store(call, entry, object, options);
    if (marked === "pending") return { deleted: false, object, entry, returnsObject: true };
  }
  if (resource.beginDeletion?.(object, call.parts.clock.now())) return store(call, entry, object, options);
  const grace = beginGracefulDeletion(call, object, options);
  if (grace === "pending") return { deleted: false, object, entry, returnsObject: true };

  const finalizers = finalizersForDeletion(resource, object.metadata, options);
  if (finalizers !== undefined) object.metadata.finalizers = finalizers;
  const pendingFinalizers = (object.metadata.finalizers ?? []).length > 0;
  if (!pendingFinalizers) delete object.metadata.finalizers;
  if (grace === "none" && pendingFinalizers) markAsDeleting(object.metadata, call.parts.clock.now());
  if (pendingFinalizers || (grace === "graceful" && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0)) {
    return store(call, entry, object, options);
  }
  const returnsObject = returnsDeletedObject(resource);
  if (options.isDryRun) return { deleted: true, object, returnsObject };
  const removed = await removeObject(call, entry, object, requestContext(call, false));
  return removed && { deleted: true, object: removed.object, entry: removed.entry, returnsObject };
}

async function store(call: Call, entry: Entry, object: UnstructuredObject, options: DeletionOptions): Promise<Deletion | undefined> {
  if (options.isDryRun) return { deleted: false, object, returnsObject: true };
  try {
    const updated = await call.parts.store.update(entry.key, entry.revision, await encodeObject(call.resource, object));
    await convertEntries(call.resource, [updated]);
    return { deleted: false, object, entry: updated, returnsObject: true };
  } catch (error) {
    if (!(error instanceof RevisionMismatchError)) throw error;
    return undefined;
  }
}

function checkPreconditions(call: Call, meta: ObjectMeta, options: DeletionOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const kind = { group: call.resource.group, resource: call.resource.kind };
  const name = meta.name ?? "";
  if (uid !== undefined && uid !== meta.uid) {
    throw conflict(kind, name, `the UID in the precondition (${uid}) does not match the UID in record (${meta.uid}). The object might have been deleted and then recreated`);
  }
  if (resourceVersion !== undefined && resourceVersion !== meta.resourceVersion) {
    throw conflict(kind, name, `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${meta.resourceVersion}). The object might have been modified`);
  }
}

/** Marks an object whose kind ends with grace; "pending" when it is marked so already, "none" when it may go at once. */
function beginGracefulDeletion(call: Call, object: UnstructuredObject, options: DeletionOptions): "none" | "graceful" | "pending" {
  const { resource } = call;
  const now = call.parts.clock.now();
  const meta = object.metadata;
  let requested = options.gracePeriodSeconds;
  if (requested !== undefined && requested < 0) requested = 1;
  if (resource.gracePeriodSeconds === undefined) return "none";
  if (meta.deletionTimestamp !== undefined) return shortenGrace(meta, requested, now);
  const period = resource.gracePeriodSeconds(object, requested);
  if (period === undefined) return "none";
  meta.deletionTimestamp = formatTime(now + period * 1000);
  meta.deletionGracePeriodSeconds = period;
  if ((meta.generation ?? 0) > 0) meta.generation = (meta.generation ?? 0) + 1;
  return "graceful";
}

function shortenGrace(meta: ObjectMeta, requested: number | undefined, now: number): "none" | "graceful" | "pending" {
  const current = meta.deletionGracePeriodSeconds ?? 0;
  if (current === 0) return "none";
  if (requested === undefined || requested >= current) return "pending";
  const at = Date.parse(meta.deletionTimestamp ?? "") - current * 1000 + requested * 1000;
  meta.deletionTimestamp = formatTime(Math.max(at, now));
  meta.deletionGracePeriodSeconds = at < now && requested !== 0 ? 1 : requested;
  return "graceful";
}

function markAsDeleting(meta: ObjectMeta, now: number): void {
  if (meta.deletionTimestamp === undefined && (meta.generation ?? 0) > 0) meta.generation = (meta.generation ?? 0) + 1;
  if (meta.deletionTimestamp === undefined || Date.parse(meta.deletionTimestamp) > now) meta.deletionTimestamp = formatTime(now);
  meta.deletionGracePeriodSeconds = 0;
}
