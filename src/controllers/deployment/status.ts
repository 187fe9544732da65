// Behaviour: pkg/controller/deployment (sync.go calculateStatus, progress.go): what a Deployment says of its rollout.
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import { deploymentCondition, newCondition, removeCondition, setCondition } from "./conditions.ts";
import {
  desiredReplicas,
  hasProgressDeadline,
  isComplete,
  maxUnavailable,
  totalAvailableReplicas,
  totalReadyReplicas,
  totalReplicas,
  totalSpecReplicas,
  totalTerminatingReplicas,
} from "./replica-counts.ts";

/** The status that follows from the sets; conditions other than Available are kept. */
export function calculateStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: number): DeploymentStatus {
  const available = totalAvailableReplicas(all);
  const condition =
    available >= desiredReplicas(deployment) - maxUnavailable(deployment)
      ? newCondition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
      : newCondition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: totalReplicas(all) || undefined,
    updatedReplicas: totalReplicas(newSet === undefined ? [] : [newSet]) || undefined,
    readyReplicas: totalReadyReplicas(all) || undefined,
    availableReplicas: available || undefined,
    unavailableReplicas: Math.max(0, totalSpecReplicas(all) - available) || undefined,
    terminatingReplicas: totalTerminatingReplicas(all),
    collisionCount: deployment.status.collisionCount,
    conditions: setCondition(deployment.status.conditions ?? [], condition),
  };
}

/** The status during a rollout: calculateStatus, with progress and failures told in conditions. */
export function rolloutStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: number): DeploymentStatus {
  const status = calculateStatus(deployment, all, newSet, now);
  let conditions = status.conditions ?? [];
  if (!hasProgressDeadline(deployment)) conditions = removeCondition(conditions, "Progressing");
  else conditions = progressConditions(deployment, status, newSet, now);
  const failure = replicaFailure(newSet === undefined ? all : [newSet, ...all]);
  conditions = failure === undefined ? removeCondition(conditions, "ReplicaFailure") : setCondition(conditions, failure);
  return { ...status, conditions };
}

function progressConditions(deployment: Deployment, status: DeploymentStatus, newSet: ReplicaSet | undefined, now: number): DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  const current = deploymentCondition(deployment.status.conditions, "Progressing");
  const wasComplete = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (wasComplete) return conditions;
  const subject = newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  if (isComplete(deployment, status)) {
    return setCondition(conditions, newCondition("Progressing", "True", "NewReplicaSetAvailable", `${subject} has successfully progressed.`, now));
  }
  if (isProgressing(deployment.status, status)) {
    const condition = newCondition("Progressing", "True", "ReplicaSetUpdated", `${subject} is progressing.`, now);
    const since = current?.status === "True" ? { lastTransitionTime: current.lastTransitionTime } : {};
    return setCondition(removeCondition(conditions, "Progressing"), { ...condition, ...since });
  }
  if (isTimedOut(deployment, status, now)) {
    return setCondition(conditions, newCondition("Progressing", "False", "ProgressDeadlineExceeded", `${subject} has timed out progressing.`, now));
  }
  return conditions;
}

function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const condition = deploymentCondition(status.conditions, "Progressing");
  if (condition === undefined || condition.reason === "NewReplicaSetAvailable") return false;
  return condition.reason === "ProgressDeadlineExceeded" || deadlineOf(deployment, condition) < now;
}

/** When the Deployment must have made progress, in milliseconds since the epoch. */
function deadlineOf(deployment: Deployment, condition: DeploymentCondition): number {
  return Date.parse(condition.lastUpdateTime ?? "") + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;
}

/** Milliseconds after which a rollout that stands still must be looked at again; undefined when it need not. */
export function progressCheckAfter(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const current = deploymentCondition(deployment.status.conditions, "Progressing");
  if (!hasProgressDeadline(deployment) || current === undefined) return undefined;
  if (isComplete(deployment, status) || current.reason === "ProgressDeadlineExceeded") return undefined;
  return Math.max(0, deadlineOf(deployment, current) - now) + 1000;
}

/** The failure that a set reports, the first set first. */
function replicaFailure(sets: readonly ReplicaSet[]): DeploymentCondition | undefined {
  for (const set of sets) {
    const condition = set.status.conditions?.find(({ type }) => type === "ReplicaFailure");
    if (condition !== undefined) return { ...condition, lastUpdateTime: condition.lastTransitionTime };
  }
  return undefined;
}
