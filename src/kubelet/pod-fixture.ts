// Pods and containers for this folder's tests.
import type { Container, Pod, PodSpec, PodStatus } from "../api/generated/types/core/v1.ts";
import { containerRecord, type ContainerRecord } from "./container-store.ts";
import { containerHash, containerLabels, Label, SANDBOX_NAME } from "./labels.ts";
import type { ObservedPod, ProbeKind } from "./pod-actions.ts";

/** A container named so, with what a test cares about. */
export function container(name: string, more: Partial<Container> = {}): Container {
  return { name, image: "busybox:1.36", resources: {}, ...more };
}

/** A pod "p" of the default namespace. */
export function pod(spec: Partial<PodSpec> = {}, status: Partial<PodStatus> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", uid: "u1", generation: 1 },
    spec: { containers: [container("c")], restartPolicy: "Always", ...spec },
    status: { phase: "Pending", ...status },
  };
}

/** A container as the engine has it; `name` "POD" is the sandbox. */
export function record(name: string, state: ContainerRecord["state"], more: Partial<ContainerRecord> = {}): ContainerRecord {
  const attempt = more.attempt ?? 0;
  const labels = { ...containerLabels({ clusterId: "k", node: "n" }, pod(), name, attempt), [Label.hash]: containerHash(container(name)), [Label.podIP]: "10.244.0.2" };
  const start = Date.UTC(2026, 0, 1);
  return { ...containerRecord(`${name}-${attempt}`, labels, "busybox:1.36"), state, startedAt: start, finishedAt: state === "exited" ? start + 1000 : 0, ...more };
}

/** What the kubelet sees: a running sandbox and these containers. */
export function observed(records: ContainerRecord[] = [], probes: Partial<Record<ProbeKind, boolean>> = {}): ObservedPod {
  return { records: [record(SANDBOX_NAME, "running"), ...records], probe: (kind) => probes[kind] };
}
