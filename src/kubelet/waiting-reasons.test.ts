import { expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { Backoff } from "./backoff.ts";
import { container, pod, record } from "./pod-fixture.ts";
import { WaitingReasons } from "./waiting-reasons.ts";

function reasons() {
  const clock = new FakeClock();
  const waiting = new WaitingReasons(clock, new Backoff(clock));
  const ended = (attempt: number) => record("c", "exited", { attempt, finishedAt: clock.now(), exitCode: 1 });
  const sandbox = { startedAt: clock.now() };
  return { clock, waiting, ended, sandbox, hold: (attempt: number) => waiting.holdBack(pod(), container("c"), ended(attempt), sandbox) };
}

it("restarts the first crash at once and holds back the next ones", async () => {
  const { clock, waiting, ended, sandbox, hold } = reasons();
  expect(hold(0)).toBeUndefined();
  const second = ended(1);
  expect(waiting.holdBack(pod(), container("c"), second, sandbox)).toBe(10_000);
  expect(waiting.get("c")).toEqual({ reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container=c pod=p_default(u1)" });
  await clock.step(10_000);
  expect(waiting.holdBack(pod(), container("c"), second, sandbox)).toBeUndefined();
});

it("shows how a container ended before it shows the back-off", async () => {
  const { clock, waiting, ended, sandbox, hold } = reasons();
  hold(0);
  const second = ended(1);
  waiting.holdBack(pod(), container("c"), second, sandbox);
  await clock.step(10_000);
  waiting.holdBack(pod(), container("c"), second, sandbox);
  waiting.started("c");
  expect(hold(2)).toBe(16_000);
  expect(waiting.shown("c")).toBeUndefined();
  await clock.step(16_000);
  expect(waiting.shown("c")?.message).toBe("back-off 20s restarting failed container=c pod=p_default(u1)");
});

it("shows the back-off at once of what was waiting before", () => {
  const { waiting, hold } = reasons();
  hold(0);
  waiting.failed("c", { reason: "PostStartHookError", message: "" });
  hold(1);
  expect(waiting.shown("c")?.reason).toBe("CrashLoopBackOff");
});

it("does not take for a crash what ended with an earlier sandbox", async () => {
  const { clock, waiting, ended } = reasons();
  const last = ended(5);
  await clock.step(1_000);
  expect(waiting.holdBack(pod(), container("c"), last, { startedAt: clock.now() })).toBeUndefined();
  expect(waiting.holdBack(pod(), container("c"), ended(6), { startedAt: clock.now() })).toBe(10_000);
});
