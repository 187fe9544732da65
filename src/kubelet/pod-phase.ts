// Behaviour: pkg/kubelet/kubelet_pods.go getPhase.
import type { Container, ContainerStatus, Pod } from "../api/generated/types/core/v1.ts";
import { isSidecar, shouldRestart } from "./pod-spec.ts";

/** The pod's phase by its containers' statuses. `terminal`: nothing will be restarted; `initialized`: a regular container has run. */
export function podPhase(pod: Pod, statuses: readonly ContainerStatus[], terminal: boolean, initialized: boolean): "Pending" | "Running" | "Succeeded" | "Failed" {
  const status = (container: Container) => statuses.find((candidate) => candidate.name === container.name);
  const ended = (container: Container) => status(container)?.state.terminated ?? (status(container)?.state.waiting && status(container)?.lastState.terminated);
  let pendingInit = 0;
  let pendingSidecars = 0;
  const count = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0, final: 0 };

  for (const container of pod.spec.initContainers ?? []) {
    const state = status(container)?.state;
    const end = ended(container);
    if (isSidecar(container)) {
      if (state?.running !== undefined) {
        if (status(container)?.started !== true) pendingSidecars++;
        count.running++;
      } else if (state === undefined) count.unknown++;
      else if (end === undefined) {
        pendingSidecars++;
        if (state.waiting !== undefined) count.waiting++;
        else count.unknown++;
      }
    } else if (end === undefined) pendingInit++;
    else if (end.exitCode !== 0 && !shouldRestart(container, pod, end.exitCode)) return "Failed";
  }

  for (const container of pod.spec.containers) {
    const state = status(container)?.state;
    const end = ended(container);
    if (state?.running !== undefined) count.running++;
    else if (end !== undefined) {
      count.stopped++;
      if (!shouldRestart(container, pod, end.exitCode)) count.final++;
      if (end.exitCode === 0 && state?.terminated !== undefined) count.succeeded++;
    } else if (state?.waiting !== undefined) count.waiting++;
    else count.unknown++;
  }

  if (pendingInit > 0 || (pendingSidecars > 0 && !initialized) || count.waiting > 0) return "Pending";
  if (count.unknown > 0) return "Pending";
  if (count.running > 0) return "Running";
  if (count.stopped === 0) return "Pending";
  if (!terminal && count.stopped !== count.final) return "Running";
  return count.stopped === count.succeeded ? "Succeeded" : "Failed";
}
