import { describe, expect, test } from "vitest";
import { kindTypes, maximalObject } from "../../test/fixtures/maximal-object.ts";
import { decodeTyped } from "./decode.ts";
import { decodeMessageOf, decodeProtobuf, encodeProtobuf, encodeWatchEvent, ProtobufError } from "./protobuf.ts";

const fromBase64 = (text: string): Uint8Array => Buffer.from(text, "base64");

describe("objects with every field set survive", () => {
  test.each(kindTypes())("%s", (type) => {
    const [group = "", version = ""] = type.split(".");
    const object = maximalObject(type, group === "core" || group === "meta" ? version : `${group}/${version}`);
    const decoded = decodeTyped(type, object, { collectUnknownFields: true });
    expect(decoded.unknownFields).toEqual([]);
    expect(decoded.object).toEqual(object);
    expect(decodeTyped(type, decodeProtobuf(encodeProtobuf(object))).object).toEqual(object);
  });
});

test("zero values on the wire are dropped as in JSON", () => {
  // What kubectl 1.35 sends for: create deployment x --image=y --replicas=2 --port=80
  const bytes = fromBase64(
    "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EqcBChsKAXgSABoAIgAqADIAOABCAFoICgNhcHASAXgSeggCEgoKCAoDYXBwEgF4GmIKGgoAEgAaACIAKgAyADgAQgBaCAoDYXBwEgF4EkQSJgoBeRIBeSoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA",
  );
  expect(decodeTyped("apps.v1.Deployment", decodeProtobuf(bytes)).object).toEqual({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "x", labels: { app: "x" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "x" } },
      template: { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "y", image: "y", ports: [{ containerPort: 80 }], resources: {} }] } },
      strategy: {},
    },
    status: {},
  });
});

test("a service's ports and quantities come through", () => {
  // What kubectl 1.35 sends for: create service clusterip svc --tcp=80:http; create quota q --hard=cpu=1,pods=2
  const service = fromBase64(
    "azhzAAoNCgJ2MRIHU2VydmljZRJsCh8KA3N2YxIAGgAiACoAMgA4AEIAWgoKA2FwcBIDc3ZjEkUKHgoHODAtaHR0cBIDVENQGFAiCggBEAAaBGh0dHAoABIKCgNhcHASA3N2YxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
  );
  expect(decodeTyped("core.v1.Service", decodeProtobuf(service)).object).toMatchObject({ spec: { ports: [{ name: "80-http", protocol: "TCP", port: 80, targetPort: "http" }] } });
  const quota = fromBase64("azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRIwChEKAXESABoAIgAqADIAOABCABIZCgoKA2NwdRIDCgExCgsKBHBvZHMSAwoBMhoAGgAiAA==");
  expect(decodeTyped("core.v1.ResourceQuota", decodeProtobuf(quota)).object).toMatchObject({ spec: { hard: { cpu: "1", pods: "2" } } });
});

test("lists of numbers may be packed or not", () => {
  const expected = { operator: "", values: [1, 300] };
  const read = (bytes: number[]): unknown => decodeTyped("batch.v1.PodFailurePolicyOnExitCodesRequirement", decodeMessageOf("batch.v1.PodFailurePolicyOnExitCodesRequirement", Uint8Array.from(bytes))).object;
  expect(read([0x18, 1, 0x18, 0xac, 2])).toEqual(expected);
  expect(read([0x1a, 3, 1, 0xac, 2])).toEqual(expected);
});

test.each([
  ["nothing", [], "empty data"],
  ["no envelope", [1, 2, 3, 4, 5], "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"],
  ["a length beyond the end", [0x6b, 0x38, 0x73, 0, 0x0a, 0x7f], "unexpected EOF"],
  ["a number without end", [0x6b, 0x38, 0x73, 0, 0x0a, ...Array<number>(11).fill(0xff)], "proto: integer overflow"],
  ["a field of the wrong wire type", [0x6b, 0x38, 0x73, 0, 0x08, 1], "proto: wrong wireType = 0 for field TypeMeta"],
  ["an unknown wire type", [0x6b, 0x38, 0x73, 0, 0x7f], "proto: illegal wireType 7"],
])("%s is refused", (_, bytes, message) => {
  expect(() => decodeProtobuf(Uint8Array.from(bytes))).toThrow(new ProtobufError(message));
});

test("truncated and flipped bytes are refused or read, never a crash", () => {
  const bytes = encodeProtobuf(maximalObject("core.v1.Pod", "v1"));
  for (let at = 0; at < bytes.length; at += 7) {
    const broken = Uint8Array.from(bytes);
    broken[at] = (broken[at] ?? 0) ^ 0x55;
    for (const candidate of [broken, bytes.subarray(0, at)]) {
      try {
        decodeProtobuf(candidate);
      } catch (error) {
        expect((error as Error).name).toMatch(/^(ProtobufError|JSONSyntaxError)$/);
      }
    }
  }
});

test("watch events are framed by their length, the object in its own envelope", () => {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } };
  const frame = encodeWatchEvent("ADDED", object);
  expect(Buffer.from(frame).readUInt32BE(0)).toBe(frame.length - 4);
  expect(decodeMessageOf("meta.v1.WatchEvent", frame.subarray(4))).toEqual({ type: "ADDED", object });
});
