// Behaviour: k8s.io/kubernetes/pkg/api/v1/pod: what the conditions of a pod say.
import type { Pod, PodCondition } from "./generated/types/core/v1.ts";

/** The condition of that type. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type);
}

/** Whether the pod serves. */
export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}
