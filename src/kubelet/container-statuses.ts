// Behaviour: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses.
import type { Container, ContainerState, ContainerStatus, LinuxContainerUser, Pod } from "../api/generated/types/core/v1.ts";
import { formatTime } from "../util/clock.ts";
import type { ContainerRecord } from "./container-store.ts";
import { defaultTag, fullName } from "./image-reference.ts";
import type { ObservedPod } from "./pod-actions.ts";
import { shouldBeStarted } from "./pod-actions.ts";
import { isSidecar } from "./pod-spec.ts";

/** Why a container does not start: the words of its waiting state. */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

/** What statuses are made from. */
export interface StatusInput {
  readonly pod: Pod;
  readonly observed: ObservedPod;
  /** Why a container's last start failed. */
  waiting(container: string): WaitingReason | undefined;
  /** The image's id as a status names it; "" when it is not known. */
  imageId(image: string): string;
  /** Who the container runs as. */
  user(container: Container): LinuxContainerUser;
}

/** The containerID of a status. */
export function containerId(record: ContainerRecord): string {
  return `docker://${record.id}`;
}

/** The statuses of containers of one kind, in the order of the spec. */
export function containerStatuses(input: StatusInput, kind: "init" | "regular" | "ephemeral", previous: readonly ContainerStatus[]): ContainerStatus[] {
  const { pod } = input;
  const containers: readonly Container[] = kind === "init" ? (pod.spec.initContainers ?? []) : kind === "regular" ? pod.spec.containers : (pod.spec.ephemeralContainers ?? []);
  return containers.map((container) => containerStatus(input, container, kind, previous.find((status) => status.name === container.name)));
}

function containerStatus(input: StatusInput, container: Container, kind: "init" | "regular" | "ephemeral", old: ContainerStatus | undefined): ContainerStatus {
  const { pod, observed } = input;
  const [record, before] = observed.records.filter((candidate) => candidate.name === container.name).sort((a, b) => b.attempt - a.attempt);
  const status = record === undefined ? unknownToRuntime(input, container, old) : knownToRuntime(input, container, record, before, old);
  const finished = kind === "init" && !isSidecar(container) && record?.state === "exited" && record.exitCode === 0;
  const waiting = input.waiting(container.name);
  if (!finished && waiting !== undefined && shouldBeStarted(container, pod, observed)) {
    if (status.state.terminated !== undefined) status.lastState = status.state;
    status.state = { waiting: { reason: waiting.reason, ...(waiting.message !== "" && { message: waiting.message }) } };
  }
  readiness(input, container, kind, record, status);
  return status;
}

/** What the probes and the state say of started and ready. */
function readiness(input: StatusInput, container: Container, kind: "init" | "regular" | "ephemeral", record: ContainerRecord | undefined, status: ContainerStatus): void {
  if (kind === "ephemeral") return;
  const running = status.state.running !== undefined && record !== undefined;
  const started = running && (container.startupProbe === undefined || input.observed.probe("startup", record.id) === true);
  status.started = started;
  if (kind === "init" && !isSidecar(container)) {
    status.ready = status.state.terminated?.exitCode === 0;
    return;
  }
  status.ready = running && started && (container.readinessProbe === undefined || input.observed.probe("readiness", record.id) === true);
}

function unknownToRuntime(input: StatusInput, container: Container, old: ContainerStatus | undefined): ContainerStatus {
  const reason = (input.pod.spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating";
  const status: ContainerStatus = {
    name: container.name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? "",
    imageID: "",
    ...volumeMounts(container),
  };
  if (old === undefined) return status;
  if (old.state.terminated !== undefined) return { ...old };
  status.restartCount = old.restartCount;
  status.lastState = old.lastState;
  if (old.state.running !== undefined && old.lastState.terminated === undefined) {
    // It ran and is gone without a trace: say so instead of going back to a pending pod.
    status.lastState = {
      terminated: {
        exitCode: 137,
        reason: "ContainerStatusUnknown",
        message: "The container could not be located when the pod was deleted.  The container used to be Running",
        startedAt: null,
        finishedAt: null,
      },
    };
    if (input.pod.metadata.deletionTimestamp === undefined) status.restartCount++;
  }
  return status;
}

function knownToRuntime(input: StatusInput, container: Container, record: ContainerRecord, before: ContainerRecord | undefined, old: ContainerStatus | undefined): ContainerStatus {
  const resources = { ...container.resources };
  const requests = container.resources?.requests;
  return {
    name: container.name,
    state: stateOf(record),
    lastState: before === undefined ? (old?.containerID === containerId(record) ? old.lastState : {}) : stateOf(before),
    ready: false,
    restartCount: record.attempt,
    image: fullName(defaultTag(record.image)),
    imageID: input.imageId(record.image),
    containerID: containerId(record),
    ...(requests !== undefined && { allocatedResources: requests }),
    resources,
    ...volumeMounts(container),
    user: { linux: input.user(container) },
  };
}

function stateOf(record: ContainerRecord): ContainerState {
  if (record.state === "created") return { waiting: { reason: "ContainerCreating" } };
  if (record.state === "running") return { running: { startedAt: formatTime(record.startedAt) } };
  const message = record.startError ?? record.terminationMessage;
  return {
    terminated: {
      exitCode: record.exitCode,
      reason: record.startError !== undefined ? "StartError" : record.oomKilled ? "OOMKilled" : record.exitCode === 0 ? "Completed" : "Error",
      ...(message !== undefined && message !== "" && { message }),
      startedAt: formatTime(record.startedAt),
      finishedAt: formatTime(record.finishedAt),
      containerID: containerId(record),
    },
  };
}

function volumeMounts(container: Container): Pick<ContainerStatus, "volumeMounts"> {
  const mounts = container.volumeMounts ?? [];
  if (mounts.length === 0) return {};
  return {
    volumeMounts: mounts.map(({ name, mountPath, readOnly }) => ({
      name,
      mountPath,
      ...(readOnly === true && { readOnly, recursiveReadOnly: "Disabled" }),
    })),
  };
}

/** The attempt of a container that ran, by the pod's status, and left nothing in the engine. */
export function lostAttempt(pod: Pod, name: string): number {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
  const old = [...initContainerStatuses, ...containerStatuses].find((status) => status.name === name);
  return old?.containerID === undefined ? 0 : old.restartCount + 1;
}
