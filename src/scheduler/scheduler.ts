// Behaviour: pkg/scheduler: finds a node for each pod that has none, one pod after the other; binding goes on beside it.
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from "../api/generated/types/core/v1.ts";
import type { PodDisruptionBudget } from "../api/generated/types/policy/v1.ts";
import { semanticEqual } from "../api/equality.ts";
import { isNotFound } from "../api/errors.ts";
import { namespaces, nodes, persistentVolumeClaims, persistentVolumes, podDisruptionBudgets, pods, storageClasses } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { Change, Informer, Informers } from "../client/informer.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import { SchedulerCache } from "./cache.ts";
import type { Decision } from "./decision.ts";
import { decide, unavailableMessage } from "./decision.ts";
import { filters } from "./filters/filters.ts";
import { planPodVolumes } from "./filters/volumes.ts";
import type { Snapshot } from "./framework.ts";
import type { PodFacts } from "./node-state.ts";
import { podFacts } from "./node-state.ts";
import { PodWriter } from "./pod-writer.ts";
import { findPreemption } from "./preemption.ts";
import type { QueuedPod } from "./queue.ts";
import { SchedulingQueue } from "./queue.ts";
import { VolumeBinder } from "./volume-binder.ts";

/** The scheduler that pods name unless they name another. */
export const DEFAULT_SCHEDULER = "default-scheduler";

/** Everything that the scheduler is made from. */
export interface SchedulerContext {
  readonly client: ApiClient;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly events: EventRecorder;
}

/** Schedules pods until the signal aborts. Call it before the informers start. */
export async function runScheduler(context: SchedulerContext, signal: AbortSignal): Promise<void> {
  const scheduler = new Scheduler(context);
  await scheduler.run(signal);
}

class Scheduler {
  private readonly context: SchedulerContext;
  private readonly cache = new SchedulerCache();
  private readonly queue: SchedulingQueue;
  private readonly writer: PodWriter;
  private readonly volumeBinder: VolumeBinder;
  private readonly nominations = new Map<string, { facts: PodFacts; node: string }>();
  private readonly pods: Informer<Pod>;
  private readonly claims: Informer<PersistentVolumeClaim>;
  private readonly volumes: Informer<PersistentVolume>;
  private readonly budgets: Informer<PodDisruptionBudget>;
  /** What is being bound. */
  private readonly binding = new Set<Promise<void>>();
  private running = false;
  private turnPending = false;

  constructor(context: SchedulerContext) {
    this.context = context;
    const { informers } = context;
    this.queue = new SchedulingQueue(context.clock, filters, () => this.wake());
    this.writer = new PodWriter(context);
    this.pods = informers.informer(pods);
    this.claims = informers.informer(persistentVolumeClaims);
    this.volumes = informers.informer(persistentVolumes);
    this.budgets = informers.informer(podDisruptionBudgets);
    this.volumeBinder = new VolumeBinder(context.client, this.claims, context.clock);
    this.pods.onChange((change) => this.podChanged(change));
    informers.informer(nodes).onChange((change) => this.nodeChanged(change));
    informers.informer(namespaces).onChange((change) => {
      if (change.type === "updated" && !semanticEqual(change.previous?.metadata.labels, change.object.metadata.labels)) this.queue.moveOnEvent("NamespaceUpdate");
    });
    for (const source of [this.claims, this.volumes, informers.informer(storageClasses)]) source.onChange(() => this.queue.moveOnEvent("VolumeChange"));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { informers } = this.context;
    const sources = [this.pods, informers.informer(nodes), informers.informer(namespaces)];
    await Promise.all(sources.map((source) => source.synced(signal))).catch(() => {});
    if (signal.aborted) return;
    this.running = true;
    this.wake();
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    this.running = false;
    this.queue.stop();
    this.volumeBinder.stop();
    await Promise.all(this.binding);
  }

  /** Tries the queued pods in the next turn, after the events that came together were all taken in. */
  private wake(): void {
    if (!this.running || this.turnPending) return;
    this.turnPending = true;
    setImmediate(() => {
      this.turnPending = false;
      for (let queued = this.running ? this.queue.pop() : undefined; queued !== undefined; queued = this.queue.pop()) this.scheduleOne(queued);
    });
  }

  private podChanged({ type, object: pod, previous }: Change<Pod>): void {
    const uid = pod.metadata.uid ?? "";
    if (previous !== undefined && previous.metadata.uid !== pod.metadata.uid) this.forgetPod(previous);
    if (type === "deleted" || isTerminal(pod)) return this.forgetPod(pod);
    if ((pod.spec.nodeName ?? "") === "") return this.pendingPodChanged(pod, previous);
    const isNew = !this.isAssigned(previous);
    this.queue.remove(uid);
    this.nominations.delete(uid);
    this.cache.setPod(pod);
    if (isNew) this.queue.moveOnEvent("AssignedPodAdd");
    else if (previous !== undefined && changesScheduling(previous, pod)) this.queue.moveOnEvent("AssignedPodUpdate");
  }

  private pendingPodChanged(pod: Pod, previous: Pod | undefined): void {
    if ((pod.spec.schedulerName ?? DEFAULT_SCHEDULER) !== DEFAULT_SCHEDULER) return;
    if (pod.metadata.deletionTimestamp !== undefined) return this.forgetPod(pod);
    const facts = podFacts(pod);
    const nominated = pod.status.nominatedNodeName ?? "";
    if (nominated !== "") this.nominations.set(facts.uid, { facts, node: nominated });
    if ((pod.spec.schedulingGates ?? []).length > 0 || this.cache.isAssumed(facts.uid)) return;
    const isNew = previous === undefined || (previous.spec.schedulingGates ?? []).length > 0;
    if (isNew) this.queue.add(facts);
    else this.queue.update(facts, changesScheduling(previous, pod));
  }

  private forgetPod(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    this.queue.remove(uid);
    this.nominations.delete(uid);
    this.cache.removePod(uid);
    if (this.isAssigned(pod)) this.queue.moveOnEvent("AssignedPodDelete");
  }

  private isAssigned(pod: Pod | undefined): boolean {
    return (pod?.spec.nodeName ?? "") !== "";
  }

  private nodeChanged({ type, object: node, previous }: Change<Node>): void {
    if (type === "deleted") return this.cache.removeNode(node.metadata.name ?? "");
    this.cache.setNode(node);
    if (type === "added") this.queue.moveOnEvent("NodeAdd");
    else if (previous === undefined || changesCapacity(previous, node)) this.queue.moveOnEvent("NodeUpdate");
  }

  private snapshot(): Snapshot {
    const { informers } = this.context;
    return {
      nodes: this.cache.nodes(),
      namespaces: { get: (name) => informers.informer(namespaces).get(name) },
      volumes: {
        claim: (namespace, name) => this.claims.get(`${namespace}/${name}`),
        volume: (name) => this.volumes.get(name),
        volumes: () => this.volumes.list(),
        storageClass: (name) => informers.informer(storageClasses).get(name),
      },
    };
  }

  private scheduleOne(queued: QueuedPod): void {
    const snapshot = this.snapshot();
    if (snapshot.nodes.length === 0) {
      this.queue.addUnschedulable(queued, []);
      this.writer.unschedulable(queued.facts.pod, "no nodes available to schedule pods", undefined);
      return;
    }
    const decision = decide(queued.facts, snapshot, this.nominations, () => this.context.ids.fraction());
    if (decision.node === undefined) return this.handleNoFit(queued, decision, snapshot);
    const { node } = decision;
    const plan = planPodVolumes(queued.facts.pod, node, snapshot);
    this.cache.assume(queued.facts, node.name);
    this.queue.moveOnEvent("AssignedPodAdd");
    const binding = this.bind(queued, node.name, plan).finally(() => this.binding.delete(binding));
    this.binding.add(binding);
  }

  private async bind(queued: QueuedPod, node: string, plan: ReturnType<typeof planPodVolumes>): Promise<void> {
    const { pod, uid } = queued.facts;
    try {
      if (plan !== undefined && plan.bindings.length + plan.provisions.length > 0) await this.volumeBinder.bind(pod, node, plan);
      await this.writer.bind(pod, node);
      this.nominations.delete(uid);
    } catch (error) {
      this.cache.forget(uid);
      this.queue.moveOnEvent("AssignedPodDelete");
      const current = this.pods.get(`${pod.metadata.namespace}/${pod.metadata.name}`);
      if (!this.running || isNotFound(error) || current?.metadata.uid !== uid || this.isAssigned(current)) return;
      this.context.logger.warn("Binding failed, trying again", { pod: `${pod.metadata.namespace}/${pod.metadata.name}`, node, error });
      this.queue.addFailed({ ...queued, facts: podFacts(current) });
      this.writer.failed(current, error);
    }
  }

  private handleNoFit(queued: QueuedPod, decision: Extract<Decision, { node?: undefined }>, snapshot: Snapshot): void {
    const { facts } = queued;
    if (decision.podRejection !== undefined) {
      this.queue.addUnschedulable(queued, [decision.podRejection.filter]);
      // The filters have not run, and the last part of upstream's message then says that their state was not found.
      this.writer.unschedulable(facts.pod, `0/${snapshot.nodes.length} nodes are available: ${decision.podRejection.message}. not found`, undefined);
      return;
    }
    const reasons = [...decision.rejections.values()].flatMap((rejection) => rejection.reasons);
    const message = unavailableMessage(snapshot.nodes.length, reasons);
    const preemption = findPreemption(facts, snapshot, decision.rejections, this.nominations, this.budgets.list());
    this.queue.addUnschedulable(queued, [...decision.rejections.values()].map(({ filter }) => filter));
    if (preemption.node === undefined) {
      this.writer.unschedulable(facts.pod, `${message} no new claims to deallocate, ${preemption.message}`, undefined);
      return;
    }
    this.nominations.set(facts.uid, { facts, node: preemption.node });
    this.writer.unschedulable(facts.pod, message, preemption.node);
    void this.writer.preempt(facts.pod, preemption.victims, preemption.node);
  }
}

function isTerminal(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/** Whether a change of a pod can matter to where it, or another, fits. */
function changesScheduling(before: Pod, after: Pod): boolean {
  return !semanticEqual(before.spec, after.spec) || !semanticEqual(before.metadata.labels, after.metadata.labels);
}

/** Whether a change of a node can matter to what fits on it; a heartbeat does not. */
function changesCapacity(before: Node, after: Node): boolean {
  return (
    !semanticEqual(before.status.allocatable, after.status.allocatable) ||
    !semanticEqual(before.metadata.labels, after.metadata.labels) ||
    !semanticEqual(before.spec, after.spec)
  );
}
