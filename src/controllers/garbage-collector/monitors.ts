// Behaviour: pkg/controller/garbagecollector (resyncMonitors): one informer for each resource whose objects can be deleted.
import type { KubernetesObject } from "../../api/object.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import type { Change, Informer } from "../../client/informer.ts";
import { InformerFactory } from "../../client/informer.ts";
import type { ApiResource } from "../api-resources.ts";
import type { ControllerContext } from "../runtime.ts";

/** Objects that come and go too fast to be worth watching, and own nothing. */
const IGNORED = new Set(["/events", "events.k8s.io/events"]);

/** One resource that does not answer must not keep the others from being collected. */
const SYNC_TIMEOUT_MS = 30_000;

interface Monitor {
  readonly resource: ApiResource;
  readonly informer: Informer<KubernetesObject>;
  readonly stop: AbortController;
}

/** Watches every resource, as resources come and go. */
export class ResourceMonitors {
  private readonly context: ControllerContext;
  private readonly tell: (ref: ResourceRef, change: Change) => void;
  private readonly monitors = new Map<string, Monitor>();
  private readonly discovered = Promise.withResolvers<void>();
  private ready: Promise<unknown> = this.discovered.promise;
  private signal: AbortSignal | undefined;

  constructor(context: ControllerContext, tell: (ref: ResourceRef, change: Change) => void) {
    this.context = context;
    this.tell = tell;
  }

  start(signal: AbortSignal): void {
    this.signal = signal;
    signal.addEventListener("abort", () => this.discovered.resolve(), { once: true });
  }

  /** Watches these resources and no others. */
  sync(resources: readonly ApiResource[]): void {
    const wanted = new Map(resources.filter(isWatchable).map((resource) => [`${resource.group}/${resource.version}/${resource.resource}`, resource]));
    for (const [id, monitor] of this.monitors) {
      if (wanted.has(id)) continue;
      monitor.stop.abort();
      this.monitors.delete(id);
      for (const object of monitor.informer.list()) this.tell(monitor.resource, { type: "deleted", object });
    }
    for (const [id, resource] of wanted) if (!this.monitors.has(id)) this.monitors.set(id, this.monitor(resource));
    const synced = [...this.monitors.values()].map(({ informer, stop }) => informer.synced(stop.signal).catch(() => {}));
    this.ready = Promise.race([Promise.all(synced), this.context.clock.sleep(SYNC_TIMEOUT_MS, this.signal).catch(() => {})]);
    this.discovered.resolve();
  }

  /** Resolves when all that is watched is known, or some of it cannot be had for long. */
  async synced(): Promise<void> {
    await this.discovered.promise;
    await this.ready;
  }

  /** Resources of the cluster's own share the informers of other controllers; custom ones end with their definition. */
  private monitor(resource: ApiResource): Monitor {
    const stop = new AbortController();
    const end = AbortSignal.any([stop.signal, ...(this.signal === undefined ? [] : [this.signal])]);
    const isBuiltIn = resource.group === "" || !resource.group.includes(".") || resource.group.endsWith(".k8s.io");
    const own = new InformerFactory(this.context);
    const informer = (isBuiltIn ? this.context.informers : own).informer(resource);
    const unsubscribe = informer.onChange((change) => this.tell(resource, change));
    end.addEventListener("abort", unsubscribe, { once: true });
    own.start(end);
    return { resource, informer, stop };
  }
}

function isWatchable({ group, resource, verbs }: ApiResource): boolean {
  return ["delete", "list", "watch"].every((verb) => verbs.includes(verb)) && !IGNORED.has(`${group}/${resource}`);
}
