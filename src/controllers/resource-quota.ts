// Behaviour: pkg/controller/resourcequota: counts what a namespace uses of its quotas.
import type { ResourceQuota } from "../api/generated/types/core/v1.ts";
import { semanticEqual } from "../api/equality.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { Amounts } from "../api/pod-resources.ts";
import { addAmounts, parseAmounts } from "../api/pod-resources.ts";
import { zeroQuantity } from "../api/quantity.ts";
import { matchesQuotaScopes, quotaCovers, quotaUsage } from "../api/quota-usage.ts";
import { resourceQuotas } from "../api/resource-refs.ts";
import type { Informer } from "../client/informer.ts";
import type { ApiResource } from "./api-resources.ts";
import type { Controller, ControllerContext } from "./runtime.ts";
import { keyOf, ownKey, watch } from "./runtime.ts";

/** How long it may take until a new resource is counted. */
const DISCOVERY_MS = 30_000;
/** Objects that nobody counts. */
const UNCOUNTED = new Set(["events"]);

/** Keeps the status of quotas in step with the objects of their namespace. */
export function createResourceQuotaController(context: ControllerContext): Controller {
  const loop = new ResourceQuotaLoop(context);
  return {
    name: "resourcequota-controller",
    watches: [watch(resourceQuotas, ownKey, ({ object, previous }) => !semanticEqual(object.spec, previous?.spec) || !semanticEqual(object.status, previous?.status))],
    start: (enqueue) => loop.start(enqueue),
    reconcile: (key) => loop.reconcile(key),
  };
}

class ResourceQuotaLoop {
  private readonly context: ControllerContext;
  private readonly quotas: Informer<ResourceQuota>;
  private readonly watched = new Set<string>();
  private discovered: { readonly at: number; readonly resources: readonly ApiResource[] } | undefined;
  private enqueue: (key: string) => void = () => {};

  constructor(context: ControllerContext) {
    this.context = context;
    this.quotas = context.informers.informer(resourceQuotas);
  }

  start(enqueue: (key: string) => void): void {
    this.enqueue = enqueue;
  }

  async reconcile(key: string): Promise<void> {
    const quota = this.quotas.get(key);
    if (quota === undefined) return;
    const hard = quota.spec.hard ?? {};
    const used: Amounts = new Map();
    for (const resource of await this.limitedResources(hard)) {
      const objects = this.context.informers.informer<KubernetesObject>(resource);
      this.watch(resource, objects);
      await objects.synced();
      for (const object of objects.list(quota.metadata.namespace)) {
        if (matchesQuotaScopes(quota, resource, object)) addAmounts(used, quotaUsage(resource, object, this.context.clock.now()));
      }
    }
    const usage = Object.fromEntries(Object.keys(hard).map((name) => [name, (used.get(name) ?? zeroQuantity).toString()]));
    const isCurrent = semanticEqual(hard, quota.status.hard) && sameAmounts(usage, quota.status.used);
    if (isCurrent) return;
    await this.context.client.resource(resourceQuotas, quota.metadata.namespace).updateStatus({ ...quota, status: { hard, used: usage } });
  }

  /** The resources whose objects the limits are about. */
  private async limitedResources(hard: Readonly<Record<string, string>>): Promise<ApiResource[]> {
    const now = this.context.clock.monotonic();
    if (this.discovered === undefined || now - this.discovered.at > DISCOVERY_MS) this.discovered = { at: now, resources: await this.context.resources.list() };
    return this.discovered.resources.filter((resource) => {
      const canBeCounted = resource.namespaced && resource.verbs.includes("watch") && !UNCOUNTED.has(resource.resource);
      return canBeCounted && Object.keys(hard).some((name) => quotaCovers(name, resource));
    });
  }

  /** From the first quota on that limits the resource, its objects are watched; changes that cannot change usage are not looked at. */
  private watch(resource: ApiResource, objects: Informer<KubernetesObject>): void {
    const id = `${resource.group}/${resource.resource}`;
    if (this.watched.has(id)) return;
    this.watched.add(id);
    objects.onChange(({ type, object, previous }) => {
      const now = this.context.clock.now();
      if (type === "updated" && previous !== undefined && sameUsage(quotaUsage(resource, previous, now), quotaUsage(resource, object, now))) return;
      for (const quota of this.quotas.list(object.metadata.namespace)) this.enqueue(keyOf(quota));
    });
  }
}

function sameUsage(a: Amounts, b: Amounts): boolean {
  return a.size === b.size && [...a].every(([name, amount]) => b.get(name)?.cmp(amount) === 0);
}

function sameAmounts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>> | undefined): boolean {
  return b !== undefined && sameUsage(parseAmounts(a), parseAmounts(b));
}
