import { expect, it } from "vitest";
import { readResourceWords } from "./resource-arguments.ts";

const read = (...words: string[]) => readResourceWords(words, async (word) => (word === "all" ? ["pods", "services"] : undefined), "kubectl");

it("tells types, names and pairs apart", async () => {
  expect(await read("pods")).toEqual({ tuples: [], types: ["pods"], names: [] });
  expect(await read("pods,all,pods", "--")).toMatchObject({ tuples: [{ resource: "pods" }, { resource: "all" }] });
  expect(await read("all")).toMatchObject({ types: ["pods", "services"] });
  expect(await read("pod", "a", "b")).toEqual({ tuples: [], types: ["pod"], names: ["a", "b"] });
  expect(await read("pod/a", "svc/b")).toMatchObject({ tuples: [{ resource: "pod", name: "a" }, { resource: "svc", name: "b" }] });
  expect(await read("pod,svc", "a")).toMatchObject({ tuples: [{ resource: "pod", name: "a" }, { resource: "svc", name: "a" }] });
});

it("refuses words that do not go together", async () => {
  await expect(read("pod/a", "b")).rejects.toThrow("there is no need to specify a resource type as a separate argument");
  await expect(read("pod/a/b")).rejects.toThrow("may not have more than one slash");
  await expect(read("pod/")).rejects.toThrow("must have a single resource and name");
});
