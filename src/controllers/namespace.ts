// Behaviour: pkg/controller/namespace: empties a namespace that is being deleted, pods first, and lets it go when nothing is left.
import type { Namespace } from "../api/generated/types/core/v1.ts";
import { semanticEqual } from "../api/equality.ts";
import type { KubernetesObject } from "../api/object.ts";
import { namespaces, pods } from "../api/resource-refs.ts";
import type { ApiClient, ResourceClient } from "../client/client.ts";
import type { Clock } from "../util/clock.ts";
import type { ApiResource } from "./api-resources.ts";
import { isSameResource } from "./api-resources.ts";
import type { DeletionProgress } from "./namespace-conditions.ts";
import { namespaceConditions } from "./namespace-conditions.ts";
import { orGone } from "./not-found.ts";
import { messageOf } from "./pod-control.ts";
import type { Controller, ControllerContext, ReconcileResult } from "./runtime.ts";
import { ownKey, watch } from "./runtime.ts";

const FINALIZER = "kubernetes";
const FIRST_CHECK_MS = 500;
const LAST_CHECK_MS = 8_000;

/** Deletes everything in namespaces that are being deleted. */
export function createNamespaceController(context: ControllerContext): Controller {
  const loop = new NamespaceLoop(context);
  const all = context.informers.informer(namespaces);
  return {
    name: "namespace-controller",
    concurrency: 10,
    watches: [
      watch(namespaces, ownKey, ({ type, object }) => type !== "deleted" && object.metadata.deletionTimestamp !== undefined),
      watch(
        pods,
        ({ metadata: { namespace = "" } }) => [namespace],
        ({ type, object }) => type === "deleted" && all.get(object.metadata.namespace ?? "")?.metadata.deletionTimestamp !== undefined,
      ),
    ],
    reconcile: (name) => loop.reconcile(name),
  };
}

class NamespaceLoop {
  private readonly context: ControllerContext;
  private readonly client: ApiClient;
  private readonly clock: Clock;
  private readonly namespaces: ResourceClient<Namespace>;
  /** How often each namespace was looked at; those that do not come to their end are looked at less and less often. */
  private readonly passes = new Map<string, number>();

  constructor(context: ControllerContext) {
    this.context = context;
    this.client = context.client;
    this.clock = context.clock;
    this.namespaces = context.client.resource(namespaces);
  }

  async reconcile(name: string): Promise<ReconcileResult | void> {
    const namespace = await orGone(this.namespaces.get(name));
    if (namespace === undefined || namespace.metadata.deletionTimestamp === undefined) return void this.passes.delete(name);
    if (!(namespace.spec.finalizers ?? []).includes(FINALIZER)) return;
    const progress = await this.deleteContent(name);
    const current = await this.updateConditions(namespace, progress);
    if (current === undefined) return void this.passes.delete(name);
    if (progress.remaining.size === 0 && progress.contentErrors.length === 0 && progress.discoveryError === undefined) {
      this.passes.delete(name);
      const finalizers = (current.spec.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
      await orGone(this.namespaces.updateSubresource(name, "finalize", { ...current, spec: { ...current.spec, finalizers } }));
      return;
    }
    const pass = this.passes.get(name) ?? 0;
    this.passes.set(name, pass + 1);
    return { requeueAfterMs: Math.min(FIRST_CHECK_MS * 2 ** pass, LAST_CHECK_MS) };
  }

  /** Pods go before everything else, so that what they use is there until their end. */
  private async deleteContent(namespace: string): Promise<DeletionProgress> {
    const progress: DeletionProgress = { contentErrors: [], remaining: new Map(), finalizers: new Map() };
    let resources: ApiResource[];
    try {
      resources = (await this.context.resources.list()).filter(({ namespaced, verbs }) => namespaced && verbs.includes("delete"));
    } catch (error) {
      progress.discoveryError = messageOf(error);
      return progress;
    }
    const isPods = (resource: ApiResource) => isSameResource(resource, pods);
    await this.deleteResources(namespace, resources.filter(isPods), progress);
    if (progress.remaining.size === 0) {
      await this.deleteResources(namespace, resources.filter((resource) => !isPods(resource)), progress);
    }
    return progress;
  }

  private async deleteResources(namespace: string, resources: readonly ApiResource[], progress: DeletionProgress): Promise<void> {
    await Promise.all(
      resources.map(async (resource) => {
        try {
          for (const item of await this.deleteResource(namespace, resource)) {
            progress.remaining.set(resource, (progress.remaining.get(resource) ?? 0) + 1);
            for (const finalizer of item.metadata.finalizers ?? []) progress.finalizers.set(finalizer, (progress.finalizers.get(finalizer) ?? 0) + 1);
          }
        } catch (error) {
          progress.contentErrors.push(messageOf(error));
        }
      }),
    );
  }

  /** Deletes the objects of one resource and returns those that are still there. */
  private async deleteResource(namespace: string, resource: ApiResource): Promise<KubernetesObject[]> {
    const objects = this.client.resource(resource, namespace);
    const canList = resource.verbs.includes("list");
    if (canList && (await objects.list({ limit: 1 })).items.length === 0) return [];
    const deletion = { propagationPolicy: "Background" } as const;
    if (resource.verbs.includes("deletecollection")) {
      await objects.deleteCollection({}, deletion);
    } else if (canList) {
      for (const item of (await objects.list()).items) await orGone(objects.delete(item.metadata.name ?? "", deletion));
    }
    return canList ? (await objects.list()).items : [];
  }

  /** The namespace with its conditions written; undefined when it is gone. */
  private async updateConditions(namespace: Namespace, progress: DeletionProgress): Promise<Namespace | undefined> {
    const conditions = namespaceConditions(namespace.status.conditions ?? [], progress, this.clock.now());
    if (semanticEqual(conditions, namespace.status.conditions)) return namespace;
    return orGone(this.namespaces.updateStatus({ ...namespace, status: { ...namespace.status, conditions } }));
  }
}
