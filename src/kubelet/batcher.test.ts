import { expect, it } from "vitest";
import { Batcher } from "./batcher.ts";

it("makes one call of what is asked for while another one runs", async () => {
  const calls: string[][] = [];
  const gates: (() => void)[] = [];
  const batcher = new Batcher<string>((items) => {
    calls.push([...items]);
    return new Promise((resolve) => gates.push(() => resolve()));
  });
  const first = batcher.add("a");
  await expect.poll(() => calls.length).toBe(1);
  const later = [batcher.add("b"), batcher.add("c"), batcher.add("b")];
  gates[0]?.();
  await first;
  await expect.poll(() => calls.length).toBe(2);
  gates[1]?.();
  await Promise.all(later);
  expect(calls).toEqual([["a"], ["b", "c"]]);
});

it("goes on after a call that failed", async () => {
  let fail = true;
  const batcher = new Batcher<string>(() => (fail ? Promise.reject(new Error("no")) : Promise.resolve()));
  await expect(batcher.add("a")).rejects.toThrow("no");
  fail = false;
  await batcher.add("b");
});
