// Behaviour: the last step of k8s.io/apiserver/pkg/registry/generic/registry/store.go's deletions.
import type { UnstructuredObject } from "../../api/object.ts";
import { type Entry, RevisionMismatchError } from "../../store/store.ts";
import type { Call } from "../call.ts";
import { convertEntries, encodeObject, ownObject } from "../object-storage.ts";
import type { RequestContext } from "../resource.ts";
import type { Written } from "./create-object.ts";

/** Takes an object out of the store, with `last` as its final state; undefined when another writer was faster. */
export async function removeObject(call: Call, entry: Entry, last: UnstructuredObject, context: RequestContext): Promise<Written | undefined> {
  const { resource, parts } = call;
  try {
    const removed = await parts.store.delete(entry.key, entry.revision, await encodeObject(resource, last));
    await convertEntries(resource, [removed]);
    const object = ownObject(resource, removed);
    resource.afterDelete?.(object, context);
    return { entry: removed, object };
  } catch (error) {
    if (error instanceof RevisionMismatchError) return undefined;
    throw error;
  }
}
