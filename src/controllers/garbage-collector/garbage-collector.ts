// Behaviour: pkg/controller/garbagecollector: objects go when the last of their owners has gone.
import type { OwnerReference } from "../../api/generated/types/meta/v1.ts";
import { isConflict } from "../../api/errors.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { formatApiVersion, parseApiVersion } from "../../api/object.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import { apiServices, customResourceDefinitions } from "../../api/resource-refs.ts";
import type { ResourceClient } from "../../client/client.ts";
import type { ApiResource } from "../api-resources.ts";
import { orGone } from "../not-found.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { ResourceMonitors } from "./monitors.ts";
import type { GraphEffects, OwnedObject } from "./owner-graph.ts";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER, OwnerGraph, ownedObject } from "./owner-graph.ts";

const RESOURCES = "resources";

/** Deletes what has lost its owners, over all resources that the API serves. */
export function createGarbageCollector(context: ControllerContext): Controller {
  const collector = new GarbageCollector(context);
  return {
    name: "garbage-collector-controller",
    concurrency: 20,
    watches: [],
    initialKeys: [RESOURCES],
    start: (enqueue, signal) => collector.start(enqueue, signal),
    reconcile: (key) => collector.reconcile(key),
  };
}

class GarbageCollector {
  private readonly context: ControllerContext;
  private readonly graph = new OwnerGraph();
  private readonly monitors: ResourceMonitors;
  private resources: readonly ApiResource[] = [];
  private enqueue: (key: string) => void = () => {};

  constructor(context: ControllerContext) {
    this.context = context;
    this.monitors = new ResourceMonitors(context, (ref, change) => this.follow(this.graph.observe(ref, change)));
  }

  start(enqueue: (key: string) => void, signal: AbortSignal): void {
    this.enqueue = enqueue;
    // Not in `watches`: a server without these resources is collected all the same.
    for (const source of [customResourceDefinitions, apiServices]) this.context.informers.informer<KubernetesObject>(source).onChange(() => enqueue(RESOURCES));
    this.monitors.start(signal);
  }

  private follow({ attemptDelete, attemptOrphan }: GraphEffects): void {
    for (const uid of attemptDelete) this.enqueue(`delete ${uid}`);
    for (const uid of attemptOrphan) this.enqueue(`orphan ${uid}`);
  }

  async reconcile(key: string): Promise<void> {
    if (key === RESOURCES) return this.discover();
    await this.monitors.synced();
    const [action, uid = ""] = key.split(" ");
    const object = this.graph.get(uid);
    if (object === undefined) return;
    await (action === "orphan" ? this.orphanDependents(object) : this.attemptDelete(object));
  }

  private async discover(): Promise<void> {
    this.resources = await this.context.resources.list();
    this.monitors.sync(this.resources);
  }

  private async attemptDelete(object: OwnedObject): Promise<void> {
    if (object.deleting && !object.deletingDependents) return;
    if (!object.deletingDependents && object.owners.every((owner) => this.graph.get(owner.uid)?.deletingDependents === false)) return;
    const latest = await this.latest(object);
    if (latest === undefined) return this.follow(this.graph.remove(object.uid));
    const current = ownedObject(object.ref, latest);
    if (current.deletingDependents) return this.finishForeground(current, latest);
    if (current.deleting || current.owners.length === 0) return;

    const { solid, dangling, waiting } = await this.classify(current);
    if (solid.length > 0) {
      if (dangling.length + waiting.length > 0) await this.patch(object, { ownerReferences: solid }, latest);
      return;
    }
    const dependents = this.graph.dependentsOf(object.uid);
    if (waiting.length > 0 && dependents.length > 0) {
      let subject = latest;
      if (dependents.some((dependent) => dependent.deletingDependents)) {
        const unblocked = current.owners.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
        subject = await this.patch(object, { ownerReferences: unblocked }, latest);
      }
      return this.delete(object, subject, "Foreground");
    }
    await this.delete(object, latest, policyOf(latest));
  }

  /** Which owners exist, which do not, and which exist only until this object is gone. */
  private async classify(object: OwnedObject): Promise<Record<"solid" | "dangling" | "waiting", OwnerReference[]>> {
    const classes: Record<"solid" | "dangling" | "waiting", OwnerReference[]> = { solid: [], dangling: [], waiting: [] };
    for (const reference of object.owners) {
      const owner = await this.findOwner(object, reference);
      if (owner === undefined) classes.dangling.push(reference);
      else if (owner.deletingDependents) classes.waiting.push(reference);
      else classes.solid.push(reference);
    }
    return classes;
  }

  private async findOwner(object: OwnedObject, reference: OwnerReference): Promise<OwnedObject | undefined> {
    const known = this.graph.get(reference.uid);
    if (known !== undefined) return known;
    const ref = this.refOf(reference);
    if (ref.namespaced && object.namespace === "") throw new Error(`${object.ref.kind} ${object.name} is cluster-scoped and refers to a namespaced owner`);
    const owner = await orGone(this.context.client.resource(ref, ref.namespaced ? object.namespace : undefined).get(reference.name));
    return owner === undefined || owner.metadata.uid !== reference.uid ? undefined : ownedObject(ref, owner);
  }

  private refOf({ apiVersion, kind }: OwnerReference): ResourceRef {
    const group = parseApiVersion(apiVersion)?.group;
    const resource = this.resources.find((candidate) => candidate.kind === kind && candidate.group === group);
    if (resource === undefined) throw new Error(`unable to get REST mapping for ${apiVersion}/${kind}`);
    return resource;
  }

  /** The object waits for its dependents: it may go when none is left that blocks it. */
  private async finishForeground(object: OwnedObject, latest: KubernetesObject): Promise<void> {
    const blocking = this.graph.dependentsOf(object.uid).filter(({ owners }) => {
      return owners.some((owner) => owner.uid === object.uid && owner.blockOwnerDeletion === true);
    });
    if (blocking.length === 0) return this.removeFinalizer(object, FOREGROUND_FINALIZER, latest);
    for (const dependent of blocking) if (!dependent.deletingDependents) this.enqueue(`delete ${dependent.uid}`);
  }

  private async orphanDependents(owner: OwnedObject): Promise<void> {
    await Promise.all(
      this.graph.dependentsOf(owner.uid).map(async (dependent) => {
        const latest = await this.latest(dependent);
        if (latest === undefined) return;
        const ownerReferences = (latest.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.uid);
        await this.patch(dependent, { ownerReferences }, latest);
      }),
    );
    const latest = await this.latest(owner);
    if (latest !== undefined) await this.removeFinalizer(owner, ORPHAN_FINALIZER, latest);
  }

  private async removeFinalizer(object: OwnedObject, finalizer: string, latest: KubernetesObject): Promise<void> {
    const finalizers = (latest.metadata.finalizers ?? []).filter((name) => name !== finalizer);
    await orGone(this.patch(object, { finalizers }, latest));
  }

  private client({ ref, namespace }: OwnedObject): ResourceClient<KubernetesObject> {
    return this.context.client.resource(ref, ref.namespaced ? namespace : undefined);
  }

  /** The object as the API has it; undefined when it is gone, or another has its name. */
  private async latest(object: OwnedObject): Promise<KubernetesObject | undefined> {
    const latest = await orGone(this.client(object).get(object.name));
    return latest?.metadata.uid === object.uid ? latest : undefined;
  }

  /** Changes metadata of the object if nobody else has changed it since `latest` was read. */
  private patch(object: OwnedObject, changes: { ownerReferences?: OwnerReference[]; finalizers?: string[] }, { metadata }: KubernetesObject): Promise<KubernetesObject> {
    const { uid, resourceVersion } = metadata;
    return this.client(object).patch(object.name, "application/merge-patch+json", { metadata: { uid, resourceVersion, ...changes } });
  }

  private async delete(object: OwnedObject, { metadata }: KubernetesObject, propagationPolicy: "Orphan" | "Background" | "Foreground"): Promise<void> {
    const { uid, resourceVersion } = metadata;
    this.context.logger.debug("Deleting an object whose owners are gone", { kind: `${formatApiVersion(object.ref)} ${object.ref.kind}`, name: object.name });
    try {
      await orGone(this.client(object).delete(object.name, { propagationPolicy, preconditions: { uid, resourceVersion } }));
    } catch (error) {
      if (!isConflict(error)) throw error;
      this.enqueue(`delete ${object.uid}`);
    }
  }
}

/** How an object wants to be deleted shows in its finalizers. */
function policyOf({ metadata: { finalizers = [] } }: KubernetesObject): "Orphan" | "Background" | "Foreground" {
  if (finalizers.includes(ORPHAN_FINALIZER)) return "Orphan";
  return finalizers.includes(FOREGROUND_FINALIZER) ? "Foreground" : "Background";
}
