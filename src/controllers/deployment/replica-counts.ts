// Behaviour: pkg/controller/deployment/util: sums over ReplicaSets, and what maxSurge and maxUnavailable come to.
import type { Deployment, DeploymentStatus, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import { scaledValue } from "../../api/int-or-string.ts";

/** The largest int32: "no limit" in progressDeadlineSeconds and revisionHistoryLimit. */
const NO_LIMIT = 2 ** 31 - 1;

/** Notes on a ReplicaSet how many replicas its Deployment wanted when it was last scaled. */
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
/** Notes on a ReplicaSet how many replicas its Deployment allowed when it was last scaled. */
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

/** The replicas that the Deployment wants. */
export const desiredReplicas = (deployment: Deployment): number => deployment.spec.replicas ?? 1;

/** The replicas that the ReplicaSet wants. */
export const specReplicas = (set: ReplicaSet): number => set.spec.replicas ?? 1;

/** Whether old pods are replaced step by step; else all go first. */
export const isRollingUpdate = (deployment: Deployment): boolean => deployment.spec.strategy.type !== "Recreate";

/** Pods that may be added over the desired number during a rollout. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

/** Pods that may be unavailable during a rollout. */
export function maxUnavailable(deployment: Deployment): number {
  const desired = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment) || desired === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, desired);
}

/** Rounded down, both may come to 0: then one pod may be unavailable, else no rollout would move. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge: surgeSpec = 0, maxUnavailable: unavailableSpec = 0 } = deployment.spec.strategy.rollingUpdate ?? {};
  const surge = scaledValue(surgeSpec, desiredReplicas(deployment), true);
  const unavailable = scaledValue(unavailableSpec, desiredReplicas(deployment), false);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Pods that the sets ask for. */
export const totalSpecReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, specReplicas);

/** Pods that the sets have. */
export const totalReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, (set) => set.status.replicas ?? 0);

/** Ready pods that the sets have. */
export const totalReadyReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, (set) => set.status.readyReplicas ?? 0);

/** Available pods that the sets have. */
export const totalAvailableReplicas = (sets: readonly ReplicaSet[]): number => sum(sets, (set) => set.status.availableReplicas ?? 0);

/** Terminating pods of the sets; undefined when a set that was observed does not say. */
export function totalTerminatingReplicas(sets: readonly ReplicaSet[]): number | undefined {
  let total = 0;
  for (const { status } of sets) {
    if (status.terminatingReplicas !== undefined) total += status.terminatingReplicas;
    else if ((status.observedGeneration ?? 0) !== 0) return undefined;
  }
  return total;
}

function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + count(set), 0);
}

/** The sets that ask for pods. */
export const activeSets = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => specReplicas(set) > 0);

/** A count that the Deployment noted in an annotation of a set. */
export function countAnnotation(set: ReplicaSet, annotation: string): number | undefined {
  const text = set.metadata.annotations?.[annotation] ?? "";
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

/** Whether all pods are of the current template and available. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = desiredReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === desired &&
    (status.replicas ?? 0) === desired &&
    (status.availableReplicas ?? 0) === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** Whether the new set has all its pods, available, and was sized for the current number. */
export function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const desired = desiredReplicas(deployment);
  return (
    set !== undefined &&
    specReplicas(set) === desired &&
    countAnnotation(set, DESIRED_REPLICAS) === desired &&
    (set.status.availableReplicas ?? 0) === desired
  );
}

/** Whether a rollout that stands still is given up at some time. */
export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== NO_LIMIT;
}

/** Whether old ReplicaSets are removed at some number. */
export function hasRevisionHistoryLimit(deployment: Deployment): boolean {
  const limit = deployment.spec.revisionHistoryLimit;
  return limit !== undefined && limit !== NO_LIMIT;
}

/** How many pods the new set should ask for now. */
export function newSetReplicas(deployment: Deployment, all: readonly ReplicaSet[], set: ReplicaSet): number {
  const desired = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment)) return desired;
  const surge = scaledValue(deployment.spec.strategy.rollingUpdate?.maxSurge ?? 0, desired, true);
  const room = desired + surge - totalSpecReplicas(all);
  if (room <= 0) return specReplicas(set);
  return specReplicas(set) + Math.min(room, desired - specReplicas(set));
}

/** How many of `toAdd` pods (fewer than 0: to remove) fall to the set, in proportion to its size; `added` went to others. */
export function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (specReplicas(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const fraction = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}

function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const desired = desiredReplicas(deployment);
  if (desired === 0) return -specReplicas(set);
  const before = countAnnotation(set, MAX_REPLICAS) || (deployment.status.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((specReplicas(set) * (desired + maxSurge(deployment))) / before) - specReplicas(set);
}

/** Oldest first; sets of one age by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [first = "", second = ""] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (first !== second) return first < second ? -1 : 1;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
}

/** Largest first; of one size the newest, or the oldest. */
export function bySize(a: ReplicaSet, b: ReplicaSet, newestFirst: boolean): number {
  return specReplicas(b) - specReplicas(a) || (newestFirst ? byAge(b, a) : byAge(a, b));
}
