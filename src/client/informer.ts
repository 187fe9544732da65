// Behaviour: k8s.io/client-go/tools/cache (Reflector, SharedInformer) and k8s.io/client-go/informers.
import { isExpired, StatusError } from "../api/errors.ts";
import type { KubernetesObject } from "../api/object.ts";
import { formatGroupResource } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import type { ApiClient, ListOptions, ResourceClient } from "./client.ts";
import { type IndexFunction, ObjectCache, objectKey } from "./object-cache.ts";

const INITIAL_BACKOFF_MS = 800;
const MAX_BACKOFF_MS = 30_000;
/** A watch that ends sooner, and brought nothing, is taken for a failure. */
const SHORT_WATCH_MS = 1000;

/** One change of one object, as the informer saw it; of a deletion `object` is the last state known. */
export interface Change<T extends KubernetesObject = KubernetesObject> {
  readonly type: "added" | "updated" | "deleted";
  readonly object: T;
  /** Before an update. */
  readonly previous?: T;
}

/** All objects of a resource, kept current by a watch. Objects are shared and not to be mutated; they come without managedFields. */
export interface Informer<T extends KubernetesObject> {
  /** Whether everything that was there at the start is here. */
  readonly hasSynced: boolean;
  /** Resolves when everything that was there at the start is here and was told; rejects when the signal aborts. */
  synced(signal?: AbortSignal): Promise<void>;
  /** The object with the key "namespace/name", or "name" when cluster-scoped. */
  get(key: string): T | undefined;
  /** All objects, or those of a namespace. */
  list(namespace?: string): T[];
  /** The objects that an index has under a value; "namespace" is always there. */
  indexed(index: string, value: string): T[];
  /** Adds an index; one of that name that is there already stays. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void;
  /** Calls the handler for what is there, as added, and for every change to come; returns the function that ends it. */
  onChange(handler: (change: Change<T>) => void): () => void;
}

/** Which objects of a resource an informer holds. */
export type InformerScope = Pick<ListOptions, "labelSelector" | "fieldSelector"> & { readonly namespace?: string };

/** The informers of one process: who asks for the same resource shares one. */
export interface Informers {
  informer<T extends KubernetesObject>(ref: ResourceRef<T>, scope?: InformerScope): Informer<T>;
}

/** What informers work with. */
export interface InformerContext {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/** Makes informers when they are asked for, and runs them from `start` on. */
export class InformerFactory implements Informers {
  private readonly context: InformerContext;
  private readonly informers = new Map<string, SharedInformer<KubernetesObject>>();
  private signal: AbortSignal | undefined;

  constructor(context: InformerContext) {
    this.context = context;
  }

  informer<T extends KubernetesObject>(ref: ResourceRef<T>, scope: InformerScope = {}): Informer<T> {
    const id = [ref.group, ref.version, ref.resource, scope.namespace, scope.labelSelector, scope.fieldSelector].join(" ");
    const known = this.informers.get(id);
    if (known !== undefined) return known as unknown as SharedInformer<T>;
    const informer = new SharedInformer<T>(this.context, ref, scope);
    this.informers.set(id, informer as unknown as SharedInformer<KubernetesObject>);
    if (this.signal !== undefined) void informer.run(this.signal);
    return informer;
  }

  /** Runs the informers that were asked for, and those that will be, until the signal aborts. */
  start(signal: AbortSignal): void {
    this.signal = signal;
    for (const informer of this.informers.values()) void informer.run(signal);
  }

  /** Resolves when every informer asked for so far has synced. */
  async synced(signal?: AbortSignal): Promise<void> {
    await Promise.all([...this.informers.values()].map((informer) => informer.synced(signal)));
  }
}

class SharedInformer<T extends KubernetesObject> implements Informer<T> {
  private readonly context: InformerContext;
  private readonly client: ResourceClient<T>;
  private readonly selectors: ListOptions;
  private readonly logger: Logger;
  private readonly cache = new ObjectCache<T>();
  private readonly handlers = new Set<(change: Change<T>) => void>();
  private readonly firstSync = Promise.withResolvers<void>();
  private failures = 0;
  hasSynced = false;

  constructor(context: InformerContext, ref: ResourceRef<T>, scope: InformerScope) {
    const { namespace, ...selectors } = scope;
    this.context = context;
    this.client = context.client.resource(ref, namespace);
    this.selectors = selectors;
    this.logger = context.logger.with({ resource: formatGroupResource(ref) });
  }

  get(key: string): T | undefined {
    return this.cache.get(key);
  }

  list(namespace?: string): T[] {
    return this.cache.list(namespace);
  }

  indexed(index: string, value: string): T[] {
    return this.cache.indexed(index, value);
  }

  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    this.cache.addIndex(name, valuesOf);
  }

  onChange(handler: (change: Change<T>) => void): () => void {
    this.handlers.add(handler);
    for (const object of this.cache.list()) this.tell(handler, { type: "added", object });
    return () => this.handlers.delete(handler);
  }

  synced(signal?: AbortSignal): Promise<void> {
    if (signal === undefined || this.hasSynced) return this.firstSync.promise;
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    return Promise.race([this.firstSync.promise, aborted.promise]).finally(() => signal.removeEventListener("abort", abort));
  }

  /** Lists and watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let version: string | undefined;
    while (!signal.aborted) {
      try {
        version ??= await this.relist();
        version = await this.follow(version, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof StatusError) version = undefined;
        if (isExpired(error)) continue;
        this.logger.warn(version === undefined ? "Listing failed, trying again" : "Watching failed, trying again", { error });
        await this.backOff(signal).catch(() => {});
      }
    }
  }

  /** Makes the cache what the server has; returns the resource version of it. */
  private async relist(): Promise<string> {
    const { items, metadata } = await this.client.list(this.selectors);
    const gone = new Set(this.cache.keys());
    for (const item of items) {
      gone.delete(objectKey(item));
      this.put(item);
    }
    for (const key of gone) this.remove(key);
    this.failures = 0;
    this.hasSynced = true;
    this.firstSync.resolve();
    return metadata.resourceVersion ?? "";
  }

  /** Applies a watch's events until it ends; returns the version to go on from. */
  private async follow(from: string, signal: AbortSignal): Promise<string> {
    const started = this.context.clock.monotonic();
    let version = from;
    try {
      for await (const { type, object } of this.client.watch({ ...this.selectors, resourceVersion: version, allowWatchBookmarks: true }, signal)) {
        version = object.metadata.resourceVersion ?? version;
        this.failures = 0;
        if (type === "DELETED") this.remove(objectKey(object), object);
        else if (type !== "BOOKMARK") this.put(object);
      }
    } catch (error) {
      if (error instanceof StatusError || signal.aborted) throw error;
      this.logger.debug("Watch broke off, going on", { error });
      await this.backOff(signal);
      return version;
    }
    if (version === from && this.context.clock.monotonic() - started < SHORT_WATCH_MS) await this.backOff(signal);
    return version;
  }

  private put(received: T): void {
    const object = withoutManagedFields(received);
    const key = objectKey(object);
    const current = this.cache.get(key);
    if (current !== undefined && current.metadata.uid !== object.metadata.uid) this.remove(key);
    else if (current !== undefined && current.metadata.resourceVersion === object.metadata.resourceVersion) return;
    const previous = this.cache.put(key, object);
    this.tellAll(previous === undefined ? { type: "added", object } : { type: "updated", object, previous });
  }

  private remove(key: string, last?: T): void {
    const previous = this.cache.put(key, undefined);
    const object = last === undefined ? previous : withoutManagedFields(last);
    if (previous !== undefined && object !== undefined) this.tellAll({ type: "deleted", object, previous });
  }

  private tellAll(change: Change<T>): void {
    for (const handler of this.handlers) this.tell(handler, change);
  }

  private tell(handler: (change: Change<T>) => void, change: Change<T>): void {
    try {
      handler(change);
    } catch (error) {
      this.logger.error("An event handler failed", { key: objectKey(change.object), error });
    }
  }

  /** Waits 0.8 s to 30 s, doubling with each failure in a row, and up to as much again. */
  private backOff(signal: AbortSignal): Promise<void> {
    const delay = Math.min(INITIAL_BACKOFF_MS * 2 ** this.failures++, MAX_BACKOFF_MS);
    return this.context.clock.sleep(delay * (1 + this.context.ids.fraction()), signal);
  }
}

/** Nobody who reads a cache wants the managers of fields, and they are a third of an object. A write without them keeps them. */
function withoutManagedFields<T extends KubernetesObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
