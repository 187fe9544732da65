// Behaviour: pkg/controller/deployment/sync.go: what every strategy needs while one Deployment is reconciled.
import type { Deployment, DeploymentStatus, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { isAlreadyExists, isNotFound } from "../../api/errors.ts";
import { deployments, replicaSets } from "../../api/resource-refs.ts";
import type { ResourceClient } from "../../client/client.ts";
import { controllerReference, isControlledBy } from "../../api/owner-references.ts";
import { isNamespaceTerminating, messageOf } from "../pod-control.ts";
import type { ControllerContext } from "../runtime.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import { deploymentCondition, newCondition, withCondition } from "./conditions.ts";
import { desiredReplicas, hasProgressDeadline, hasRevisionHistoryLimit, newSetReplicas, specReplicas } from "./replica-counts.ts";
import {
  equalIgnoringHash,
  findNewSet,
  maxRevision,
  newSetAnnotations,
  POD_TEMPLATE_HASH,
  replicasAnnotations,
  REVISION,
  revisionOf,
  templateHash,
} from "./revisions.ts";
import { progressCheckAfter, rolloutStatus } from "./status.ts";

const MAX_NAME_LENGTH = 253;

/** One Deployment and its ReplicaSets during one reconcile: it holds the latest of each that was written or read. */
export class Rollout {
  deployment: Deployment;
  readonly oldSets: ReplicaSet[];
  newSet: ReplicaSet | undefined;
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly deployments: ResourceClient<Deployment>;
  private readonly sets: ResourceClient<ReplicaSet>;

  constructor(context: ControllerContext, events: EventRecorder, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.context = context;
    this.events = events;
    this.deployment = deployment;
    this.newSet = findNewSet(deployment, sets);
    this.oldSets = sets.filter((set) => set !== this.newSet);
    this.deployments = context.client.resource(deployments, deployment.metadata.namespace);
    this.sets = context.client.resource(replicaSets, deployment.metadata.namespace);
  }

  /** Old sets and the new one. */
  get allSets(): ReplicaSet[] {
    return this.newSet === undefined ? [...this.oldSets] : [...this.oldSets, this.newSet];
  }

  now(): number {
    return this.context.clock.now();
  }

  /** Brings revision, annotations and minReadySeconds of the new set up to date, and the revision of the Deployment with them. */
  async syncRevision(): Promise<void> {
    const set = this.newSet;
    if (set === undefined) return;
    const annotations = newSetAnnotations(this.deployment, set, maxRevision(this.oldSets) + 1);
    const minReadySeconds = this.deployment.spec.minReadySeconds;
    if (!semanticEqual(annotations, set.metadata.annotations ?? {}) || (set.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
      this.newSet = await this.sets.update({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, minReadySeconds } });
      return;
    }
    let changed = this.withRevision(this.deployment, annotations[REVISION] ?? "");
    if (hasProgressDeadline(changed) && deploymentCondition(changed.status.conditions, "Progressing") === undefined) {
      const message = `Found new replica set "${set.metadata.name}"`;
      changed = withCondition(changed, newCondition("Progressing", "True", "FoundNewReplicaSet", message, this.now()));
    }
    if (changed !== this.deployment) this.deployment = await this.deployments.updateStatus(changed);
  }

  /** The new set, created when there is none yet. */
  async ensureNewSet(): Promise<ReplicaSet> {
    await this.syncRevision();
    return this.newSet ?? (this.newSet = await this.createNewSet());
  }

  private async createNewSet(): Promise<ReplicaSet> {
    const set = this.composeNewSet();
    const revision = String(maxRevision(this.oldSets) + 1);
    let created: ReplicaSet;
    try {
      created = await this.sets.create(set);
    } catch (error) {
      if (isAlreadyExists(error)) created = await this.resolveExisting(set, error);
      else if (isNamespaceTerminating(error)) throw error;
      else throw await this.reportCreateFailure(set, error);
      this.deployment = await this.updateIfChanged(this.withRevision(this.deployment, revision));
      return created;
    }
    const name = created.metadata.name ?? "";
    if (specReplicas(set) > 0) this.scalingEvent(`Scaled up replica set ${name} from 0 to ${specReplicas(set)}`);
    let changed = this.withRevision(this.deployment, revision);
    if (hasProgressDeadline(changed)) {
      changed = withCondition(changed, newCondition("Progressing", "True", "NewReplicaSetCreated", `Created new replica set "${name}"`, this.now()));
    }
    this.deployment = await this.updateIfChanged(changed);
    return created;
  }

  private composeNewSet(): ReplicaSet {
    const { metadata, spec, status } = this.deployment;
    const hash = templateHash(spec.template, status.collisionCount);
    const labels = { ...spec.template.metadata.labels, [POD_TEMPLATE_HASH]: hash };
    const set: ReplicaSet = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: `${(metadata.name ?? "").slice(0, MAX_NAME_LENGTH - 1 - hash.length)}-${hash}`,
        namespace: metadata.namespace,
        ownerReferences: [controllerReference(this.deployment, deployments)],
        labels,
      },
      spec: {
        replicas: 0,
        minReadySeconds: spec.minReadySeconds,
        selector: { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, [POD_TEMPLATE_HASH]: hash } },
        template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
      },
      status: { replicas: 0 },
    };
    set.spec.replicas = newSetReplicas(this.deployment, [...this.oldSets, set], set);
    set.metadata.annotations = { ...newSetAnnotations(this.deployment, set, maxRevision(this.oldSets) + 1), ...replicasAnnotations(this.deployment) };
    return set;
  }

  /** A set of that name is there: ours that the cache had not shown yet, or one of another template with the same hash. */
  private async resolveExisting(set: ReplicaSet, error: unknown): Promise<ReplicaSet> {
    const existing = await this.sets.get(set.metadata.name ?? "");
    if (isControlledBy(existing.metadata, this.deployment.metadata) && equalIgnoringHash(existing.spec.template, this.deployment.spec.template)) return existing;
    const collisionCount = (this.deployment.status.collisionCount ?? 0) + 1;
    await this.deployments.updateStatus({ ...this.deployment, status: { ...this.deployment.status, collisionCount } });
    throw error;
  }

  private async reportCreateFailure(set: ReplicaSet, error: unknown): Promise<unknown> {
    const message = `Failed to create new replica set "${set.metadata.name}": ${messageOf(error)}`;
    if (hasProgressDeadline(this.deployment)) {
      const condition = newCondition("Progressing", "False", "ReplicaSetCreateError", message, this.now());
      await this.deployments.updateStatus(withCondition(this.deployment, condition)).catch(() => {});
    }
    this.events.event(this.deployment, "Warning", "ReplicaSetCreateError", message);
    return error;
  }

  /** Sizes a set; with `force` its annotations are brought up to date though its size is right. Tells whether the size changed. */
  async scaleSet(set: ReplicaSet, replicas: number, force = false): Promise<boolean> {
    const before = specReplicas(set);
    if (before === replicas && !force) return false;
    const annotations = { ...set.metadata.annotations, ...replicasAnnotations(this.deployment) };
    if (before === replicas && semanticEqual(annotations, set.metadata.annotations)) return false;
    const updated = await this.sets.update({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } });
    this.replaceSet(set, updated);
    if (before === replicas) return false;
    const direction = before < replicas ? "up" : "down";
    this.scalingEvent(`Scaled ${direction} replica set ${updated.metadata.name} from ${before} to ${replicas}`);
    return true;
  }

  private replaceSet(before: ReplicaSet, after: ReplicaSet): void {
    if (this.newSet?.metadata.uid === before.metadata.uid) this.newSet = after;
    const index = this.oldSets.findIndex((set) => set.metadata.uid === before.metadata.uid);
    if (index >= 0) this.oldSets[index] = after;
  }

  private scalingEvent(message: string): void {
    this.events.event(this.deployment, "Normal", "ScalingReplicaSet", message);
  }

  /** Deletes the oldest revisions over the history limit that have no pods. */
  async cleanUp(): Promise<void> {
    if (!hasRevisionHistoryLimit(this.deployment)) return;
    const cleanable = this.oldSets.filter((set) => set.metadata.deletionTimestamp === undefined);
    const surplus = cleanable.length - (this.deployment.spec.revisionHistoryLimit ?? 0);
    if (surplus <= 0) return;
    for (const set of cleanable.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, surplus)) {
      const hasPods = (set.status.replicas ?? 0) !== 0 || specReplicas(set) !== 0;
      if (hasPods || (set.metadata.generation ?? 0) > (set.status.observedGeneration ?? 0)) continue;
      await this.sets.delete(set.metadata.name ?? "").catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }

  /** Writes the status when it differs. */
  async updateStatus(status: DeploymentStatus): Promise<boolean> {
    if (semanticEqual(this.deployment.status, status)) return false;
    this.deployment = await this.deployments.updateStatus({ ...this.deployment, status });
    return true;
  }

  /** Writes the status of a rollout; tells when to look again at one that stands still. */
  async syncRolloutStatus(): Promise<{ requeueAfterMs?: number }> {
    const status = rolloutStatus(this.deployment, this.allSets, this.newSet, this.now());
    if (await this.updateStatus(status)) return {};
    return { requeueAfterMs: progressCheckAfter(this.deployment, status, this.now()) };
  }

  private withRevision(deployment: Deployment, revision: string): Deployment {
    if (deployment.metadata.annotations?.[REVISION] === revision) return deployment;
    const annotations = { ...deployment.metadata.annotations, [REVISION]: revision };
    return { ...deployment, metadata: { ...deployment.metadata, annotations } };
  }

  private async updateIfChanged(changed: Deployment): Promise<Deployment> {
    return changed === this.deployment ? changed : this.deployments.updateStatus(changed);
  }

  /** Whether the number of replicas was changed since the active sets were sized. */
  isScalingEvent(desiredOf: (set: ReplicaSet) => number | undefined): boolean {
    return this.allSets.some((set) => {
      const desired = desiredOf(set);
      return specReplicas(set) > 0 && desired !== undefined && desired !== desiredReplicas(this.deployment);
    });
  }
}
