import { describe, expect, it } from "vitest";
import { applyDefaults } from "./defaulting.ts";
import { JsonPath } from "./json-path.ts";
import { pruneObject } from "./pruning.ts";
import { RuleValidator } from "./rules.ts";
import { validateSchema } from "./schema-validator.ts";
import type { Schema } from "./structural-schema.ts";

const messages = (schema: Schema, value: unknown, previous?: unknown): string[] =>
  validateSchema(schema, value, previous === undefined ? {} : { previous: { value: previous } }).map(({ message }) => message);

describe("schemas", () => {
  const object = (property: Schema, more: Schema = {}): Schema => ({ type: "object", properties: { a: property }, ...more });

  it.each<[string, Schema, unknown, string[]]>([
    ["types", object({ type: "integer" }), { a: "x" }, ['a: Invalid value: "string": a in body must be of type integer: "string"']],
    ["nullable", object({ type: "string", nullable: true }), { a: null }, []],
    ["lengths", object({ type: "string", maxLength: 1 }), { a: "xy" }, ["a: Too long: may not be more than 1 bytes"]],
    ["patterns", object({ type: "string", pattern: "^x" }), { a: "y" }, [`a: Invalid value: "y": a in body should match '^x'`]],
    ["enums", object({ type: "string", enum: ["x"] }), { a: "y" }, ['a: Unsupported value: "y": supported values: "x"']],
    ["formats", object({ type: "string", format: "date-time" }), { a: "y" }, ['a: Invalid value: "y": a in body must be of type date-time: "y"']],
    ["required fields", object({ type: "string" }, { required: ["a"] }), {}, ["a: Required value"]],
    ["map values", { type: "object", additionalProperties: { type: "string" } }, { a: 1 }, ['a: Invalid value: "integer": .a in body must be of type string: "integer"']],
    ["alternatives", object({ type: "string", anyOf: [{ minLength: 2 }] }), { a: "x" }, ['<nil>: Invalid value: "": "a" must validate at least one schema (anyOf)', 'a: Invalid value: "x": a in body should be at least 2 chars long']],
  ])("check %s", (_, schema, value, expected) => {
    expect(messages(schema, value)).toEqual(expected);
  });

  it("let stay what did not change", () => {
    expect(messages(object({ type: "integer" }), { a: "x", b: 1 }, { a: "x" })).toEqual([]);
  });
});

it("drops what a schema does not name, but metadata", () => {
  const value = { kind: "K", metadata: { name: "n" }, spec: { a: 1, b: { c: 1 } }, other: 1 };
  expect(pruneObject(value, { type: "object", properties: { spec: { type: "object", properties: { b: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } } } })).toEqual(["other", "spec.a"]);
  expect(value).toEqual({ kind: "K", metadata: { name: "n" }, spec: { b: { c: 1 } } });
});

it("sets defaults below what is there, and in defaults", () => {
  const value: Record<string, unknown> = { list: [{}] };
  const item: Schema = { type: "object", properties: { x: { type: "integer", default: 1 } } };
  applyDefaults(value, { type: "object", properties: { list: { type: "array", items: item }, one: { ...item, default: {} } } });
  expect(value).toEqual({ list: [{ x: 1 }], one: { x: 1 } });
});

it("finds what columns show", () => {
  const object = { status: { conditions: [{ type: "A", status: "False" }, { type: "Ready", status: "True" }] }, metadata: { labels: { "a.b/c": "x" } } };
  expect(new JsonPath('.status.conditions[?(@.type=="Ready")].status').find(object)).toEqual(["True"]);
  expect(new JsonPath(".metadata.labels.a\\.b/c").find(object)).toEqual(["x"]);
  expect(new JsonPath(".status.none[0].x").find(object)).toEqual([]);
});

describe("rules", () => {
  const schema = (rule: object): Schema => ({ type: "object", properties: { n: { type: "integer" }, m: { type: "object", additionalProperties: { type: "string" } } }, "x-kubernetes-validations": [rule as never] });
  const broken = (rule: object, value: unknown, old?: unknown) => new RuleValidator(schema(rule)).validate(value, old).map(({ message }) => message);

  it("speak of fields, maps and optional old values", () => {
    expect(broken({ rule: "self.m.all(k, self.m[k] == 'x')", message: "no x" }, { m: { a: "y" } })).toEqual(["<nil>: Invalid value: no x"]);
    expect(broken({ rule: "oldSelf.hasValue() || self.n == 1", optionalOldSelf: true, message: "one first" }, { n: 2 })).toEqual(["<nil>: Invalid value: one first"]);
    expect(broken({ rule: "self.n >= oldSelf.n", message: "grows" }, { n: 1 })).toEqual([]);
    expect(broken({ rule: "self.n >= oldSelf.n", fieldPath: ".n", reason: "FieldValueForbidden", messageExpression: "'was ' + string(oldSelf.n)" }, { n: 1 }, { n: 2 })).toEqual(["n: Forbidden: was 2"]);
  });

  it("end where they cost too much", () => {
    const m = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, "x"]));
    const thrice = "self.m.all(a, self.m.all(b, self.m.all(c, a != '')))";
    const exceeded = "<nil>: Invalid value: \"object\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ";
    expect(broken({ rule: thrice }, { m })).toEqual([exceeded + thrice]);
    const half = { rule: "self.keys.all(a, self.keys.all(b, a + b > 0))" };
    const item: Schema = { type: "object", properties: { keys: { type: "array", items: { type: "integer" } } }, "x-kubernetes-validations": [half as never] };
    const items = Array.from({ length: 100 }, () => ({ keys: Array.from({ length: 300 }, (_, index) => index + 1) }));
    const errors = new RuleValidator({ type: "object", properties: { items: { type: "array", items: item } } }).validate({ items }, undefined).map(({ message }) => message);
    expect(errors).toEqual([expect.stringMatching(/^items\[\d+\]: Invalid value: "object": validation failed due to running out of cost budget, no further validation rules will be run$/)]);
  });

  it("say why they cannot be run", () => {
    expect(broken({ rule: "self.n > 1" }, {})).toEqual(['<nil>: Invalid value: "object": no such key: n evaluating rule: self.n > 1']);
  });
});
