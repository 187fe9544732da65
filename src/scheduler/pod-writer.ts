// Behaviour: pkg/scheduler (handleSchedulingFailure, bind, preemption executor): what the scheduler writes, and the events it records.
import type { Binding, Pod, PodCondition } from "../api/generated/types/core/v1.ts";
import { isNotFound } from "../api/errors.ts";
import { pods } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import type { EventRecorder } from "../client/event-recorder.ts";
import type { Clock } from "../util/clock.ts";
import { formatTime } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";

const MAX_EVENT_MESSAGE = 1024;

/** Writes decisions to the API. */
export class PodWriter {
  private readonly client: ApiClient;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly events: EventRecorder;

  constructor(context: { client: ApiClient; clock: Clock; logger: Logger; events: EventRecorder }) {
    this.client = context.client;
    this.clock = context.clock;
    this.logger = context.logger;
    this.events = context.events;
  }

  /** Binds the pod to the node. */
  async bind(pod: Pod, node: string): Promise<void> {
    const { name = "", namespace, uid } = pod.metadata;
    const binding: Binding = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace, uid }, target: { kind: "Node", name: node } };
    await this.client.resource(pods, namespace).createSubresource(name, "binding", binding);
    this.events.event(pod, "Normal", "Scheduled", `Successfully assigned ${namespace}/${name} to ${node}`);
  }

  /** Tells that the pod fits nowhere, and which node was promised to it, if any. */
  unschedulable(pod: Pod, message: string, nominatedNode: string | undefined): void {
    this.report(pod, "Unschedulable", message, nominatedNode);
  }

  /** Tells that scheduling failed for a reason of ours. */
  failed(pod: Pod, error: unknown): void {
    this.report(pod, "SchedulerError", error instanceof Error ? error.message : String(error), undefined);
  }

  /** Removes the victims, and tells them for whom. */
  async preempt(preemptor: Pod, victims: readonly Pod[], node: string): Promise<void> {
    await Promise.all(victims.map((victim) => this.removeVictim(preemptor, victim, node)));
  }

  private async removeVictim(preemptor: Pod, victim: Pod, node: string): Promise<void> {
    const { name = "", namespace } = victim.metadata;
    try {
      if (victim.metadata.deletionTimestamp === undefined) {
        await this.patchCondition(victim, {
          type: "DisruptionTarget",
          status: "True",
          reason: "PreemptionByScheduler",
          message: `${preemptor.spec.schedulerName}: preempting to accommodate a higher priority pod`,
        });
        await this.client.resource(pods, namespace).delete(name);
      }
      this.events.event(victim, "Normal", "Preempted", `Preempted by pod ${preemptor.metadata.uid} on node ${node}`);
    } catch (error) {
      if (!isNotFound(error)) this.logger.warn("Preemption failed", { pod: `${namespace}/${name}`, error });
    }
  }

  private report(pod: Pod, reason: string, message: string, nominatedNode: string | undefined): void {
    const note = message.length <= MAX_EVENT_MESSAGE ? message : `${message.slice(0, MAX_EVENT_MESSAGE - 4)} ...`;
    this.events.event(pod, "Warning", "FailedScheduling", note);
    this.patchCondition(pod, { type: "PodScheduled", status: "False", reason, message }, nominatedNode).catch((error: unknown) => {
      if (!isNotFound(error)) this.logger.warn("Updating a pod's condition failed", { pod: `${pod.metadata.namespace}/${pod.metadata.name}`, error });
    });
  }

  /** Sets one condition, and the nominated node when it is given, where they differ. */
  private async patchCondition(pod: Pod, wanted: Pick<PodCondition, "type" | "status" | "reason" | "message">, nominatedNode?: string): Promise<void> {
    const current = pod.status.conditions?.find(({ type }) => type === wanted.type);
    const generation = pod.metadata.generation;
    const isSame =
      current?.status === wanted.status && current.reason === wanted.reason && current.message === wanted.message && current.observedGeneration === generation;
    if (isSame && (nominatedNode === undefined || pod.status.nominatedNodeName === nominatedNode)) return;
    const lastTransitionTime = current?.status === wanted.status ? current.lastTransitionTime : formatTime(this.clock.now());
    const condition = { ...wanted, observedGeneration: generation, lastProbeTime: null, lastTransitionTime };
    const status = { conditions: [condition], ...(nominatedNode !== undefined && { nominatedNodeName: nominatedNode }) };
    const patch = { metadata: { uid: pod.metadata.uid }, status };
    await this.client
      .resource(pods, pod.metadata.namespace)
      .patch(pod.metadata.name ?? "", "application/strategic-merge-patch+json", patch, { subresource: "status" });
  }
}
