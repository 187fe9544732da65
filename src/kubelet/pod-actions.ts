// Behaviour: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions and kuberuntime_container.go
// computeInitContainerActions: what is to be done, from the spec and what there is.
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import type { ContainerRecord } from "./container-store.ts";
import { containerHash, SANDBOX_NAME } from "./labels.ts";
import { isSidecar, shouldRestart } from "./pod-spec.ts";

/** What a probe is for. */
export type ProbeKind = "liveness" | "readiness" | "startup";

/** What the kubelet sees of one pod. */
export interface ObservedPod {
  /** All its containers, sandboxes included. */
  readonly records: readonly ContainerRecord[];
  /** What a container's probe has come to; undefined before the first result. */
  probe(kind: ProbeKind, containerId: string): boolean | undefined;
}

/** A container to kill, and why. */
export interface KillAction {
  readonly record: ContainerRecord;
  readonly container: Container;
  readonly message: string;
  readonly probe?: "liveness" | "startup";
}

/** What to do with a pod now; the parts are done in this order. */
export interface PodActions {
  /** All containers and the sandbox have to go: the sandbox is lost, or all is done. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  /** The attempt that a new sandbox would be. */
  readonly sandboxAttempt: number;
  readonly kill: readonly KillAction[];
  readonly startEphemeral: readonly Container[];
  readonly startInit: readonly Container[];
  readonly start: readonly Container[];
}

/** The latest attempt of a container. */
export function latest(observed: ObservedPod, name: string): ContainerRecord | undefined {
  let found: ContainerRecord | undefined;
  for (const record of observed.records) if (record.name === name && (found === undefined || record.attempt > found.attempt)) found = record;
  return found;
}

/** The sandbox that runs, if there is one. */
export function runningSandbox(observed: ObservedPod): ContainerRecord | undefined {
  const sandbox = latest(observed, SANDBOX_NAME);
  return sandbox?.state === "running" ? sandbox : undefined;
}

/** Whether a container that is there (or not yet) is to be started by the next step. */
export function shouldBeStarted(container: Container, pod: Pod, observed: ObservedPod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const record = latest(observed, container.name);
  if (record === undefined || record.state === "created") return true;
  if (record.state === "running") return false;
  return shouldRestart(container, pod, record.exitCode);
}

/** What to do to bring the pod to its spec. */
export function computePodActions(pod: Pod, observed: ObservedPod): PodActions {
  const sandbox = latest(observed, SANDBOX_NAME);
  const sandboxAttempt = sandbox === undefined ? 0 : sandbox.attempt + 1;
  const nothing: PodActions = { killPod: false, createSandbox: false, sandboxAttempt, kill: [], startEphemeral: [], startInit: [], start: [] };
  if (sandbox?.state !== "running") return withoutSandbox(pod, observed, nothing);
  const startEphemeral = (pod.spec.ephemeralContainers ?? []).filter((container) => latest(observed, container.name) === undefined);
  const init = initActions(pod, observed);
  if (init.killPod || !init.initialized) return { ...nothing, startEphemeral, ...init };
  const kill = [...init.kill];
  const start: Container[] = [];
  let kept = 0;
  for (const container of pod.spec.containers) {
    const record = latest(observed, container.name);
    if (record?.state !== "running") {
      if (shouldBeStarted(container, pod, observed)) start.push(container);
      continue;
    }
    const reason = killReason(container, record, observed);
    if (reason === undefined) {
      kept++;
      continue;
    }
    const policy = container.restartPolicy ?? pod.spec.restartPolicy;
    const restart = reason.always || policy !== "Never";
    if (restart) start.push(container);
    kill.push({ record, container, message: restart ? `${reason.message}, will be restarted` : reason.message, ...(reason.probe && { probe: reason.probe }) });
  }
  const done = kept === 0 && start.length === 0;
  return { ...nothing, killPod: done, kill, startEphemeral, startInit: done ? [] : init.startInit, start };
}

function withoutSandbox(pod: Pod, observed: ObservedPod, nothing: PodActions): PodActions {
  const containers = observed.records.filter((record) => record.name !== SANDBOX_NAME);
  if (pod.spec.restartPolicy === "Never" && nothing.sandboxAttempt !== 0 && containers.length > 0) return { ...nothing, killPod: true };
  const start = pod.spec.containers.filter((container) => {
    const record = latest(observed, container.name);
    const policy = container.restartPolicy ?? pod.spec.restartPolicy;
    return !(policy === "OnFailure" && record?.state === "exited" && record.exitCode === 0);
  });
  const initialized = pod.spec.containers.some((container) => latest(observed, container.name) !== undefined);
  if (start.length === 0 && initialized) return { ...nothing, killPod: true };
  const [first] = pod.spec.initContainers ?? [];
  return { ...nothing, killPod: true, createSandbox: true, ...(first === undefined ? { start } : { startInit: [first] }) };
}

function killReason(container: Container, record: ContainerRecord, observed: ObservedPod): { message: string; probe?: "liveness" | "startup"; always: boolean } | undefined {
  if (record.hash !== containerHash(container)) return { message: `Container ${container.name} definition changed`, always: true };
  if (observed.probe("liveness", record.id) === false) return { message: `Container ${container.name} failed liveness probe`, probe: "liveness", always: false };
  if (container.startupProbe !== undefined && observed.probe("startup", record.id) === false) {
    return { message: `Container ${container.name} failed startup probe`, probe: "startup", always: false };
  }
  return undefined;
}

interface InitActions {
  readonly initialized: boolean;
  readonly killPod: boolean;
  readonly kill: KillAction[];
  readonly startInit: Container[];
}

/** Goes through the init containers from the last to the first: what is known of a later one says that the earlier are done. */
function initActions(pod: Pod, observed: ObservedPod): InitActions {
  const containers = pod.spec.initContainers ?? [];
  const startInit = new Set<number>();
  const kill: KillAction[] = [];
  if (containers.length === 0) return { initialized: true, killPod: false, kill, startInit: [] };
  let initialized = pod.spec.containers.some((container) => {
    const record = latest(observed, container.name);
    return record !== undefined && record.state !== "exited";
  });
  let laterKnown = initialized;
  for (let index = containers.length - 1; index >= 0; index--) {
    const container = containers[index];
    if (container === undefined) continue;
    const record = latest(observed, container.name);
    if (record === undefined) {
      if (laterKnown && isSidecar(container)) startInit.add(index);
      continue;
    }
    if (laterKnown && !isSidecar(container)) continue;
    const last = index === containers.length - 1;
    const doneHere = () => {
      if (last) initialized = true;
      else if (!laterKnown) startInit.add(index + 1);
    };
    if (record.state === "created") {
      startInit.add(index);
    } else if (record.state === "exited" && isSidecar(container)) {
      startInit.add(index);
    } else if (record.state === "exited" && record.exitCode === 0) {
      // All that was missing for the next one; with the last one done the regular ones may start.
      if (last) initialized = true;
      else startInit.add(index + 1);
    } else if (record.state === "exited") {
      if (!shouldRestart(container, pod, record.exitCode)) return { initialized: false, killPod: true, kill: [], startInit: [] };
      startInit.add(index);
    } else if (isSidecar(container)) {
      const startup = container.startupProbe === undefined ? true : observed.probe("startup", record.id);
      const failed = startup === false ? "startup" : startup === true && observed.probe("liveness", record.id) === false ? "liveness" : undefined;
      if (startup === true) doneHere();
      const changed = record.hash !== containerHash(container);
      if (failed !== undefined || (startup === true && changed)) {
        const message = failed === undefined ? `Init container ${container.name} definition changed` : `Init container ${container.name} failed ${failed} probe`;
        kill.push({ record, container, message, ...(failed && { probe: failed }) });
        startInit.add(index);
      }
    }
    laterKnown = true;
  }
  if (!laterKnown) startInit.add(0);
  return { initialized, killPod: false, kill, startInit: [...startInit].sort((a, b) => a - b).flatMap((index) => containers[index] ?? []) };
}
