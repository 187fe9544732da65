// What many requests ask of the store and few change: compiled once, and again after a change.
import type { KubernetesObject } from "../../api/object.ts";
import type { Store } from "../../store/store.ts";
import { keyPrefix, lookupAll } from "../object-storage.ts";

/** The objects of a resource in the order of their names, as `compile` sees them. The answer is shared until one of them changes. */
export function cachedObjects<T extends KubernetesObject, R>(store: Store, of: { group: string; resource: string }, compile: (object: T) => R): () => readonly R[] {
  return derived(store, [of], () => {
    const compiled = new WeakMap<KubernetesObject, R>();
    return () =>
      lookupAll(store, of, "").map((object) => {
        let result = compiled.get(object);
        if (result === undefined) compiled.set(object, (result = compile(object as T)));
        return result;
      });
  });
}

/** A value made of the objects of some resources, made again after one of them changed. */
export function derived<R>(store: Store, of: readonly { group: string; resource: string }[], prepare: () => () => R): () => R {
  const make = prepare();
  let value: R | undefined;
  let isWatching = false;
  return () => {
    if (!isWatching) {
      isWatching = true;
      for (const resource of of) store.watch(keyPrefix(resource, ""), store.revision, () => (value = undefined));
    }
    return (value ??= make());
  };
}
