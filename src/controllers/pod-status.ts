// Behaviour: pkg/api/v1/pod and pkg/controller/controller_utils.go: what controllers read from a pod's status.
import type { Pod } from "../api/generated/types/core/v1.ts";
import { podCondition } from "../api/pod-conditions.ts";

/** Milliseconds until a ready pod has been ready for `minReadySeconds`; 0 when it is available, undefined when it is not ready. */
export function timeUntilAvailable(pod: Pod, minReadySeconds: number, now: number): number | undefined {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return undefined;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(ready.lastTransitionTime ?? "");
  if (Number.isNaN(since)) return undefined;
  return Math.max(0, since + minReadySeconds * 1000 - now);
}

/** Whether the pod has come to its end. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/** Whether the pod counts as a replica: neither ended nor being deleted. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Whether the pod is being deleted and has not ended yet. */
export function isPodTerminating(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined;
}
