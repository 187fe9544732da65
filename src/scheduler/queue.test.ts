import { describe, expect, it } from "vitest";
import type { Pod } from "../api/generated/types/core/v1.ts";
import { FakeClock } from "../util/fake-clock.ts";
import { filters } from "./filters/filters.ts";
import { podFacts } from "./node-state.ts";
import { SchedulingQueue } from "./queue.ts";

const facts = (name: string, priority = 0) => {
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata: { name, uid: name }, spec: { containers: [], priority }, status: {} };
  return podFacts(pod);
};

function setUp() {
  const clock = new FakeClock();
  let ready = 0;
  const queue = new SchedulingQueue(clock, filters, () => ready++);
  const pop = () => {
    const queued = queue.pop();
    if (queued === undefined) throw new Error("the queue is empty");
    return queued;
  };
  return { clock, queue, pop, ready: () => ready };
}

describe("SchedulingQueue", () => {
  it("gives the most important pod first, of equals the one that waits longest", async () => {
    const { clock, queue, pop } = setUp();
    for (const [name, priority] of [["a", 0], ["b", 5], ["c", 0]] as const) {
      queue.add(facts(name, priority));
      await clock.step(1);
    }
    expect([pop(), pop(), pop()].map(({ facts: { uid } }) => uid)).toEqual(["b", "a", "c"]);
    expect(queue.pop()).toBeUndefined();
  });

  it("wakes a pod only for an event that its filter cares for", () => {
    const { queue, pop } = setUp();
    queue.add(facts("a"));
    queue.addUnschedulable(pop(), ["NodePorts"]);
    queue.moveOnEvent("AssignedPodAdd");
    expect(queue.pop()).toBeUndefined();
    queue.moveOnEvent("AssignedPodDelete");
    expect(pop().facts.uid).toBe("a");
  });

  it("lets a pod that failed for a reason of ours wait, twice as long each time", async () => {
    const { clock, queue, pop } = setUp();
    queue.add(facts("a"));
    for (const wait of [1000, 2000, 4000, 8000, 10_000]) {
      queue.addFailed(pop());
      await clock.step(wait - 1);
      expect(queue.pop()).toBeUndefined();
      await clock.step(1);
    }
    expect(pop().attempts).toBe(6);
  });

  it("tries a pod that nothing woke again after five minutes", async () => {
    const { clock, queue, pop, ready } = setUp();
    queue.add(facts("a"));
    queue.addUnschedulable(pop(), ["NodeAffinity"]);
    const before = ready();
    await clock.step(5 * 60_000 + 1000);
    expect(ready()).toBe(before + 1);
    expect(pop().facts.uid).toBe("a");
  });

  it("forgets a pod that is gone", () => {
    const { queue } = setUp();
    queue.add(facts("a"));
    queue.remove("a");
    expect(queue.pop()).toBeUndefined();
  });
});
