import { expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { Backoff } from "./backoff.ts";

it("doubles from 10 s to 5 min, counted from what happened, and starts anew after 10 min of peace", async () => {
  const clock = new FakeClock();
  const backoff = new Backoff(clock);
  expect(backoff.remaining("k", clock.now())).toBe(0);
  const delays: number[] = [];
  for (let crash = 0; crash < 7; crash++) {
    backoff.next("k", clock.now());
    delays.push(backoff.remaining("k", clock.now()) / 1000);
    await clock.step(backoff.delay("k"));
    expect(backoff.remaining("k", clock.now() - backoff.delay("k"))).toBe(0);
  }
  expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300]);
  await clock.step(601_000);
  backoff.next("k", clock.now());
  expect(backoff.delay("k")).toBe(10_000);
});

it("takes up where an earlier program was", () => {
  const clock = new FakeClock();
  const backoff = new Backoff(clock);
  backoff.restore("k", 3, clock.now());
  expect(backoff.delay("k")).toBe(40_000);
});
