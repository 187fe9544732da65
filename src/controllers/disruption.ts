// Behaviour: pkg/controller/disruption: how many pods of each PodDisruptionBudget may be evicted at the moment.
import type { Pod } from "../api/generated/types/core/v1.ts";
import type { Condition } from "../api/generated/types/meta/v1.ts";
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from "../api/generated/types/policy/v1.ts";
import { semanticEqual } from "../api/equality.ts";
import { isConflict, isNotFound } from "../api/errors.ts";
import { scaledValue } from "../api/int-or-string.ts";
import { formatLabelSelector, labelSelector } from "../api/label-selector.ts";
import type { KubernetesObject } from "../api/object.ts";
import { formatGroupResource, parseApiVersion } from "../api/object.ts";
import { deployments, podDisruptionBudgets, pods, replicaSets, replicationControllers } from "../api/resource-refs.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { Change, Informer } from "../client/informer.ts";
import { formatTime } from "../util/clock.ts";
import { controllerOf } from "../api/owner-references.ts";
import { messageOf } from "./pod-control.ts";
import { isPodReady } from "../api/pod-conditions.ts";
import type { Controller, ControllerContext, ReconcileResult } from "./runtime.ts";
import { keyOf, ownKey, watch } from "./runtime.ts";

/** An evicted pod that is not deleted within this time was not evicted after all. */
const DELETION_TIMEOUT_MS = 2 * 60_000;

/** Keeps the status of budgets in step with their pods. */
export function createDisruptionController(context: ControllerContext): Controller {
  const loop = new DisruptionLoop(context);
  return {
    name: "disruption-controller",
    watches: [
      watch(podDisruptionBudgets, ownKey),
      watch(pods, (pod, { previous }) => loop.keysOfPod(pod, previous)),
      watch(deployments, ({ metadata }) => loop.keysOfNamespace(metadata.namespace), isScaled),
      watch(replicaSets, ({ metadata }) => loop.keysOfNamespace(metadata.namespace), isScaled),
      watch(replicationControllers, ({ metadata }) => loop.keysOfNamespace(metadata.namespace), isScaled),
    ],
    reconcile: (key) => loop.reconcile(key),
  };
}

function isScaled({ object, previous }: Change<KubernetesObject & { spec: { replicas?: number } }>): boolean {
  return object.spec.replicas !== previous?.spec.replicas;
}

class DisruptionLoop {
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly budgets: Informer<PodDisruptionBudget>;
  private readonly pods: Informer<Pod>;

  constructor(context: ControllerContext) {
    this.context = context;
    this.events = context.events("controllermanager");
    this.budgets = context.informers.informer(podDisruptionBudgets);
    this.pods = context.informers.informer(pods);
  }

  keysOfNamespace(namespace: string | undefined): string[] {
    return this.budgets.list(namespace).map(keyOf);
  }

  keysOfPod(pod: Pod, previous: Pod | undefined): string[] {
    const selects = (budget: PodDisruptionBudget) => {
      const selector = labelSelector(budget.spec.selector);
      return selector.matches(pod.metadata.labels) || (previous !== undefined && selector.matches(previous.metadata.labels));
    };
    return this.budgets.list(pod.metadata.namespace).filter(selects).map(keyOf);
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const budget = this.budgets.get(key);
    if (budget === undefined) return;
    try {
      return await this.sync(budget);
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) throw error;
      await this.failSafe(budget, error);
      throw error;
    }
  }

  private async sync(budget: PodDisruptionBudget): Promise<ReconcileResult | void> {
    const selector = labelSelector(budget.spec.selector);
    const selected = this.pods.list(budget.metadata.namespace).filter((pod) => selector.matches(pod.metadata.labels));
    if (selected.length === 0) this.events.event(budget, "Normal", "NoPods", "No matching pods found");
    const { expectedPods, desiredHealthy } = await this.expectations(budget, selected);
    const now = this.context.clock.now();
    const { disruptedPods, recheckAfterMs } = this.stillDisrupted(budget, selected, now);
    const healthy = selected.filter((pod) => pod.metadata.deletionTimestamp === undefined && isPodReady(pod) && disruptedPods[pod.metadata.name ?? ""] === undefined);
    const surplus = healthy.length - desiredHealthy;
    await this.updateStatus(budget, {
      ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
      observedGeneration: budget.metadata.generation,
      currentHealthy: healthy.length,
      desiredHealthy,
      expectedPods,
      disruptionsAllowed: expectedPods <= 0 ? 0 : Math.max(0, surplus),
    });
    return { requeueAfterMs: recheckAfterMs };
  }

  /** The number of pods that there should be, and how many of them must stay healthy. */
  private async expectations(budget: PodDisruptionBudget, selected: readonly Pod[]): Promise<{ expectedPods: number; desiredHealthy: number }> {
    const { maxUnavailable, minAvailable } = budget.spec;
    if (typeof minAvailable === "number" && maxUnavailable === undefined) return { expectedPods: selected.length, desiredHealthy: minAvailable };
    if (maxUnavailable === undefined && minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
    let expectedPods: number;
    try {
      expectedPods = await this.expectedScale(budget, selected);
    } catch (error) {
      const message = `Failed to calculate the number of expected pods: ${messageOf(error)}`;
      this.events.event(budget, "Warning", "CalculateExpectedPodCountFailed", message);
      throw error;
    }
    if (maxUnavailable !== undefined) return { expectedPods, desiredHealthy: Math.max(0, expectedPods - scaledValue(maxUnavailable, expectedPods, true)) };
    return { expectedPods, desiredHealthy: scaledValue(minAvailable ?? 0, expectedPods, true) };
  }

  /** The replicas that the controllers of the pods ask for, each controller counted once. */
  private async expectedScale(budget: PodDisruptionBudget, selected: readonly Pod[]): Promise<number> {
    const scales = new Map<string, number>();
    let unmanaged = false;
    for (const pod of selected) {
      const reference = controllerOf(pod.metadata);
      if (reference === undefined) unmanaged = true;
      else if (!scales.has(reference.uid)) scales.set(reference.uid, await this.scaleOf(pod));
    }
    if (unmanaged) {
      const message = `Pods selected by this PodDisruptionBudget (selector: ${formatLabelSelector(budget.spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
      this.events.event(budget, "Warning", "UnmanagedPods", message);
    }
    return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
  }

  /** The replicas of the pod's controller; a ReplicaSet of a Deployment stands for the Deployment. */
  private async scaleOf(pod: Pod): Promise<number> {
    const reference = controllerOf(pod.metadata);
    const { namespace = "" } = pod.metadata;
    const key = `${namespace}/${reference?.name}`;
    if (reference?.kind === "ReplicaSet") {
      const set = this.context.informers.informer(replicaSets).get(key);
      const owner = set === undefined ? undefined : controllerOf(set.metadata);
      const deployment = owner === undefined ? undefined : this.context.informers.informer(deployments).get(`${namespace}/${owner.name}`);
      return (deployment ?? set)?.spec.replicas ?? 0;
    }
    if (reference?.kind === "ReplicationController") return this.context.informers.informer(replicationControllers).get(key)?.spec.replicas ?? 0;
    const group = parseApiVersion(reference?.apiVersion ?? "")?.group;
    const resource = (await this.context.resources.list()).find((candidate) => candidate.group === group && candidate.kind === reference?.kind);
    if (reference === undefined || resource === undefined) throw new Error(`found no controllers for pod "${pod.metadata.name}"`);
    try {
      const scale = await this.context.client.resource(resource, namespace).getSubresource<{ spec?: { replicas?: number } }>(reference.name, "scale");
      return scale.spec?.replicas ?? 0;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new Error(`${formatGroupResource(resource)} does not implement the scale subresource`, { cause: error });
    }
  }

  /** The pods that were evicted and are not deleted yet. */
  private stillDisrupted(budget: PodDisruptionBudget, selected: readonly Pod[], now: number): { disruptedPods: Record<string, string>; recheckAfterMs?: number } {
    const disruptedPods: Record<string, string> = {};
    let recheckAfterMs: number | undefined;
    for (const pod of selected) {
      const { name = "", deletionTimestamp } = pod.metadata;
      const since = budget.status.disruptedPods?.[name];
      if (deletionTimestamp !== undefined || since === undefined) continue;
      const left = Date.parse(since) + DELETION_TIMEOUT_MS - now;
      if (left < 0) {
        const { namespace } = budget.metadata;
        this.events.event(pod, "Warning", "NotDeleted", `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`);
        continue;
      }
      disruptedPods[name] = since;
      recheckAfterMs = Math.min(recheckAfterMs ?? left, left);
    }
    return { disruptedPods, recheckAfterMs };
  }

  private async updateStatus(budget: PodDisruptionBudget, counts: Omit<PodDisruptionBudgetStatus, "conditions">): Promise<void> {
    const allowed = counts.disruptionsAllowed > 0;
    const told = { status: allowed ? "True" : "False", reason: allowed ? "SufficientPods" : "InsufficientPods", message: "" };
    const status = { ...counts, conditions: this.withCondition(budget, { type: "DisruptionAllowed", ...told, observedGeneration: counts.observedGeneration }) };
    if (semanticEqual(status, budget.status)) return;
    await this.context.client.resource(podDisruptionBudgets, budget.metadata.namespace).updateStatus({ ...budget, status });
  }

  /** What cannot be counted must not be evicted. */
  private async failSafe(budget: PodDisruptionBudget, error: unknown): Promise<void> {
    const condition = { type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: messageOf(error), observedGeneration: budget.status.observedGeneration };
    const status = { ...budget.status, disruptionsAllowed: 0, conditions: this.withCondition(budget, condition) };
    if (semanticEqual(status, budget.status)) return;
    await this.context.client.resource(podDisruptionBudgets, budget.metadata.namespace).updateStatus({ ...budget, status });
  }

  private withCondition(budget: PodDisruptionBudget, wanted: Omit<Condition, "lastTransitionTime">): Condition[] {
    const conditions = budget.status.conditions ?? [];
    const current = conditions.find(({ type }) => type === wanted.type);
    const lastTransitionTime = current?.status === wanted.status ? current.lastTransitionTime : formatTime(this.context.clock.now());
    const condition = { ...wanted, lastTransitionTime };
    return current === undefined ? [...conditions, condition] : conditions.map((each) => (each === current ? condition : each));
  }
}
