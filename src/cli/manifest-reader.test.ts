import { expect, it } from "vitest";
import { decodeObject } from "./manifest-object.ts";
import { readDocuments } from "./manifest-reader.ts";

it("reads several documents and leaves empty ones out", async () => {
  expect(await readDocuments("a: 1\n---\n# nothing\n---\n- x\n", "f.yaml")).toEqual([{ a: 1 }, ["x"]]);
  expect(await readDocuments('{"a": {"b": "c"}}', "f.json")).toEqual([{ a: { b: "c" } }]);
});

it("knows YAML 1.1's booleans and octal numbers", async () => {
  expect(await readDocuments("a: yes\nb: 'yes'\nc: 0644\nd: 1e3\ne: on\nf: 1.5\n", "f")).toEqual([{ a: true, b: "yes", c: 420, d: 1000, e: true, f: 1.5 }]);
});

it("names source, line and column of a syntax error", async () => {
  await expect(async () => readDocuments("a: 1\nb: [1, 2\nc: 3\n", "dir/web.yaml")).rejects.toThrow(/^error parsing dir\/web\.yaml: error converting YAML to JSON: yaml: line \d+: .*\(column \d+\)$/);
});

it("refuses what is no object of the API", () => {
  expect(() => decodeObject({ apiVersion: "v1" }, "f.yaml")).toThrow("unable to decode \"f.yaml\": Object 'Kind' is missing in '{\"apiVersion\":\"v1\"}'");
  expect(() => decodeObject([1], "f.yaml")).toThrow("json: cannot unmarshal array");
});
