import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { formatApiVersion, type UnstructuredObject } from "../../src/api/object.ts";
import { decodeProtobuf, encodeProtobuf } from "../../src/api/protobuf.ts";
import { decodeTyped } from "../../src/api/decode.ts";
import { encodeResponse } from "../../src/apiserver/negotiation/encode.ts";
import { decodeObject } from "../../src/apiserver/negotiation/body.ts";
import { builtInResources } from "../../src/apiserver/resources/index.ts";
import type { Resource } from "../../src/apiserver/resource.ts";
import { ADMIN, type TestServer, testServer } from "../fixtures/api-server.ts";
import { maximalObject } from "../fixtures/maximal-object.ts";
import { validObject } from "../fixtures/valid-objects.ts";

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const stored = builtInResources.filter((resource) => validObject(formatApiVersion(resource), resource.kind, "x") !== undefined);
const named = stored.map((resource) => [`${formatApiVersion(resource)} ${resource.kind}`, resource] as const);

/** Sends bytes of a content type and reads the answer in another, as it would stand on the wire. */
async function exchange(server: TestServer, method: string, url: string, accept: string, body?: Uint8Array, contentType = "application/json"): Promise<UnstructuredObject> {
  const request = { method, url, headers: { accept, "content-type": contentType, "user-agent": "test/1" }, ...(body && { body }), user: ADMIN, signal: new AbortController().signal };
  const response = encodeResponse(request, await server.server.handle(request));
  const { body: answer } = response;
  const bytes = answer.type === "object" ? Buffer.from(answer.text()) : answer.type === "bytes" ? Buffer.from(answer.data as Uint8Array) : Buffer.alloc(0);
  const value = accept === PROTOBUF ? decodeProtobuf(bytes) : accept === "application/yaml" ? parse(bytes.toString(), { schema: "yaml-1.1" }) : JSON.parse(bytes.toString());
  expect(response.status, JSON.stringify(value)).toBeLessThan(300);
  return value as UnstructuredObject;
}

/** As it decodes, without what differs from one writing to the next. */
function comparable(resource: Resource, object: unknown): unknown {
  const text = JSON.stringify(decodeTyped<UnstructuredObject>(resource.type ?? "", object).object);
  // Protobuf has no place for the kind of an object within another.
  const decoded = JSON.parse(text.replaceAll('"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"data"', '"metadata":{"name":"data"')) as UnstructuredObject;
  const { uid: _uid, resourceVersion: _version, managedFields: _fields, ...metadata } = decoded.metadata;
  return { ...decoded, metadata };
}

describe("a stored object is the same in every form", () => {
  test.each(named)("%s", async (_name, resource) => {
    const server = await testServer();
    const apiVersion = formatApiVersion(resource);
    const collection = `${resource.group === "" ? "/api" : "/apis"}/${apiVersion}${resource.namespaced ? "/namespaces/default" : ""}/${resource.resource}`;
    const object = validObject(apiVersion, resource.kind, "obj") as unknown as UnstructuredObject;
    const path = `${collection}/${object.metadata.name}`;
    const created = await exchange(server, "POST", collection, "application/json", Buffer.from(JSON.stringify(object)));
    for (const accept of ["application/json", "application/yaml", PROTOBUF]) {
      const read = await exchange(server, "GET", path, accept);
      expect(comparable(resource, read)).toEqual(comparable(resource, created));
      expect(read.metadata.uid).toBe(created.metadata.uid);
    }
    const forms = [["application/yaml", Buffer.from(stringify(object, { version: "1.1" }))], [PROTOBUF, encodeProtobuf(decodeTyped<object>(resource.type ?? "", object).object)]] as const;
    for (const [contentType, body] of forms) {
      await server.send("DELETE", path, { body: { gracePeriodSeconds: 0 } });
      if ((await server.send("GET", path)).status === 404) expect(comparable(resource, await exchange(server, "POST", collection, "application/json", body, contentType))).toEqual(comparable(resource, created));
    }
  });
});

describe("every field of a kind survives every form", () => {
  test.each(named)("%s", (_name, resource) => {
    const apiVersion = formatApiVersion(resource);
    const whole = maximalObject(resource.type ?? "", apiVersion);
    const decode = (body: Uint8Array, type: string) => JSON.stringify(decodeObject(body, type, resource, "Strict").object);
    const text = decode(Buffer.from(JSON.stringify(whole)), "application/json");
    expect(decode(Buffer.from(text), "application/json")).toBe(text);
    expect(decode(Buffer.from(stringify(JSON.parse(text), { version: "1.1" })), "application/yaml")).toBe(text);
    expect(decode(encodeProtobuf(JSON.parse(text) as object), PROTOBUF)).toBe(text);
  });
});
