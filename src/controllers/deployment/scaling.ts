// Behaviour: pkg/controller/deployment/sync.go (scale): a change of replicas in the middle of a rollout falls on all sets in proportion.
import type { ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import { activeSets, byAge, bySize, desiredReplicas, isRollingUpdate, isSaturated, maxSurge, proportion, specReplicas, totalSpecReplicas } from "./replica-counts.ts";
import type { Rollout } from "./rollout.ts";

/** Sizes the sets after spec.replicas changed, without moving the rollout on. */
export async function scale(rollout: Rollout): Promise<void> {
  const { deployment } = rollout;
  const only = activeOrLatest(rollout);
  if (only !== undefined) {
    await rollout.scaleSet(only, desiredReplicas(deployment));
    return;
  }
  if (isSaturated(deployment, rollout.newSet)) {
    for (const old of activeSets(rollout.oldSets)) await rollout.scaleSet(old, 0);
    return;
  }
  if (isRollingUpdate(deployment)) await scaleInProportion(rollout);
}

/** The set that takes all replicas: the only active one, or with none active the newest. */
function activeOrLatest(rollout: Rollout): ReplicaSet | undefined {
  const active = activeSets(rollout.allSets);
  if (active.length > 1) return undefined;
  return active[0] ?? rollout.newSet ?? [...rollout.oldSets].sort(byAge).at(-1);
}

async function scaleInProportion(rollout: Rollout): Promise<void> {
  const { deployment } = rollout;
  const active = activeSets(rollout.allSets);
  const allowed = desiredReplicas(deployment) > 0 ? desiredReplicas(deployment) + maxSurge(deployment) : 0;
  const toAdd = allowed - totalSpecReplicas(active);
  const sets = toAdd === 0 ? active : active.sort((a, b) => bySize(a, b, toAdd > 0));
  let added = 0;
  const sizes = sets.map((set) => {
    const share = proportion(set, deployment, toAdd, added);
    added += share;
    return specReplicas(set) + share;
  });
  for (const [index, set] of sets.entries()) {
    const leftover = index === 0 ? toAdd - added : 0;
    await rollout.scaleSet(set, Math.max(0, (sizes[index] ?? 0) + leftover), true);
  }
}
