// Behaviour: sigs.k8s.io/controller-runtime: a controller is a map from events to keys and a reconcile of one key.
import { isConflict } from "../api/errors.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { Change, Informers } from "../client/informer.ts";
import { WorkQueue } from "../client/work-queue.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import type { ApiResources } from "./api-resources.ts";

/** What a reconcile may ask for; nothing when it is done until the next event. */
export interface ReconcileResult {
  requeueAfterMs?: number;
}

/** One resource that a controller looks at, and the keys that a change of one of its objects concerns. */
export interface Watch {
  readonly source: ResourceRef;
  readonly keys: (change: Change<KubernetesObject>) => Iterable<string>;
}

/** One control loop: level-based, it gets a key, reads the world, and moves it one step. */
export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** How many keys are reconciled at the same time; 5 unless said. */
  readonly concurrency?: number;
  /** A key to reconcile once at the start, for controllers that have one key for the whole cluster. */
  readonly initialKeys?: readonly string[];
  /** For what is watched besides `watches`, because it is known at run time only; returns before the first reconcile. */
  start?(enqueue: (key: string) => void, signal: AbortSignal): void;
  reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult | void>;
}

/** Everything that a controller is made from. */
export interface ControllerContext {
  readonly client: ApiClient;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** What the API serves at the moment. */
  readonly resources: ApiResources;
  /** The recorder of events that come from `component`. */
  events(component: string): EventRecorder;
}

/** Makes a controller; called before the informers start. */
export type ControllerFactory = (context: ControllerContext) => Controller;

/** Watches a resource; `keys` maps a changed object to what must be reconciled, and `predicate` leaves changes out. */
export function watch<T extends KubernetesObject>(
  source: ResourceRef<T>,
  keys: (object: T, change: Change<T>) => Iterable<string>,
  predicate: (change: Change<T>) => boolean = () => true,
): Watch {
  return {
    source,
    keys: (change) => {
      const typed = change as Change<T>;
      return predicate(typed) ? keys(typed.object, typed) : [];
    },
  };
}

/** "namespace/name", or "name" for a cluster-scoped object: what queues hold. */
export function keyOf(object: KubernetesObject): string {
  const { namespace, name = "" } = object.metadata;
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** The key of the object itself, as the only one. */
export function ownKey(object: KubernetesObject): string[] {
  return [keyOf(object)];
}

/** Namespace ("" when cluster-scoped) and name of a key. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { namespace: "", name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Runs one controller until the signal aborts; resolves when its last reconcile has returned. */
export async function runController(controller: Controller, context: ControllerContext, signal: AbortSignal): Promise<void> {
  const logger = context.logger.with({ controller: controller.name });
  const queue = new WorkQueue<string>(context.clock);
  for (const { source, keys } of controller.watches) {
    context.informers.informer(source).onChange((change) => {
      for (const key of keys(change)) queue.add(key);
    });
  }
  for (const key of controller.initialKeys ?? []) queue.add(key);
  signal.addEventListener("abort", () => queue.shutDown(), { once: true });
  if (signal.aborted) return;
  controller.start?.((key) => queue.add(key), signal);
  await Promise.all(controller.watches.map(({ source }) => context.informers.informer(source).synced(signal))).catch(() => {});
  const workers = Array.from({ length: controller.concurrency ?? 5 }, () => work(controller, queue, logger, signal));
  await Promise.all(workers);
}

async function work(controller: Controller, queue: WorkQueue<string>, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
    try {
      const result = await controller.reconcile(key, signal);
      queue.forget(key);
      if (result?.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      if (!signal.aborted) {
        if (isConflict(error)) logger.debug("Reconcile met a newer object, trying again", { key, error });
        else logger.warn("Reconcile failed, trying again", { key, error });
        queue.addRateLimited(key);
      }
    } finally {
      queue.done(key);
    }
  }
}
