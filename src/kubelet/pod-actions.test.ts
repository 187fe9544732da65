import { describe, expect, it } from "vitest";
import { computePodActions, type ObservedPod } from "./pod-actions.ts";
import { container, observed, pod, record } from "./pod-fixture.ts";
import type { Pod } from "../api/generated/types/core/v1.ts";

/** The actions with containers by name. */
function actions(of: Pod, seen: ObservedPod) {
  const { killPod, createSandbox, sandboxAttempt, kill, startEphemeral, startInit, start } = computePodActions(of, seen);
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  return {
    ...(killPod && { killPod }),
    ...(createSandbox && { createSandbox: sandboxAttempt }),
    ...(kill.length > 0 && { kill: kill.map(({ message }) => message) }),
    ...(startEphemeral.length > 0 && { startEphemeral: names(startEphemeral) }),
    ...(startInit.length > 0 && { startInit: names(startInit) }),
    ...(start.length > 0 && { start: names(start) }),
  };
}

const nothing: ObservedPod = { records: [], probe: () => undefined };

describe("the sandbox", () => {
  it("comes first, then all containers", () => {
    expect(actions(pod({ containers: [container("a"), container("b")] }), nothing)).toEqual({ killPod: true, createSandbox: 0, start: ["a", "b"] });
  });

  it("is made anew when it died, and the pod starts from its init containers", () => {
    const dead = { records: [record("POD", "exited"), record("c", "running")], probe: () => undefined };
    expect(actions(pod({ initContainers: [container("i")] }), dead)).toEqual({ killPod: true, createSandbox: 1, startInit: ["i"] });
  });

  it("is not made anew for a pod that must not restart", () => {
    const dead = { records: [record("POD", "exited"), record("c", "exited", { exitCode: 1 })], probe: () => undefined };
    expect(actions(pod({ restartPolicy: "Never" }), dead)).toEqual({ killPod: true });
  });
});

describe("regular containers", () => {
  it("are left alone while they run", () => {
    expect(actions(pod(), observed([record("c", "running")]))).toEqual({});
  });

  it.each([
    ["Always", 0, { start: ["c"] }],
    ["OnFailure", 1, { start: ["c"] }],
    ["OnFailure", 0, { killPod: true }],
    ["Never", 1, { killPod: true }],
  ] as const)("with restartPolicy %s after exit code %i", (restartPolicy, exitCode, expected) => {
    expect(actions(pod({ restartPolicy }), observed([record("c", "exited", { exitCode })]))).toEqual(expected);
  });

  it("follow their own restart rules before the pod's policy", () => {
    const own = container("c", { restartPolicy: "Never", restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }] });
    expect(actions(pod({ containers: [own] }), observed([record("c", "exited", { exitCode: 42 })]))).toEqual({ start: ["c"] });
    expect(actions(pod({ containers: [own] }), observed([record("c", "exited", { exitCode: 1 })]))).toEqual({ killPod: true });
  });

  it("are killed and restarted when liveness or startup fails", () => {
    expect(actions(pod(), observed([record("c", "running")], { liveness: false }))).toEqual({ kill: ["Container c failed liveness probe, will be restarted"], start: ["c"] });
    const slow = pod({ containers: [container("c", { startupProbe: {} })] });
    expect(actions(slow, observed([record("c", "running")], { startup: false }))).toEqual({ kill: ["Container c failed startup probe, will be restarted"], start: ["c"] });
  });

  it("are replaced when their image changes", () => {
    const changed = pod({ containers: [container("c", { image: "busybox:2" })] });
    expect(actions(changed, observed([record("c", "running")]))).toEqual({ kill: ["Container c definition changed, will be restarted"], start: ["c"] });
  });
});

describe("init containers", () => {
  const spec = pod({ initContainers: [container("i1"), container("i2")] });

  it("run one after the other before the regular ones", () => {
    expect(actions(spec, observed())).toEqual({ startInit: ["i1"] });
    expect(actions(spec, observed([record("i1", "running")]))).toEqual({});
    expect(actions(spec, observed([record("i1", "exited")]))).toEqual({ startInit: ["i2"] });
    expect(actions(spec, observed([record("i1", "exited"), record("i2", "exited")]))).toEqual({ start: ["c"] });
  });

  it("are tried again when they fail, unless the pod must not restart", () => {
    const failed = observed([record("i1", "exited", { exitCode: 7 })]);
    expect(actions(spec, failed)).toEqual({ startInit: ["i1"] });
    expect(actions({ ...spec, spec: { ...spec.spec, restartPolicy: "Never" } }, failed)).toEqual({ killPod: true });
  });
});

describe("sidecars", () => {
  const sidecar = container("s", { restartPolicy: "Always", startupProbe: {} });
  const spec = pod({ initContainers: [sidecar, container("i")], restartPolicy: "Never" });

  it("hold what comes after them until they have started", () => {
    expect(actions(spec, observed([record("s", "running")]))).toEqual({});
    expect(actions(spec, observed([record("s", "running")], { startup: true }))).toEqual({ startInit: ["i"] });
  });

  it("are restarted while regular containers run, whatever the pod's policy", () => {
    const seen = observed([record("s", "exited", { exitCode: 1 }), record("i", "exited"), record("c", "running")]);
    expect(actions(spec, seen)).toEqual({ startInit: ["s"] });
  });

  it("do not keep a pod alive whose regular containers are done", () => {
    expect(actions(spec, observed([record("s", "running"), record("i", "exited"), record("c", "exited")], { startup: true }))).toEqual({ killPod: true });
  });
});

it("starts an ephemeral container once", () => {
  const debugged = pod({ ephemeralContainers: [container("d")] });
  expect(actions(debugged, observed([record("c", "running")]))).toEqual({ startEphemeral: ["d"] });
  expect(actions(debugged, observed([record("c", "running"), record("d", "exited")]))).toEqual({});
});
