// Behaviour: k8s.io/client-go/tools/cache (Indexer): an informer's objects, by key and by index.
import type { KubernetesObject } from "../api/object.ts";

/** The value (or values) under which an index has an object; undefined when it does not have it. */
export type IndexFunction<T> = (object: T) => string | readonly string[] | undefined;

/** "namespace/name", or "name" for a cluster-scoped object: the key of an object in caches and queues. */
export function objectKey(object: KubernetesObject): string {
  const { namespace, name = "" } = object.metadata;
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

class Index<T> {
  readonly valuesOf: IndexFunction<T>;
  readonly members = new Map<string, Map<string, T>>();

  constructor(valuesOf: IndexFunction<T>) {
    this.valuesOf = valuesOf;
  }

  change(key: string, previous: T | undefined, next: T | undefined): void {
    for (const value of this.list(previous)) {
      const members = this.members.get(value);
      members?.delete(key);
      if (members?.size === 0) this.members.delete(value);
    }
    for (const value of this.list(next)) {
      const members = this.members.get(value);
      if (next === undefined) continue;
      if (members === undefined) this.members.set(value, new Map([[key, next]]));
      else members.set(key, next);
    }
  }

  private list(object: T | undefined): readonly string[] {
    const values = object === undefined ? undefined : this.valuesOf(object);
    if (values === undefined) return [];
    return typeof values === "string" ? [values] : values;
  }
}

/** Objects of one resource, with an index by namespace and those that are added. */
export class ObjectCache<T extends KubernetesObject> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, Index<T>>([["namespace", new Index((object: T) => object.metadata.namespace)]]);

  get size(): number {
    return this.objects.size;
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  keys(): Iterable<string> {
    return this.objects.keys();
  }

  /** All objects, or those of a namespace. */
  list(namespace?: string): T[] {
    return namespace === undefined || namespace === "" ? [...this.objects.values()] : this.indexed("namespace", namespace);
  }

  /** The objects that the index has under the value. */
  indexed(name: string, value: string): T[] {
    const index = this.indexes.get(name);
    if (index === undefined) throw new Error(`there is no index ${name}`);
    return [...(index.members.get(value)?.values() ?? [])];
  }

  /** Adds an index; one of that name that is there already stays. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    if (this.indexes.has(name)) return;
    const index = new Index(valuesOf);
    this.indexes.set(name, index);
    for (const [key, object] of this.objects) index.change(key, undefined, object);
  }

  /** Puts an object under its key, or with undefined takes away what is there; returns what was there. */
  put(key: string, next: T | undefined): T | undefined {
    const previous = this.objects.get(key);
    if (next === undefined) this.objects.delete(key);
    else this.objects.set(key, next);
    for (const index of this.indexes.values()) index.change(key, previous, next);
    return previous;
  }
}
