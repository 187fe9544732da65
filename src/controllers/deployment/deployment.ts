// Behaviour: pkg/controller/deployment: rolls templates out by way of ReplicaSets.
import type { Deployment, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { labelSelector } from "../../api/label-selector.ts";
import { deployments, pods, replicaSets } from "../../api/resource-refs.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import type { Change, Informer } from "../../client/informer.ts";
import { podsByController } from "../indexes.ts";
import { controllerOf } from "../../api/owner-references.ts";
import { claimChildren } from "../child-claims.ts";
import type { Controller, ControllerContext, ReconcileResult } from "../runtime.ts";
import { keyOf, ownKey, watch } from "../runtime.ts";
import { deploymentCondition, newCondition, withCondition } from "./conditions.ts";
import { recreate } from "./recreate.ts";
import { countAnnotation, DESIRED_REPLICAS, hasProgressDeadline } from "./replica-counts.ts";
import { Rollout } from "./rollout.ts";
import { rollOver } from "./rolling.ts";
import { scale } from "./scaling.ts";
import { calculateStatus } from "./status.ts";

/** Moves each Deployment towards its template. */
export function createDeploymentController(context: ControllerContext): Controller {
  const loop = new DeploymentLoop(context);
  return {
    name: "deployment-controller",
    watches: [
      watch(deployments, ownKey),
      watch(replicaSets, (set, change) => loop.keysOfSet(set, change)),
      watch(pods, (pod) => loop.keysOfDeletedPod(pod), (change) => change.type === "deleted"),
    ],
    reconcile: (key) => loop.reconcile(key),
  };
}

class DeploymentLoop {
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly deployments: Informer<Deployment>;
  private readonly sets: Informer<ReplicaSet>;
  private readonly pods: Informer<Pod>;

  constructor(context: ControllerContext) {
    this.context = context;
    this.events = context.events("deployment-controller");
    this.deployments = context.informers.informer(deployments);
    this.sets = context.informers.informer(replicaSets);
    this.pods = podsByController(context.informers);
  }

  *keysOfSet(set: ReplicaSet, change: Change<ReplicaSet>): Iterable<string> {
    const before = change.previous === undefined ? undefined : this.ownerKey(change.previous);
    const owner = this.ownerKey(set);
    if (before !== undefined && before !== owner) yield before;
    if (owner !== undefined) yield owner;
    else if (controllerOf(set.metadata) === undefined && change.type !== "deleted") {
      for (const candidate of this.deployments.list(set.metadata.namespace)) {
        const selector = labelSelector(candidate.spec.selector);
        if (!selector.isEmpty && selector.matches(set.metadata.labels)) yield keyOf(candidate);
      }
    }
  }

  /** A Deployment that recreates waits for the last of its old pods. */
  *keysOfDeletedPod(pod: Pod): Iterable<string> {
    const reference = controllerOf(pod.metadata);
    const set = reference?.kind === "ReplicaSet" ? this.sets.get(`${pod.metadata.namespace}/${reference.name}`) : undefined;
    const key = set === undefined ? undefined : this.ownerKey(set);
    if (key !== undefined && this.deployments.get(key)?.spec.strategy.type === "Recreate") yield key;
  }

  private ownerKey(set: ReplicaSet): string | undefined {
    const reference = controllerOf(set.metadata);
    if (reference === undefined || reference.kind !== "Deployment") return undefined;
    const key = `${set.metadata.namespace}/${reference.name}`;
    return this.deployments.get(key)?.metadata.uid === reference.uid ? key : undefined;
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const deployment = this.deployments.get(key);
    if (deployment === undefined) return;
    const selector = labelSelector(deployment.spec.selector);
    if (selector.isEmpty) return this.refuseToSelectAll(deployment);
    const sets = await claimChildren<ReplicaSet>(
      {
        client: this.context.client,
        owner: deployment,
        ownerKind: deployments,
        childKind: replicaSets,
        matches: (set) => selector.matches(set.metadata.labels),
      },
      this.sets.list(deployment.metadata.namespace),
    );
    const rollout = new Rollout(this.context, this.events, deployment, sets);
    if (deployment.metadata.deletionTimestamp !== undefined) {
      await rollout.syncRevision();
      await this.syncStatus(rollout);
      return;
    }
    await this.notePause(rollout);
    await rollout.syncRevision();
    if (deployment.spec.paused === true || rollout.isScalingEvent((set) => countAnnotation(set, DESIRED_REPLICAS))) {
      await scale(rollout);
      if (deployment.spec.paused === true) await rollout.cleanUp();
      await this.syncStatus(rollout);
      return;
    }
    if (deployment.spec.strategy.type === "Recreate") return recreate(rollout, this.podsOf(sets));
    return rollOver(rollout);
  }

  private async syncStatus(rollout: Rollout): Promise<void> {
    await rollout.updateStatus(calculateStatus(rollout.deployment, rollout.allSets, rollout.newSet, this.context.clock.now()));
  }

  private podsOf(sets: readonly ReplicaSet[]): Map<string, Pod[]> {
    return new Map(sets.map(({ metadata: { uid = "" } }) => [uid, this.pods.indexed("controller", uid)]));
  }

  private async refuseToSelectAll(deployment: Deployment): Promise<void> {
    this.events.event(deployment, "Warning", "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
    const { generation } = deployment.metadata;
    if ((deployment.status.observedGeneration ?? 0) >= (generation ?? 0)) return;
    const client = this.context.client.resource(deployments, deployment.metadata.namespace);
    await client.updateStatus({ ...deployment, status: { ...deployment.status, observedGeneration: generation } });
  }

  /** The time in which a Deployment was paused is not held against its progress. */
  private async notePause(rollout: Rollout): Promise<void> {
    const { deployment } = rollout;
    if (!hasProgressDeadline(deployment)) return;
    const reason = deploymentCondition(deployment.status.conditions, "Progressing")?.reason;
    if (reason === "ProgressDeadlineExceeded") return;
    const paused = deployment.spec.paused === true;
    if (paused === (reason === "DeploymentPaused")) return;
    const condition = paused
      ? newCondition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", this.context.clock.now())
      : newCondition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", this.context.clock.now());
    await rollout.updateStatus(withCondition(deployment, condition).status);
  }
}
