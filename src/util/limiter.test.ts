import { expect, it } from "vitest";
import { Limiter } from "./limiter.ts";

it("runs no more tasks at a time than it may, and all of them", async () => {
  const limiter = new Limiter(2);
  let active = 0;
  let most = 0;
  const done: number[] = [];
  await Promise.all(
    [1, 2, 3, 4, 5].map((task) =>
      limiter.run(async () => {
        most = Math.max(most, ++active);
        await new Promise((resolve) => setImmediate(resolve));
        active--;
        done.push(task);
      }),
    ),
  );
  expect({ most, done }).toEqual({ most: 2, done: [1, 2, 3, 4, 5] });
});

it("gives the room of a task that failed to the next", async () => {
  const limiter = new Limiter(1);
  await expect(limiter.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await limiter.run(() => Promise.resolve("yes"))).toBe("yes");
});
