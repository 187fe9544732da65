import { expect, test } from "vitest";
import { createMemoryStore } from "../store/memory-store.ts";
import { formatTime } from "../util/clock.ts";
import { FakeClock } from "../util/fake-clock.ts";
import { silentLogger } from "../util/logger.ts";
import { expireEvents } from "./event-expiry.ts";

test("events go an hour after they were last seen", async () => {
  const clock = new FakeClock();
  const store = createMemoryStore();
  const put = (name: string, lastTimestamp: number) =>
    store.create(`//events/default/${name}`, () => ({ metadata: { name, creationTimestamp: formatTime(clock.now() - 7_200_000) }, lastTimestamp: formatTime(lastTimestamp) }));
  await put("old", clock.now() - 3_590_000);
  await put("new", clock.now() - 600_000);
  const stop = expireEvents(store, clock, silentLogger);
  await clock.step(5 * 60 * 1000);
  await clock.step(0);
  expect(store.list("//events/").entries.map((entry) => entry.key)).toEqual(["//events/default/new"]);
  stop();
  expect(clock.pending).toBe(0);
});
