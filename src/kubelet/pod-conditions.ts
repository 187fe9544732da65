// Behaviour: pkg/kubelet/status/generate.go.
import type { ContainerStatus, Pod, PodCondition } from "../api/generated/types/core/v1.ts";
import { isSidecar } from "./pod-spec.ts";

/** A condition before its times: what the state of things says. */
type Verdict = Pick<PodCondition, "type" | "status" | "reason" | "message">;

/** The condition types that are the kubelet's; all others are kept as they are. */
const OWN_TYPES = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

/** The pod's conditions; `now` is the time of a transition. */
export function podConditions(
  pod: Pod,
  previous: readonly PodCondition[],
  state: { phase: string; statuses: readonly ContainerStatus[]; hasSandbox: boolean },
  now: string,
): PodCondition[] {
  const foreign = previous.filter((condition) => !OWN_TYPES.includes(condition.type));
  const containersReady = containersReadyVerdict(pod, state.phase, state.statuses);
  const verdicts: Verdict[] = [
    { type: "PodReadyToStartContainers", status: state.hasSandbox ? "True" : "False" },
    initializedVerdict(pod, state.phase, state.statuses),
    readyVerdict(pod, containersReady, previous),
    containersReady,
    { type: "PodScheduled", status: "True" },
  ];
  return [...foreign, ...verdicts.map((verdict) => dated(verdict, pod, previous, now))];
}

/** Our own latest conditions, with those that others have set since. */
export function mergedConditions(own: readonly PodCondition[], current: readonly PodCondition[]): PodCondition[] {
  const known = (type: string) => OWN_TYPES.includes(type) && own.some((condition) => condition.type === type);
  return [...current.filter(({ type }) => !known(type)), ...own.filter(({ type }) => OWN_TYPES.includes(type))];
}

function dated(verdict: Verdict, pod: Pod, previous: readonly PodCondition[], now: string): PodCondition {
  const old = previous.find((condition) => condition.type === verdict.type);
  const { generation } = pod.metadata;
  return {
    type: verdict.type,
    ...(generation !== undefined && { observedGeneration: generation }),
    status: verdict.status,
    lastProbeTime: null,
    lastTransitionTime: old?.status === verdict.status ? old.lastTransitionTime : now,
    ...(verdict.reason !== undefined && { reason: verdict.reason }),
    ...(verdict.message !== undefined && { message: verdict.message }),
  };
}

/** Go's way of printing a list of names. */
function named(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`containers with ${what} status: [${names.join(" ")}]`];
}

function containersReadyVerdict(pod: Pod, phase: string, statuses: readonly ContainerStatus[]): Verdict {
  const names = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers].map((container) => container.name);
  const status = (name: string) => statuses.find((candidate) => candidate.name === name);
  const unknown = names.filter((name) => status(name) === undefined);
  const unready = names.filter((name) => status(name)?.ready === false);
  if (phase === "Succeeded" && unknown.length === 0) return { type: "ContainersReady", status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { type: "ContainersReady", status: "False", reason: "PodFailed" };
  const messages = [...named("unknown", unknown), ...named("unready", unready)];
  if (messages.length === 0) return { type: "ContainersReady", status: "True" };
  return { type: "ContainersReady", status: "False", reason: "ContainersNotReady", message: messages.join(", ") };
}

function readyVerdict(pod: Pod, containersReady: Verdict, previous: readonly PodCondition[]): Verdict {
  if (containersReady.status !== "True") return { ...containersReady, type: "Ready" };
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = previous.find((condition) => condition.type === conditionType);
    if (gate === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return gate.status === "True" ? [] : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  if (messages.length === 0) return { type: "Ready", status: "True" };
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message: messages.join(", ") };
}

function initializedVerdict(pod: Pod, phase: string, statuses: readonly ContainerStatus[]): Verdict {
  const status = (name: string) => statuses.find((candidate) => candidate.name === name);
  const init = pod.spec.initContainers ?? [];
  const unknown = init.filter((container) => status(container.name) === undefined).map((container) => container.name);
  const incomplete = init
    .filter((container) => {
      const found = status(container.name);
      return found !== undefined && !(isSidecar(container) ? found.started === true : found.ready);
    })
    .map((container) => container.name);
  if (phase === "Succeeded" && unknown.length === 0) return { type: "Initialized", status: "True", reason: "PodCompleted" };
  const regularStarted = pod.spec.containers.some((container) => {
    const found = status(container.name);
    return found?.state.running !== undefined || found?.state.terminated !== undefined || found?.lastState.terminated !== undefined;
  });
  const messages = [...named("unknown", unknown), ...named("incomplete", incomplete)];
  if (regularStarted || messages.length === 0) return { type: "Initialized", status: "True" };
  return { type: "Initialized", status: "False", reason: "ContainersNotInitialized", message: messages.join(", ") };
}

/** Whether others have set a condition that the pod's readiness waits for. */
export function readinessGatesDiffer(before: Pod, after: Pod): boolean {
  const gates = (after.spec.readinessGates ?? []).map((gate) => gate.conditionType);
  const status = (pod: Pod, type: string) => pod.status.conditions?.find((condition) => condition.type === type)?.status;
  return gates.some((type) => status(before, type) !== status(after, type));
}
