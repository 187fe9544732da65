import { expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { Expectations } from "./expectations.ts";

it("is satisfied when all that was done has been seen", () => {
  const expectations = new Expectations(new FakeClock());
  expect(expectations.satisfied("a")).toBe(true);
  expectations.expectCreations("a", 2);
  expectations.expectDeletions("a", ["u1", "u2"]);
  expectations.creationObserved("a");
  expectations.creationObserved("a");
  expectations.creationObserved("a");
  expectations.deletionObserved("a", "u1");
  expectations.deletionObserved("a", "u1");
  expect(expectations.satisfied("a")).toBe(false);
  expectations.deletionObserved("a", "u2");
  expect(expectations.satisfied("a")).toBe(true);
  expectations.expectCreations("a", 1);
  expect(expectations.satisfied("a")).toBe(false);
  expectations.forget("a");
  expect(expectations.satisfied("a")).toBe(true);
});

it("waits no longer than five minutes", async () => {
  const clock = new FakeClock();
  const expectations = new Expectations(clock);
  expectations.expectCreations("a", 1);
  await clock.step(300_000);
  expect(expectations.satisfied("a")).toBe(false);
  await clock.step(1);
  expect(expectations.satisfied("a")).toBe(true);
});
