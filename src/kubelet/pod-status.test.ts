import { describe, expect, it } from "vitest";
import type { Pod } from "../api/generated/types/core/v1.ts";
import type { ObservedPod } from "./pod-actions.ts";
import { container, observed, pod, record } from "./pod-fixture.ts";
import { podStatus, type PodStatusInput } from "./pod-status.ts";

const now = Date.UTC(2026, 0, 2);

function statusOf(of: Pod, seen: ObservedPod, more: Partial<PodStatusInput> = {}) {
  return podStatus({
    pod: of,
    observed: seen,
    waiting: () => undefined,
    imageId: () => "docker://sha256:1",
    user: () => ({ uid: 0, gid: 0, supplementalGroups: [0] }),
    hostIP: "10.244.0.1",
    podIP: "10.244.0.2",
    terminal: false,
    now,
    ...more,
  });
}

/** "Type=Status Reason" of each condition. */
function conditions(status: ReturnType<typeof podStatus>): string[] {
  return (status.conditions ?? []).map(({ type, status: value, reason = "" }) => `${type}=${value} ${reason}`.trim());
}

it("is whole for a running container", () => {
  const mounted = container("c", { volumeMounts: [{ name: "v", mountPath: "/v", readOnly: true }], resources: { requests: { cpu: "10m" } } });
  expect(statusOf(pod({ containers: [mounted] }), observed([record("c", "running")]))).toEqual({
    observedGeneration: 1,
    phase: "Running",
    conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
      type,
      status: "True",
      observedGeneration: 1,
      lastProbeTime: null,
      lastTransitionTime: "2026-01-02T00:00:00Z",
    })),
    hostIP: "10.244.0.1",
    hostIPs: [{ ip: "10.244.0.1" }],
    podIP: "10.244.0.2",
    podIPs: [{ ip: "10.244.0.2" }],
    startTime: "2026-01-02T00:00:00Z",
    qosClass: "Burstable",
    allocatedResources: { cpu: "10m" },
    resources: { requests: { cpu: "10m" } },
    containerStatuses: [
      {
        name: "c",
        state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
        lastState: {},
        ready: true,
        started: true,
        restartCount: 0,
        image: "docker.io/library/busybox:1.36",
        imageID: "docker://sha256:1",
        containerID: "docker://c-0",
        allocatedResources: { cpu: "10m" },
        resources: { requests: { cpu: "10m" } },
        volumeMounts: [{ name: "v", mountPath: "/v", readOnly: true, recursiveReadOnly: "Disabled" }],
        user: { linux: { uid: 0, gid: 0, supplementalGroups: [0] } },
      },
    ],
  });
});

describe("a container that is not there", () => {
  it("is being created", () => {
    const status = statusOf(pod(), { records: [], probe: () => undefined }, { podIP: "" });
    expect(status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "ContainerCreating" } });
    expect([status.phase, status.podIP, ...conditions(status)]).toEqual([
      "Pending",
      undefined,
      "PodReadyToStartContainers=False",
      "Initialized=True",
      "Ready=False ContainersNotReady",
      "ContainersReady=False ContainersNotReady",
      "PodScheduled=True",
    ]);
  });

  it("says why it waits", () => {
    const status = statusOf(pod(), observed(), { waiting: () => ({ reason: "ErrImageNeverPull", message: "m" }) });
    expect(status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "ErrImageNeverPull", message: "m" } });
  });

  it("is told as lost when it ran before", () => {
    const before = statusOf(pod(), observed([record("c", "running")]));
    const status = statusOf(pod({}, before), { records: [], probe: () => undefined });
    expect([status.containerStatuses?.[0]?.lastState.terminated?.reason, status.containerStatuses?.[0]?.restartCount]).toEqual(["ContainerStatusUnknown", 1]);
  });
});

describe("a container that ended", () => {
  it.each([
    [{ exitCode: 0 }, "Completed"],
    [{ exitCode: 3 }, "Error"],
    [{ exitCode: 137, oomKilled: true }, "OOMKilled"],
    [{ exitCode: 128, startError: "no such program" }, "StartError"],
  ])("%o has the reason %s", (more, reason) => {
    expect(statusOf(pod(), observed([record("c", "exited", more)])).containerStatuses?.[0]?.state.terminated?.reason).toBe(reason);
  });

  it("goes into lastState while its restart is held back", () => {
    const status = statusOf(pod(), observed([record("c", "exited", { exitCode: 2, attempt: 1 }), record("c", "exited", { exitCode: 1 })]), {
      waiting: () => ({ reason: "CrashLoopBackOff", message: "back-off" }),
    });
    expect([status.phase, status.containerStatuses?.[0]?.state.waiting?.reason, status.containerStatuses?.[0]?.lastState.terminated?.exitCode, status.containerStatuses?.[0]?.restartCount]).toEqual(["Running", "CrashLoopBackOff", 2, 1]);
  });

  it("makes a pod that must not restart succeed or fail", () => {
    const done = statusOf(pod({ restartPolicy: "Never" }), observed([record("c", "exited")]));
    const failed = statusOf(pod({ restartPolicy: "Never" }), observed([record("c", "exited", { exitCode: 1 })]));
    expect([done.phase, ...conditions(done).slice(1, 4)]).toEqual(["Succeeded", "Initialized=True PodCompleted", "Ready=False PodCompleted", "ContainersReady=False PodCompleted"]);
    expect([failed.phase, ...conditions(failed).slice(1, 4)]).toEqual(["Failed", "Initialized=True", "Ready=False PodFailed", "ContainersReady=False PodFailed"]);
  });
});

describe("init containers", () => {
  it("keep the pod pending, and are named while they are incomplete", () => {
    const status = statusOf(pod({ initContainers: [container("i")] }), observed([record("i", "running")]));
    expect([status.phase, status.conditions?.[1]?.message, status.containerStatuses?.[0]?.state.waiting?.reason]).toEqual(["Pending", "containers with incomplete status: [i]", "PodInitializing"]);
  });

  it("that fail for good fail the pod", () => {
    const status = statusOf(pod({ initContainers: [container("i")], restartPolicy: "Never" }), observed([record("i", "exited", { exitCode: 1 })]));
    expect(status.phase).toBe("Failed");
  });
});

describe("readiness", () => {
  it("follows the probes", () => {
    const probed = pod({ containers: [container("c", { readinessProbe: {}, startupProbe: {} })] });
    const states = [{}, { startup: true }, { startup: true, readiness: true }].map((probes) => statusOf(probed, observed([record("c", "running")], probes)).containerStatuses?.[0]);
    expect(states.map((status) => [status?.started, status?.ready])).toEqual([[false, false], [true, false], [true, true]]);
  });

  it("waits for gates that others open, and keeps their conditions", () => {
    const gate = (status: string) => ({ type: "gate", status, lastProbeTime: null, lastTransitionTime: null });
    const gated = (status: string) => statusOf(pod({ readinessGates: [{ conditionType: "gate" }] }, { conditions: [gate(status)] }), observed([record("c", "running")]));
    expect(conditions(gated("False"))).toContain("Ready=False ReadinessGatesNotReady");
    expect(conditions(gated("True"))).toEqual(expect.arrayContaining(["gate=True", "Ready=True"]));
  });
});

it("keeps a deadline's reason and times that did not change", () => {
  const first = statusOf(pod(), observed([record("c", "running")]));
  const failed = statusOf(pod({}, first), observed([record("c", "exited", { exitCode: 137 })]), { failed: { reason: "DeadlineExceeded", message: "m" }, now: now + 5000, terminal: true });
  const later = statusOf(pod({}, failed), observed([record("c", "exited", { exitCode: 137 })]), { now: now + 9000, terminal: true });
  expect([later.phase, later.reason, later.message, later.startTime]).toEqual(["Failed", "DeadlineExceeded", "m", "2026-01-02T00:00:00Z"]);
  expect(later.conditions?.find(({ type }) => type === "Ready")?.lastTransitionTime).toBe("2026-01-02T00:00:05Z");
});
