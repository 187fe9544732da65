import { expect, test } from "vitest";
import { StatusError } from "../../api/errors.ts";
import { encodeProtobuf } from "../../api/protobuf.ts";
import { decodeObject, decodeOptions, type FieldValidation } from "./body.ts";

const configMap = { group: "", version: "v1", kind: "ConfigMap", type: "core.v1.ConfigMap" };
const widget = { group: "example.com", version: "v1", kind: "Widget" };

function decode(text: string, contentType = "application/json", validation: FieldValidation = "Warn", expected: Parameters<typeof decodeObject>[2] = configMap): unknown {
  try {
    return decodeObject(Buffer.from(text), contentType, expected, validation);
  } catch (error) {
    if (error instanceof StatusError) return `${error.code} ${error.message}`;
    throw error;
  }
}

test("kind and version may be left out, and are filled in", () => {
  expect(decode("null")).toEqual({ object: { kind: "ConfigMap", apiVersion: "v1", metadata: {} }, warnings: [] });
  expect(decode('{"apiVersion":"v1"}')).toMatchObject({ object: { kind: "ConfigMap", apiVersion: "v1" } });
  expect(decode("apiVersion: v1\nmetadata: {name: z}\ndata: {a: \"1\"}\n", "application/yaml; charset=utf-8")).toMatchObject({ object: { data: { a: "1" } } });
});

test.each([
  ["{}", "text/plain", "415 the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"],
  ["{}", "application/cbor", "415 the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"],
  ["{bad", "application/json", "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string ({bad)"],
  ["", "application/json", "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"],
  ['{"kind":1}', "application/json", "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({\"kind\":1})"],
  ['{"apiVersion":"v2","kind":"ConfigMap"}', "application/json", '400 ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"'],
  ['{"apiVersion":"v1","kind":"Pod"}', "application/json", '400 Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion'],
  ['{"data":{"a":1}}', "application/json", '400 ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string'],
  ["metadata: {name: y}", "application/yaml", '400 ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string'],
  ["nonsense", "application/vnd.kubernetes.protobuf", "400 the object provided is unrecognized (must be of type ConfigMap): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (6e6f6e73656e7365)"],
])("%j as %s is refused", (text, contentType, message) => {
  expect(decode(text, contentType)).toBe(message);
});

test("unknown and duplicate fields are errors, warnings or nothing", () => {
  const text = '{"metadata":{"name":"a","name":"b","foo":1},"data":{},"bar":{"x":1,"x":2}}';
  expect(decode(text)).toMatchObject({ object: { metadata: { name: "b" } }, warnings: ['duplicate field "metadata.name"', 'unknown field "metadata.foo"', 'unknown field "bar"'] });
  expect(decode(text, "application/json", "Ignore")).toMatchObject({ warnings: [] });
  expect(decode(text, "application/json", "Strict")).toBe(
    '400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "metadata.name", unknown field "metadata.foo", unknown field "bar"',
  );
  expect(decode("metadata:\n  name: a\n  name: b\n", "application/yaml")).toMatchObject({ object: { metadata: { name: "b" } }, warnings: ['yaml: unmarshal errors:\n  line 3: key "name" already set in map'] });
});

test("custom resources are kept whole, and must say what they are", () => {
  expect(decode('{"apiVersion":"example.com/v1","kind":"Widget","any":{"x":1}}', "application/json", "Strict", widget)).toMatchObject({ object: { any: { x: 1 } } });
  expect(decode("{}", "application/json", "Warn", widget)).toBe("400 the object provided is unrecognized (must be of type Widget): Object 'Kind' is missing in '{}' ({})");
  expect(decode('{"apiVersion":"example.com/v2","kind":"Widget"}', "application/json", "Warn", widget)).toBe(
    "400 the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)",
  );
});

test("bombs and foreign bytes are refused", () => {
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]", ...[..."bcdefghi"].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`).join(",")}]`)].join("\n");
  expect(decode(bomb, "application/yaml")).toContain("excessive aliasing");
  expect(decode("[".repeat(200_000))).toContain("exceeded max depth");
  expect(decode("[".repeat(200_000), "application/yaml")).toContain("exceeded max depth");
  expect(() => decodeObject(Uint8Array.of(0x22, 0xff, 0x22), "application/json", configMap, "Warn")).toThrow("invalid UTF-8");
});

test("options come from any group, in any codec, or not at all", () => {
  expect(decodeOptions(new Uint8Array(), undefined, "DeleteOptions")).toBeUndefined();
  expect(decodeOptions({ apiVersion: "policy/v1", kind: "DeleteOptions", gracePeriodSeconds: 0 }, undefined, "DeleteOptions")).toEqual({ apiVersion: "policy/v1", kind: "DeleteOptions", gracePeriodSeconds: 0 });
  const bytes = encodeProtobuf({ apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 3, propagationPolicy: "Orphan" });
  expect(decodeOptions(bytes, "application/vnd.kubernetes.protobuf", "DeleteOptions")).toMatchObject({ gracePeriodSeconds: 3, propagationPolicy: "Orphan" });
});
