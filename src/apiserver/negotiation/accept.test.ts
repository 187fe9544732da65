import { expect, test } from "vitest";
import { allowsResourceTransform, negotiate, wantsPretty } from "./accept.ts";

const limits = { allowsTransform: allowsResourceTransform };
const table = { group: "meta.k8s.io", version: "v1", kind: "Table" };

test.each([
  [undefined, { mediaType: "application/json", pretty: false }],
  ["*/*", { mediaType: "application/json", pretty: false }],
  ["application/json;as=Table;v=v1;g=meta.k8s.io,application/json", { mediaType: "application/json", pretty: false, as: table }],
  ["application/json;as=Foo;v=v1;g=meta.k8s.io,application/json", { mediaType: "application/json", pretty: false }],
  ["application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io, application/yaml", { mediaType: "application/yaml", pretty: false }],
  ["application/cbor, application/vnd.kubernetes.protobuf;stream=watch", { mediaType: "application/vnd.kubernetes.protobuf", pretty: false }],
  ["application/json;q=0.5, application/yaml", { mediaType: "application/yaml", pretty: false }],
  ["text/html, application/json; pretty=1", { mediaType: "application/json", pretty: true }],
])("%s", (accept, expected) => {
  expect(negotiate(accept, limits)).toEqual(expected);
});

test("what cannot be had is refused with what can", () => {
  expect(() => negotiate("text/html", limits)).toThrow("406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf");
  expect(() => negotiate("application/json;as=Table;v=v1;g=meta.k8s.io")).toThrow("406: Not Acceptable");
});

test("the pretty parameter wins over what the client is", () => {
  expect(wantsPretty(new URLSearchParams("pretty=true"), "kubectl")).toBe(true);
  expect(wantsPretty(new URLSearchParams("pretty=0"), "curl/8")).toBe(false);
  expect(wantsPretty(new URLSearchParams(), "curl/8")).toBe(true);
});
