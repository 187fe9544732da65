// Behaviour: k8s.io/kubectl/pkg/describe (ReplicationController, ReplicaSet, Deployment, StatefulSet, DaemonSet describers).
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "../../api/generated/types/apps/v1.ts";
import type { PersistentVolumeClaim, ReplicationController } from "../../api/generated/types/core/v1.ts";
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import { labelSelector, labelSelectorOfMap } from "../../api/label-selector.ts";
import { pods, replicaSets } from "../../api/resource-refs.ts";
import { isControlledBy } from "../../api/owner-references.ts";
import { messageOf } from "../errors.ts";
import { goText } from "../printers/go-values.ts";
import { defineDescriber, type RelatedReader } from "./describer.ts";
import { type Description, joinedLabels, longTime, selectorText } from "./description.ts";
import { controllerText, describePodTemplate } from "./pod.ts";
import { findReplicaSets } from "./replica-sets.ts";
import { claimClass } from "./volumes.ts";

/** How many pods of a controller are in which phase. */
interface PodCounts {
  readonly running: number;
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
}

async function countPods(reader: RelatedReader, metadata: ObjectMeta, selector: string): Promise<PodCounts> {
  const all = await reader.list(pods, metadata.namespace ?? "", { labelSelector: selector });
  const own = all.filter((pod) => isControlledBy(pod.metadata, metadata));
  const count = (phase: string) => own.filter(({ status }) => status.phase === phase).length;
  return { running: count("Running"), waiting: count("Pending"), succeeded: count("Succeeded"), failed: count("Failed") };
}

function countsText({ running, waiting, succeeded, failed }: PodCounts): string {
  return `${running} Running / ${waiting} Waiting / ${succeeded} Succeeded / ${failed} Failed`;
}

/** Conditions as rows of type, status and reason. */
function describeConditions(conditions: readonly { type: string; status: string; reason?: string }[] | undefined, to: Description): void {
  if (conditions === undefined || conditions.length === 0) return;
  to.write(0, "Conditions:\n");
  to.header(1, "Type", "Status", "Reason");
  for (const { type, status, reason } of conditions) to.write(1, `${type} \t${status}\t${reason ?? ""}\n`);
}

/** Describes a replication controller. */
export const replicationControllerDescriber = defineDescriber<ReplicationController, PodCounts>({
  gather: ({ metadata, spec }, reader) => countPods(reader, metadata, labelSelectorOfMap(spec.selector).toString()),
  describe({ metadata, spec, status }, counts, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "Selector", joinedLabels(spec.selector));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Replicas", `${status.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
    to.field(0, "Pods Status", countsText(counts));
    describePodTemplate(spec.template, to);
    describeConditions(status.conditions, to);
  },
});

/** Describes a replica set. */
export const replicaSetDescriber = defineDescriber<ReplicaSet, PodCounts | string>({
  gather: ({ metadata, spec }, reader) =>
    countPods(reader, metadata, labelSelector(spec.selector).toString()).catch((error: unknown) => `error in fetching pods: ${messageOf(error)}`),
  describe({ metadata, spec, status }, counts, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "Selector", selectorText(spec.selector));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    const controller = controllerText(metadata);
    if (controller !== "") to.field(0, "Controlled By", controller);
    to.field(0, "Replicas", `${status.replicas ?? 0} current / ${spec.replicas ?? 0} desired`);
    to.field(0, "Pods Status", typeof counts === "string" ? counts : countsText(counts));
    describePodTemplate(spec.template, to);
    describeConditions(status.conditions, to);
  },
});

/** A deployment's replica sets: those of old revisions, and the present one. */
interface DeploymentSets {
  readonly old: readonly ReplicaSet[];
  readonly present: readonly ReplicaSet[];
}

/** Describes a deployment. */
export const deploymentDescriber = defineDescriber<Deployment, DeploymentSets>({
  async gather(deployment, reader) {
    try {
      const all = await reader.list(replicaSets, deployment.metadata.namespace ?? "", { labelSelector: labelSelector(deployment.spec.selector).toString() });
      return findReplicaSets(deployment, all);
    } catch {
      return { old: [], present: [] };
    }
  },
  describe({ metadata, spec, status }, { old, present }, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Selector", labelSelector(spec.selector));
    const counts = [`${spec.replicas ?? 0} desired`, `${status.updatedReplicas ?? 0} updated`, `${status.replicas ?? 0} total`, `${status.availableReplicas ?? 0} available`, `${status.unavailableReplicas ?? 0} unavailable`];
    to.field(0, "Replicas", counts.join(" | "));
    to.field(0, "StrategyType", spec.strategy?.type);
    to.field(0, "MinReadySeconds", spec.minReadySeconds ?? 0);
    const rolling = spec.strategy?.rollingUpdate;
    if (rolling !== undefined) to.field(0, "RollingUpdateStrategy", `${rolling.maxUnavailable ?? 0} max unavailable, ${rolling.maxSurge ?? 0} max surge`);
    describePodTemplate(spec.template, to);
    describeConditions(status.conditions, to);
    if (old.length === 0 && present.length === 0) return;
    to.field(0, "OldReplicaSets", setsText(old));
    to.field(0, "NewReplicaSet", setsText(present));
  },
});

function setsText(sets: readonly ReplicaSet[]): string {
  return sets.map(({ metadata, spec, status }) => `${metadata.name} (${status.replicas ?? 0}/${spec.replicas ?? 0} replicas created)`).join(", ") || "<none>";
}

/** Describes a stateful set. */
export const statefulSetDescriber = defineDescriber<StatefulSet, PodCounts>({
  gather: ({ metadata, spec }, reader) => countPods(reader, metadata, labelSelector(spec.selector).toString()),
  describe({ metadata, spec, status }, counts, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
    to.field(0, "Selector", labelSelector(spec.selector));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Replicas", `${spec.replicas ?? 0} desired | ${status.replicas ?? 0} total`);
    to.field(0, "Update Strategy", spec.updateStrategy?.type);
    const rolling = spec.updateStrategy?.rollingUpdate;
    if (rolling?.partition !== undefined) {
      to.field(1, "Partition", rolling.partition);
      if (rolling.maxUnavailable !== undefined) to.field(1, "MaxUnavailable", rolling.maxUnavailable);
    }
    to.field(0, "Pods Status", countsText(counts));
    describePodTemplate(spec.template, to);
    describeClaimTemplates(spec.volumeClaimTemplates ?? [], to);
  },
});

function describeClaimTemplates(templates: readonly PersistentVolumeClaim[], to: Description): void {
  to.write(0, templates.length === 0 ? "Volume Claims:\t<none>\n" : "Volume Claims:\n");
  for (const claim of templates) {
    to.field(1, "Name", claim.metadata.name);
    to.field(1, "StorageClass", claimClass(claim));
    to.labels("Labels", claim.metadata.labels, "  ");
    to.labels("Annotations", claim.metadata.annotations, "  ");
    to.field(1, "Capacity", claim.spec.resources?.requests?.["storage"] ?? "<default>");
    to.field(1, "Access Modes", goText(claim.spec.accessModes ?? []));
  }
}

/** Describes a daemon set. */
export const daemonSetDescriber = defineDescriber<DaemonSet, PodCounts>({
  gather: ({ metadata, spec }, reader) => countPods(reader, metadata, labelSelector(spec.selector).toString()),
  describe({ metadata, spec, status }, counts, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "Selector", labelSelector(spec.selector));
    to.field(0, "Node-Selector", joinedLabels(spec.template.spec?.nodeSelector));
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.write(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}\n`);
    to.write(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}\n`);
    to.write(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}\n`);
    to.write(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}\n`);
    to.write(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}\n`);
    to.field(0, "Pods Status", countsText(counts));
    describePodTemplate(spec.template, to);
  },
});
