import { describe, expect, test } from "vitest";
import { DecodeError, decodeTyped, isKnownPath } from "./decode.ts";

const pod = (spec: unknown): unknown => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec });

function failure(type: string, value: unknown): string {
  try {
    decodeTyped(type, value);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  return "";
}

describe("zero values are written, or not, as Go does", () => {
  test("structs, times and lists that are always written", () => {
    const { object } = decodeTyped("core.v1.Pod", pod({ containers: [{ image: "x", name: "c", env: [], tty: false, ports: null }], nodeSelector: {}, hostNetwork: false }));
    expect(JSON.stringify(object)).toBe(
      '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x","resources":{}}]},"status":{}}',
    );
    const event = JSON.parse(JSON.stringify(decodeTyped("core.v1.Event", { metadata: {} }).object)) as unknown;
    expect(event).toEqual({ metadata: {}, involvedObject: {}, source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: null, reportingComponent: "", reportingInstance: "" });
  });

  test("an empty list that is always written is a list in memory and null on the wire", () => {
    const { object } = decodeTyped<{ rules: unknown[] }>("rbac.v1.Role", { metadata: {}, rules: null });
    expect(object.rules.map((rule) => rule)).toEqual([]);
    expect(JSON.stringify(object)).toBe('{"metadata":{},"rules":null}');
    object.rules.push({ verbs: ["get"] });
    expect(JSON.stringify(object)).toBe('{"metadata":{},"rules":[{"verbs":["get"]}]}');
  });

  test("pointers keep their zero, and nothing else does", () => {
    const { object } = decodeTyped("apps.v1.Deployment", { metadata: {}, spec: { replicas: 0, paused: false, minReadySeconds: 0, revisionHistoryLimit: null, template: {} } });
    expect(object).toEqual({ metadata: {}, spec: { replicas: 0, template: { metadata: {}, spec: { containers: [] } }, strategy: {} }, status: {} });
  });

  test("null elements are the zero of their type", () => {
    expect(decodeTyped("core.v1.ConfigMap", { metadata: { labels: { a: null } }, data: { k: null } }).object).toEqual({ metadata: { labels: { a: "" } }, data: { k: "" } });
  });
});

test("quantities, times and bytes take their canonical form", () => {
  const { object } = decodeTyped("core.v1.Pod", pod({ containers: [{ name: "c", resources: { limits: { cpu: "1000m", memory: 1024, x: "0.5Gi" } } }] }));
  expect(object).toMatchObject({ spec: { containers: [{ resources: { limits: { cpu: "1", memory: "1024", x: "512Mi" } } }] } });
  expect(decodeTyped("meta.v1.ObjectMeta", { creationTimestamp: "2026-01-02T03:04:05.678+02:00" }).object).toEqual({ creationTimestamp: "2026-01-02T01:04:05Z" });
  expect(decodeTyped("coordination.v1.LeaseSpec", { renewTime: "2026-01-02T03:04:05.123456Z" }).object).toEqual({ renewTime: "2026-01-02T03:04:05.123456Z" });
  expect(decodeTyped("core.v1.Secret", { metadata: {}, data: { a: "eA==\n" } }).object).toMatchObject({ data: { a: "eA==" } });
});

test("what does not fit is refused in Go's words", () => {
  expect(failure("apps.v1.Deployment", { spec: { replicas: "3" } })).toBe("json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32");
  expect(failure("core.v1.Pod", pod({ containers: [{ ports: [{ containerPort: 1.5 }] }] }))).toBe(
    "json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  );
  expect(failure("core.v1.ConfigMap", { data: { a: 1 } })).toBe("json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
  expect(failure("core.v1.Pod", [])).toBe("json: cannot unmarshal array into Go value of type v1.Pod");
  expect(failure("core.v1.Pod", pod({ containers: {} }))).toBe("json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container");
  expect(failure("core.v1.Event", { eventTime: "Bad Value!" })).toBe('parsing time "Bad Value!" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Bad Value!" as "2006"');
  expect(failure("meta.v1.ObjectMeta", { creationTimestamp: "2026-02-29T00:00:00Z" })).toBe('parsing time "2026-02-29T00:00:00Z": day out of range');
  expect(failure("core.v1.Secret", { data: { a: "!" } })).toBe("illegal base64 data at input byte 0");
  expect(failure("core.v1.Pod", pod({ containers: [{ resources: { limits: { cpu: "x" } } }] }))).toBe(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
});

test("unknown fields go, and are named in the order of the input", () => {
  const value = { kind: "Pod", metadata: { name: "p" }, spec: { containers: [{ name: "c", Image: "y", foo: { a: 1 } }], x: 1 }, data: 1 };
  const { object, unknownFields } = decodeTyped("core.v1.Pod", value, { collectUnknownFields: true });
  expect(unknownFields).toEqual(['unknown field "spec.containers[0].Image"', 'unknown field "spec.containers[0].foo"', 'unknown field "spec.x"', 'unknown field "data"']);
  expect(JSON.stringify(object)).not.toContain("foo");
  expect(decodeTyped("core.v1.Pod", value).unknownFields).toEqual([]);
});

test("a key that is called __proto__ stays a key", () => {
  const { object } = decodeTyped<{ data: object }>("core.v1.ConfigMap", JSON.parse('{"metadata":{},"data":{"__proto__":"x"}}'));
  expect(Object.keys(object.data)).toEqual(["__proto__"]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("schemas inside a CustomResourceDefinition are decoded in either form", () => {
  const schema = { type: "object", properties: { a: { items: { type: "string", nope: 1 }, additionalProperties: false, default: { any: 1 } } } };
  expect(decodeTyped("apiextensions.v1.JSONSchemaProps", schema).object).toEqual({
    type: "object",
    properties: { a: { items: { type: "string" }, additionalProperties: false, default: { any: 1 } } },
  });
});

test("nesting without end is refused", () => {
  let schema: unknown = {};
  for (let level = 0; level < 3000; level++) schema = { not: schema };
  expect(failure("apiextensions.v1.JSONSchemaProps", schema)).toBe("exceeded max depth");
});

test("paths below unknown fields are not known", () => {
  expect(isKnownPath("core.v1.Pod", ["spec", "containers", 0, "name"])).toBe(true);
  expect(isKnownPath("core.v1.Pod", ["spec", "foo", "name"])).toBe(false);
  expect(isKnownPath("core.v1.Pod", ["metadata", "labels", "any"])).toBe(true);
});
