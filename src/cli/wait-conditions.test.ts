import { expect, it } from "vitest";
import type { UnstructuredObject } from "../api/object.ts";
import { readConditions } from "./wait-conditions.ts";

const object = (status: unknown, generation = 1) => ({ apiVersion: "v1", kind: "X", metadata: { name: "x", generation }, status }) as UnstructuredObject;

function isMet(condition: string, of: UnstructuredObject): boolean {
  const [first] = readConditions([condition]);
  return first?.type === "state" && first.isMet(of);
}

it("compares conditions without regard to case, and not those of an older generation", () => {
  const ready = { conditions: [{ type: "Ready", status: "True" }], observedGeneration: 1 };
  expect(isMet("condition=ready", object(ready))).toBe(true);
  expect(isMet("condition=Ready=false", object(ready))).toBe(false);
  expect(isMet("condition=Ready", object(ready, 2))).toBe(false);
  expect(isMet("condition=Other", object(ready))).toBe(false);
});

it("compares the values of paths", () => {
  expect(isMet("jsonpath={.status.phase}=Running", object({ phase: "Running" }))).toBe(true);
  expect(isMet("jsonpath='{.status.replicas}'=3".replaceAll("'", ""), object({ replicas: 3 }))).toBe(true);
  expect(isMet("jsonpath={.status.ip}", object({ ip: "1" }))).toBe(true);
  expect(isMet("jsonpath={.status.ip}", object({}))).toBe(false);
  expect(isMet('jsonpath={.status.list[?(@.a=="b")].c}=d', object({ list: [{ a: "b", c: "d" }] }))).toBe(true);
});

it("refuses what it does not know", () => {
  expect(() => readConditions(["nonsense"])).toThrow('unrecognized condition: "nonsense"');
  expect(() => readConditions(["jsonpath={.a}="])).toThrow("jsonpath wait has to have a value after equal sign");
  expect(() => isMet("jsonpath={.status}=x", object({}))).toThrow("jsonpath leads to a nested object or list which is not supported");
});
