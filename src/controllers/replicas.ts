// Behaviour: pkg/controller/replicaset: keeps the number of pods that ReplicaSets and ReplicationControllers ask for.
import type { ReplicaSetCondition, ReplicaSetStatus } from "../api/generated/types/apps/v1.ts";
import type { Pod, PodTemplateSpec } from "../api/generated/types/core/v1.ts";
import { semanticEqual } from "../api/equality.ts";
import { isNotFound } from "../api/errors.ts";
import type { LabelSelector } from "../api/label-selector.ts";
import { labelSelectorOfMap } from "../api/label-selector.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import { pods } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import { Expectations } from "../client/expectations.ts";
import type { Change, Informer } from "../client/informer.ts";
import type { Clock } from "../util/clock.ts";
import { formatTime } from "../util/clock.ts";
import { controllerOf, controllerReference, isControlledBy } from "../api/owner-references.ts";
import { claimChildren } from "./child-claims.ts";
import { messageOf, PodControl } from "./pod-control.ts";
import { podsToDelete } from "./pod-deletion-order.ts";
import { isPodReady } from "../api/pod-conditions.ts";
import { isPodActive, isPodTerminating, timeUntilAvailable } from "./pod-status.ts";
import type { Controller, ControllerContext, ReconcileResult } from "./runtime.ts";
import { keyOf, ownKey, watch } from "./runtime.ts";
import { podsByController } from "./indexes.ts";

/** At most so many pods are created or deleted in one reconcile. */
const BURST_REPLICAS = 500;
const SLOW_START_INITIAL_BATCH_SIZE = 1;

/** The statuses of both kinds are of one shape. */
type ReplicasStatus = ReplicaSetStatus;

/** How one kind that asks for replicas is read and written. */
export interface ReplicasKind<T extends KubernetesObject> {
  readonly controllerName: string;
  readonly component: string;
  readonly ref: ResourceRef<T>;
  /** Whether its status counts terminating pods. */
  readonly countsTerminating: boolean;
  selector(owner: T): LabelSelector;
  template(owner: T): PodTemplateSpec;
  replicas(owner: T): number;
  minReadySeconds(owner: T): number;
  status(owner: T): ReplicasStatus;
  withStatus(owner: T, status: ReplicasStatus): T;
}

/** A controller for owners of that kind. */
export function createReplicasController<T extends KubernetesObject>(kind: ReplicasKind<T>, context: ControllerContext): Controller {
  const loop = new ReplicasLoop(kind, context);
  return {
    name: kind.controllerName,
    watches: [watch(kind.ref, ownKey), watch(pods, (pod, change) => loop.keysOfPod(pod, change))],
    reconcile: (key) => loop.reconcile(key),
  };
}

class ReplicasLoop<T extends KubernetesObject> {
  private readonly kind: ReplicasKind<T>;
  private readonly client: ApiClient;
  private readonly clock: Clock;
  private readonly owners: Informer<T>;
  private readonly pods: Informer<Pod>;
  private readonly podControl: PodControl;
  private readonly expectations: Expectations;

  constructor(kind: ReplicasKind<T>, context: ControllerContext) {
    this.kind = kind;
    this.client = context.client;
    this.clock = context.clock;
    this.owners = context.informers.informer(kind.ref);
    this.pods = podsByController(context.informers);
    this.podControl = new PodControl(context.client, context.events(kind.component));
    this.expectations = new Expectations(context.clock);
  }

  /** The owner of a changed pod; for an orphan whoever may adopt it. Also notes what reconciles have been waiting to see. */
  *keysOfPod(pod: Pod, change: Change<Pod>): Iterable<string> {
    const before = change.previous === undefined ? undefined : this.ownerKey(change.previous);
    const owner = this.ownerKey(pod);
    if (before !== undefined && before !== owner) yield before;
    if (owner !== undefined) {
      if (change.type === "added") this.expectations.creationObserved(owner);
      if (change.type === "deleted" || pod.metadata.deletionTimestamp !== undefined) this.expectations.deletionObserved(owner, pod.metadata.uid ?? "");
      yield owner;
    } else if (controllerOf(pod.metadata) === undefined && change.type !== "deleted") {
      for (const candidate of this.owners.list(pod.metadata.namespace)) {
        const selector = this.kind.selector(candidate);
        if (!selector.isEmpty && selector.matches(pod.metadata.labels)) yield keyOf(candidate);
      }
    }
  }

  private ownerKey(pod: Pod): string | undefined {
    const reference = controllerOf(pod.metadata);
    if (reference === undefined || reference.kind !== this.kind.ref.kind) return undefined;
    const owner = this.owners.get(`${pod.metadata.namespace}/${reference.name}`);
    return owner !== undefined && owner.metadata.uid === reference.uid ? keyOf(owner) : undefined;
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const owner = this.owners.get(key);
    if (owner === undefined) {
      this.expectations.forget(key);
      return;
    }
    const mayManage = this.expectations.satisfied(key);
    const selector = this.kind.selector(owner);
    const candidates = this.candidates(owner);
    const matches = (pod: Pod) => selector.matches(pod.metadata.labels);
    const claim = { client: this.client, owner, ownerKind: this.kind.ref, childKind: pods, matches };
    const active = await claimChildren(claim, candidates.filter(isPodActive));
    const terminating = candidates.filter((pod) => isPodTerminating(pod) && isControlledBy(pod.metadata, owner.metadata) && matches(pod));

    let failure: unknown;
    if (mayManage && owner.metadata.deletionTimestamp === undefined) {
      failure = await this.manage(key, owner, active).then(() => undefined, (error: unknown) => error);
    }
    const now = this.clock.now();
    const status = this.calculateStatus(owner, active, terminating, failure, now);
    await this.updateStatus(owner, status);
    if (failure !== undefined) throw failure;
    return this.nextAvailabilityCheck(owner, active, status, now);
  }

  /** The owner's pods and the orphans of its namespace. */
  private candidates(owner: T): Pod[] {
    const namespace = owner.metadata.namespace ?? "";
    return [...this.pods.indexed("controller", owner.metadata.uid ?? ""), ...this.pods.indexed("orphan", namespace)];
  }

  private async manage(key: string, owner: T, active: Pod[]): Promise<void> {
    const missing = Math.min(this.kind.replicas(owner) - active.length, BURST_REPLICAS);
    if (missing > 0) await this.createPods(key, owner, missing);
    const surplus = Math.min(active.length - this.kind.replicas(owner), BURST_REPLICAS);
    if (surplus > 0) await this.deletePods(key, owner, active, surplus);
  }

  private async createPods(key: string, owner: T, count: number): Promise<void> {
    this.expectations.expectCreations(key, count);
    const reference = controllerReference(owner, this.kind.ref);
    let created = 0;
    try {
      await slowStartBatch(count, async () => {
        const pod = await this.podControl.create(this.kind.template(owner), owner, reference);
        if (pod !== undefined) created += 1;
      });
    } finally {
      for (let skipped = created; skipped < count; skipped++) this.expectations.creationObserved(key);
    }
  }

  private async deletePods(key: string, owner: T, active: Pod[], count: number): Promise<void> {
    const doomed = podsToDelete(active, this.relatedPods(owner), count, this.clock.now());
    this.expectations.expectDeletions(key, doomed.map((pod) => pod.metadata.uid ?? ""));
    const results = await Promise.allSettled(
      doomed.map(async (pod) => {
        let accepted = false;
        try {
          accepted = await this.podControl.delete(pod, owner);
        } finally {
          if (!accepted) this.expectations.deletionObserved(key, pod.metadata.uid ?? "");
        }
      }),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** All pods of the owners under the same controller, e.g. of every ReplicaSet of a Deployment. */
  private relatedPods(owner: T): Pod[] {
    const controller = controllerOf(owner.metadata);
    const siblings = this.owners.list(owner.metadata.namespace).filter((sibling) => {
      return sibling === owner || (controller !== undefined && controllerOf(sibling.metadata)?.uid === controller.uid);
    });
    return siblings.flatMap((sibling) => this.pods.indexed("controller", sibling.metadata.uid ?? ""));
  }

  private calculateStatus(owner: T, active: Pod[], terminating: Pod[], failure: unknown, now: number): ReplicasStatus {
    const template = labelSelectorOfMap(this.kind.template(owner).metadata.labels);
    const minReadySeconds = this.kind.minReadySeconds(owner);
    const count = (matches: (pod: Pod) => boolean) => active.filter(matches).length || undefined;
    const old = this.kind.status(owner);
    const conditions = failureConditions(old.conditions ?? [], failure, active.length - this.kind.replicas(owner), now);
    return {
      replicas: active.length,
      fullyLabeledReplicas: count((pod) => template.matches(pod.metadata.labels)),
      readyReplicas: count(isPodReady),
      availableReplicas: count((pod) => timeUntilAvailable(pod, minReadySeconds, now) === 0),
      ...(this.kind.countsTerminating && { terminatingReplicas: terminating.length }),
      observedGeneration: owner.metadata.generation,
      ...(conditions.length > 0 && { conditions }),
    };
  }

  private async updateStatus(owner: T, status: ReplicasStatus): Promise<void> {
    if (semanticEqual(withoutZeros(this.kind.status(owner)), withoutZeros(status))) return;
    const owners = this.client.resource(this.kind.ref, owner.metadata.namespace);
    try {
      await owners.updateStatus(this.kind.withStatus(owner, status));
    } catch (error) {
      if (isNotFound(error)) return;
      const fresh = await owners.get(owner.metadata.name ?? "");
      await owners.updateStatus(this.kind.withStatus(fresh, status));
    }
  }

  private nextAvailabilityCheck(owner: T, active: Pod[], status: ReplicasStatus, now: number): ReconcileResult | void {
    const minReadySeconds = this.kind.minReadySeconds(owner);
    if (minReadySeconds === 0 || status.readyReplicas === status.availableReplicas) return;
    const waits = active.map((pod) => timeUntilAvailable(pod, minReadySeconds, now) ?? 0).filter((wait) => wait > 0);
    return { requeueAfterMs: waits.length > 0 ? Math.min(...waits) : minReadySeconds * 1000 };
  }
}

/** A field that is 0 and one that is not there are the same in these statuses, but for the count of terminating pods. */
function withoutZeros(status: ReplicasStatus): ReplicasStatus {
  return Object.fromEntries(Object.entries(status).filter(([field, value]) => value !== 0 || field === "terminatingReplicas")) as unknown as ReplicasStatus;
}

function failureConditions(conditions: ReplicaSetCondition[], failure: unknown, surplus: number, now: number): ReplicaSetCondition[] {
  if (failure === undefined) return conditions.filter((condition) => condition.type !== "ReplicaFailure");
  if (conditions.some((condition) => condition.type === "ReplicaFailure")) return conditions;
  const reason = surplus < 0 ? "FailedCreate" : "FailedDelete";
  return [...conditions, { type: "ReplicaFailure", status: "True", reason, message: messageOf(failure), lastTransitionTime: formatTime(now) }];
}

/** Calls `act` `count` times, in batches that double as long as none fails, so that what must fail does not fail at large. */
export async function slowStartBatch(count: number, act: () => Promise<void>): Promise<void> {
  let remaining = count;
  for (let size = Math.min(remaining, SLOW_START_INITIAL_BATCH_SIZE); size > 0; size = Math.min(2 * size, remaining)) {
    const results = await Promise.allSettled(Array.from({ length: size }, act));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    remaining -= size;
  }
}

