// Behaviour: k8s.io/apiserver/pkg/storage GuaranteedUpdate: changes by the server itself, outside a resource's strategy.
import { notFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { type Entry, RevisionMismatchError } from "../../store/store.ts";
import type { Call } from "../call.ts";
import { convertEntries, encodeObject, objectKey, ownObject } from "../object-storage.ts";
import type { Resource } from "../resource.ts";
import { deepEqual } from "./deep-equal.ts";

/** Which object to change. */
export interface UpdateTarget {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

/** Changes an object in place, again and again until no other writer gets between; undefined entry for a dry run. Throws 404. */
export async function guaranteedUpdate(
  call: Call,
  { resource, namespace, name }: UpdateTarget,
  dryRun: boolean,
  change: (object: UnstructuredObject) => void,
): Promise<{ object: UnstructuredObject; entry?: Entry }> {
  const { store } = call.parts;
  const key = objectKey(resource, namespace, name);
  for (;;) {
    const entry = store.get(key);
    if (entry === undefined) throw notFound(resource, name);
    await convertEntries(resource, [entry]);
    const object = ownObject(resource, entry);
    change(object);
    if (dryRun) return { object };
    if (deepEqual(object, ownObject(resource, entry))) return { object, entry };
    try {
      return { object, entry: await store.update(entry.key, entry.revision, await encodeObject(resource, object)) };
    } catch (error) {
      if (!(error instanceof RevisionMismatchError)) throw error;
    }
  }
}
