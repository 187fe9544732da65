// Behaviour: pkg/controller/deployment/recreate.go: all old pods go before the first new one comes.
import type { Pod } from "../../api/generated/types/core/v1.ts";
import { isPodTerminal } from "../pod-status.ts";
import { activeSets, desiredReplicas, isComplete, totalReplicas } from "./replica-counts.ts";
import type { Rollout } from "./rollout.ts";

/** Moves a recreation one step; `pods` has the pods of each set by its uid. */
export async function recreate(rollout: Rollout, pods: ReadonlyMap<string, readonly Pod[]>): Promise<{ requeueAfterMs?: number }> {
  await rollout.syncRevision();
  let scaledDown = false;
  for (const set of activeSets(rollout.oldSets)) scaledDown = (await rollout.scaleSet(set, 0)) || scaledDown;
  if (scaledDown || oldPodsRun(rollout, pods)) return rollout.syncRolloutStatus();
  const newSet = await rollout.ensureNewSet();
  await rollout.scaleSet(newSet, desiredReplicas(rollout.deployment));
  if (isComplete(rollout.deployment, rollout.deployment.status)) await rollout.cleanUp();
  return rollout.syncRolloutStatus();
}

function oldPodsRun(rollout: Rollout, pods: ReadonlyMap<string, readonly Pod[]>): boolean {
  if (totalReplicas(rollout.oldSets) > 0) return true;
  for (const [uid, podsOfSet] of pods) {
    if (uid !== rollout.newSet?.metadata.uid && podsOfSet.some((pod) => !isPodTerminal(pod))) return true;
  }
  return false;
}
