import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import { configMaps } from "../api/resource-refs.ts";
import type { Controller } from "./runtime.ts";
import { keyOf, ownKey, splitKey, watch } from "./runtime.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const create = (name: string) => plane.api.resource(configMaps, "ns").create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "ns" } });
const controller = (reconcile: Controller["reconcile"], more: Partial<Controller> = {}): Controller => ({ name: "test", watches: [watch(configMaps, ownKey)], reconcile, ...more });

describe("controller runtime", () => {
  it("reconciles the key of a changed object, and of those that the predicate lets through only", async () => {
    const keys: string[] = [];
    const added = watch(configMaps, ownKey, ({ type }) => type === "added");
    plane = await new ControlPlane().start([() => controller(async (key) => void keys.push(key), { watches: [added] })]);
    const object = await create("a");
    await plane.settle();
    await plane.api.resource(configMaps, "ns").update({ ...object, data: { a: "1" } });
    await plane.settle();
    expect(keys).toEqual(["ns/a"]);
  });

  it("tries again after a failure, later and later, until it succeeds", async () => {
    const at: number[] = [];
    plane = new ControlPlane();
    await plane.start([
      () =>
        controller(async () => {
          at.push(plane.clock.now());
          if (at.length < 4) throw new Error("not yet");
        }),
    ]);
    const start = plane.clock.now();
    await create("a");
    for (let step = 0; step < 100; step++) await plane.clock.step(1);
    expect(at.map((time) => time - start)).toEqual([expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)]);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits).toEqual([5, 10, 20]);
  });

  it("comes back to a key when a reconcile asks for it", async () => {
    let runs = 0;
    plane = await new ControlPlane().start([() => controller(async () => (++runs === 1 ? { requeueAfterMs: 60_000 } : undefined))]);
    await create("a");
    await plane.settle();
    expect(runs).toBe(1);
    await plane.clock.step(60_000);
    await plane.settle();
    expect(runs).toBe(2);
  });

  it("never reconciles one key twice at a time, and different keys as many as allowed", async () => {
    let most = 0;
    const running = new Set<string>();
    const gate = Promise.withResolvers<void>();
    plane = await new ControlPlane().start([
      () =>
        controller(
          async (key) => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            most = Math.max(most, running.size);
            await gate.promise;
            running.delete(key);
          },
          { concurrency: 2 },
        ),
    ]);
    for (const name of ["a", "b", "c"]) await plane.api.resource(configMaps, "ns").update({ ...(await create(name)), data: { a: "1" } });
    await plane.settle();
    gate.resolve();
    await plane.settle();
    expect(most).toBe(2);
    expect(running.size).toBe(0);
  });
});

describe("keys", () => {
  it("name an object by namespace and name", () => {
    expect(keyOf({ apiVersion: "v1", kind: "Pod", metadata: { namespace: "ns", name: "p" } })).toBe("ns/p");
    expect(splitKey("ns/p")).toEqual({ namespace: "ns", name: "p" });
    expect(splitKey("node")).toEqual({ namespace: "", name: "node" });
  });
});
