import { expect, it } from "vitest";
import type { Container } from "../api/generated/types/core/v1.ts";
import { FakeClock } from "../util/fake-clock.ts";
import { container, record } from "./pod-fixture.ts";
import type { ProbeOutcome } from "./probe.ts";
import { ContainerProbes } from "./probe-manager.ts";

/** Probes with answers that the test sets by kind. */
function probing(spec: Partial<Container>, adopted?: { started: boolean; ready: boolean }) {
  const clock = new FakeClock();
  const answers = new Map<unknown, ProbeOutcome>();
  const runs: string[] = [];
  const events: string[] = [];
  let changes = 0;
  const of = container("c", spec);
  const probes = new ContainerProbes({
    clock,
    runProbe: async (probe) => {
      const kind = probe === of.livenessProbe ? "liveness" : probe === of.readinessProbe ? "readiness" : "startup";
      runs.push(`${kind}@${(clock.now() - Date.UTC(2026, 0, 1)) / 1000}`);
      return answers.get(kind) ?? { result: "success" };
    },
    container: of,
    record: record("c", "running", { startedAt: clock.now() }),
    podIP: "10.244.0.2",
    report: (reason, message) => events.push(`${reason}: ${message}`),
    changed: () => changes++,
    ...(adopted && { adopted }),
  });
  return { clock, probes, answers, runs, events, changes: () => changes };
}

it("asks for readiness at once and again each period; thresholds decide", async () => {
  const { clock, probes, answers, runs, events } = probing({ readinessProbe: { periodSeconds: 1, failureThreshold: 2 } });
  expect(probes.result("readiness")).toBe(false);
  await clock.step(0);
  expect(probes.result("readiness")).toBe(true);
  answers.set("readiness", { result: "failure", output: "no" });
  await clock.step(1000);
  expect(probes.result("readiness")).toBe(true);
  await clock.step(1000);
  expect([probes.result("readiness"), runs, events]).toEqual([false, ["readiness@0", "readiness@1", "readiness@2"], ["Unhealthy: Readiness probe failed: no", "Unhealthy: Readiness probe failed: no"]]);
});

it("waits for the initial delay", async () => {
  const { clock, runs } = probing({ readinessProbe: { initialDelaySeconds: 5, periodSeconds: 10 } });
  await clock.step(16_000);
  expect(runs).toEqual(["readiness@5", "readiness@15"]);
});

it("holds the other probes until startup succeeded", async () => {
  const { clock, probes, answers, runs } = probing({ startupProbe: { periodSeconds: 1, failureThreshold: 30 }, livenessProbe: { periodSeconds: 2 }, readinessProbe: { periodSeconds: 2 } });
  answers.set("startup", { result: "failure", output: "" });
  await clock.step(1000);
  expect([probes.result("startup"), runs]).toEqual([undefined, ["startup@0", "startup@1"]]);
  answers.clear();
  await clock.step(3000);
  expect([probes.result("startup"), runs.slice(2, 4)]).toEqual([true, ["startup@2", "readiness@2"]]);
  expect(runs.slice(4).sort()).toEqual(["liveness@4", "readiness@4"]);
});

it("stops asking a container whose liveness failed, and tells of it once", async () => {
  const { clock, probes, answers, runs, changes } = probing({ livenessProbe: { periodSeconds: 1, failureThreshold: 1 } });
  answers.set("liveness", { result: "failure", output: "" });
  await clock.step(5000);
  expect([probes.result("liveness"), runs, changes()]).toEqual([false, ["liveness@1"], 1]);
});

it("does not count a probe that could not be run", async () => {
  const { clock, probes, answers, runs } = probing({ readinessProbe: { periodSeconds: 1, failureThreshold: 1 } }, { started: true, ready: true });
  answers.set("readiness", { result: "error", message: "docker is away" });
  await clock.step(0);
  expect([probes.result("readiness"), runs.length]).toEqual([true, 3]);
});

it("keeps a container ready that was so before this program started", () => {
  const { probes } = probing({ readinessProbe: {}, startupProbe: {} }, { started: true, ready: true });
  expect([probes.result("startup"), probes.result("readiness")]).toEqual([true, true]);
});

it("leaves no timer behind", async () => {
  const { clock, probes } = probing({ livenessProbe: {}, readinessProbe: {} });
  await clock.step(0);
  probes.stop();
  expect(clock.pending).toBe(0);
});
