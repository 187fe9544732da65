// Behaviour: pkg/controller/deployment/rolling.go: new pods come and old ones go, within maxSurge and maxUnavailable.
import type { ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import { activeSets, byAge, desiredReplicas, isComplete, maxUnavailable, newSetReplicas, specReplicas, totalAvailableReplicas, totalSpecReplicas } from "./replica-counts.ts";
import type { Rollout } from "./rollout.ts";

/** Moves a rolling update one step: up where there is room, else down where enough is available. */
export async function rollOver(rollout: Rollout): Promise<{ requeueAfterMs?: number }> {
  const newSet = await rollout.ensureNewSet();
  if (!(await scaleNewSet(rollout, newSet)) && !(await scaleOldSets(rollout, newSet))) {
    if (isComplete(rollout.deployment, rollout.deployment.status)) await rollout.cleanUp();
  }
  return rollout.syncRolloutStatus();
}

async function scaleNewSet(rollout: Rollout, newSet: ReplicaSet): Promise<boolean> {
  const desired = desiredReplicas(rollout.deployment);
  if (specReplicas(newSet) === desired) return false;
  if (specReplicas(newSet) > desired) return rollout.scaleSet(newSet, desired);
  return rollout.scaleSet(newSet, newSetReplicas(rollout.deployment, rollout.allSets, newSet));
}

/** The new set's unavailable pods count as gone, so that a bad rollout never takes more than maxUnavailable. */
async function scaleOldSets(rollout: Rollout, newSet: ReplicaSet): Promise<boolean> {
  if (totalSpecReplicas(rollout.oldSets) === 0) return false;
  const minAvailable = desiredReplicas(rollout.deployment) - maxUnavailable(rollout.deployment);
  const newUnavailable = specReplicas(newSet) - (newSet.status.availableReplicas ?? 0);
  const most = totalSpecReplicas(rollout.allSets) - minAvailable - newUnavailable;
  if (most <= 0) return false;
  const unhealthy = await scaleDown(rollout, most, (set) => specReplicas(set) - (set.status.availableReplicas ?? 0));
  const available = totalAvailableReplicas(rollout.allSets);
  const healthy = await scaleDown(rollout, available - minAvailable, specReplicas);
  return unhealthy + healthy > 0;
}

/** Takes up to `count` pods from the old sets, the oldest set first; `removable` says how many of a set may go. */
async function scaleDown(rollout: Rollout, count: number, removable: (set: ReplicaSet) => number): Promise<number> {
  let removed = 0;
  for (const set of activeSets(rollout.oldSets).sort(byAge)) {
    const take = Math.min(count - removed, removable(set));
    if (take <= 0) continue;
    await rollout.scaleSet(set, specReplicas(set) - take);
    removed += take;
  }
  return removed;
}
