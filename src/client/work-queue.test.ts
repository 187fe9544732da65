import { expect, it } from "vitest";
import { FakeClock } from "../util/fake-clock.ts";
import { WorkQueue } from "./work-queue.ts";

it("hands out an item once, however often it was added", async () => {
  const queue = new WorkQueue<string>(new FakeClock());
  for (const item of ["a", "b", "a"]) queue.add(item);
  expect([await queue.get(), await queue.get(), queue.length]).toEqual(["a", "b", 0]);
});

it("keeps an item from a second worker until the first is done", async () => {
  const queue = new WorkQueue<string>(new FakeClock());
  queue.add("a");
  await queue.get();
  queue.add("a");
  queue.add("a");
  expect(queue.length).toBe(0);
  const next = queue.get();
  queue.done("a");
  expect(await next).toBe("a");
  queue.done("a");
  expect(queue.length).toBe(0);
});

it("gives an item to a worker that waits", async () => {
  const queue = new WorkQueue<string>(new FakeClock());
  const [first, second] = [queue.get(), queue.get()];
  queue.add("a");
  queue.add("b");
  expect([await first, await second]).toEqual(["a", "b"]);
});

it("adds later, at the earliest of the times asked for", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue<string>(clock);
  queue.addAfter("a", 1000);
  queue.addAfter("a", 300);
  queue.addAfter("a", 2000);
  await clock.step(299);
  expect(queue.length).toBe(0);
  await clock.step(1);
  expect(queue.length).toBe(1);
  expect(clock.pending).toBe(0);
});

it("doubles the delay with every failure until the item is forgotten", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue<string>(clock);
  const delays: number[] = [];
  for (let failure = 0; failure < 20; failure++) {
    const before = clock.now();
    queue.addRateLimited("a");
    while (queue.length === 0) await clock.step(5);
    delays.push(clock.now() - before);
    await queue.get();
    queue.done("a");
    if (failure === 4) break;
  }
  expect(delays).toEqual([5, 10, 20, 40, 80]);
  queue.forget("a");
  expect(queue.numRequeues("a")).toBe(0);
});

it("releases workers when it is shut down, and takes nothing more", async () => {
  const clock = new FakeClock();
  const queue = new WorkQueue<string>(clock);
  const worker = queue.get();
  queue.addAfter("a", 10);
  queue.shutDown();
  queue.add("b");
  expect([await worker, await queue.get(), clock.pending]).toEqual([undefined, undefined, 0]);
});
