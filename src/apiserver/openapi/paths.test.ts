import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { WireReader } from "../../api/protobuf-wire.ts";
import type { ServerResponse } from "../message.ts";
import { parseRequestInfo } from "../request-info.ts";
import { ResourceTable } from "../resource-table.ts";
import type { Resource } from "../resource.ts";
import { openapiPaths } from "./paths.ts";

type Json = Record<string, unknown>;

const validateName = (): string[] => [];
const status = { prepareForUpdate: (): void => undefined };
const scale = { get: () => ({ replicas: 0, statusReplicas: 0, selector: "" }), set: (): void => undefined };
const deployments: Resource = { group: "apps", version: "v1", kind: "Deployment", resource: "deployments", singular: "deployment", namespaced: true, type: "apps.v1.Deployment", validateName, status, scale };
const pods: Resource = { group: "", version: "v1", kind: "Pod", resource: "pods", singular: "pod", namespaced: true, type: "core.v1.Pod", validateName, status };
const widgets: Resource = { group: "stable.example.com", version: "v1", kind: "Widget", resource: "widgets", singular: "widget", namespaced: false, validateName };

function server(resources: readonly Resource[], customSchema?: () => Json): { table: ResourceTable; get: (path: string, headers?: Record<string, string>) => Promise<ServerResponse | undefined>; json: (path: string) => Promise<Json> } {
  const table = new ResourceTable(resources);
  const paths = openapiPaths({ source: table, serverVersion: "v1.36.2", ...(customSchema && { customSchema }) });
  const get = (path: string, headers: Record<string, string> = {}): Promise<ServerResponse | undefined> =>
    paths({ method: "GET", url: path, headers, signal: new AbortController().signal }, parseRequestInfo("GET", path));
  const json = async (path: string): Promise<Json> => {
    const body = (await get(path))?.body;
    return (body?.type === "object" ? body.value() : body?.type === "bytes" ? JSON.parse(Buffer.from(body.data).toString()) : undefined) as Json;
  };
  return { table, get, json };
}

function at(document: unknown, ...path: string[]): Json {
  return path.reduce((value, step) => (value as Json)[step], document) as Json;
}

function dangling(document: Json, definitions: Json, prefix: string): string[] {
  const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
  return [...new Set([...references].map(([, reference = ""]) => reference))].filter((reference) => !(reference.slice(prefix.length) in definitions));
}

test("a group version's document has what kubectl looks for", async () => {
  const document = await server([deployments, pods]).json("/openapi/v3/apis/apps/v1");
  const patch = at(document, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch");
  expect(patch).toMatchObject({ operationId: "patchAppsV1NamespacedDeployment", "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": { group: "apps", version: "v1", kind: "Deployment" } });
  expect((patch["parameters"] as Json[]).map(({ name }) => name)).toEqual(["dryRun", "fieldManager", "fieldValidation", "force"]);
  expect(Object.keys(at(patch, "requestBody", "content"))).toContain("application/strategic-merge-patch+json");
  expect(Object.keys(at(document, "paths"))).toContain("/apis/apps/v1/deployments");

  const schemas = at(document, "components", "schemas");
  expect(at(schemas, "io.k8s.api.apps.v1.Deployment")).toMatchObject({
    "x-kubernetes-group-version-kind": [{ group: "apps", kind: "Deployment", version: "v1" }],
    properties: { spec: { allOf: [{ $ref: "#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec" }], default: {}, description: expect.stringContaining("Specification") as unknown } },
  });
  expect(at(schemas, "io.k8s.api.core.v1.PodSpec", "properties", "containers")).toMatchObject({
    type: "array",
    items: { allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.Container" }], default: {} },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
    "x-kubernetes-patch-merge-key": "name",
    "x-kubernetes-patch-strategy": "merge",
  });
  expect(at(schemas, "io.k8s.api.core.v1.Container", "properties", "imagePullPolicy")["enum"]).toEqual(["Always", "IfNotPresent", "Never"]);
  expect(at(schemas, "io.k8s.api.apps.v1.DeploymentSpec")["required"]).toEqual(["selector", "template"]);
  expect(dangling(document, schemas, "#/components/schemas/")).toEqual([]);
});

test("the index names each version with a hash that changes with what is served, and documents are cached by it", async () => {
  const { table, get, json } = server([deployments, widgets], () => ({ type: "object" }));
  const urlOf = async (path: string): Promise<string> => String(at(await json("/openapi/v3"), "paths", path)["serverRelativeURL"]);
  const url = await urlOf("apis/apps/v1");
  const custom = await urlOf("apis/stable.example.com/v1");
  const response = await get(url, { "accept-encoding": "gzip" });
  expect(response).toMatchObject({ status: 200, headers: { "content-type": "application/json", "content-encoding": "gzip", "cache-control": expect.stringContaining("immutable") as unknown } });
  expect(JSON.parse(gunzipSync(response?.body.type === "bytes" ? response.body.data : "").toString())).toMatchObject({ openapi: "3.0.0" });
  expect((await get(url, { "if-none-match": response?.headers["etag"] ?? "" }))?.status).toBe(304);
  expect(await get("/openapi/v3/apis/apps/v1?hash=OLD")).toMatchObject({ status: 301, headers: { location: url } });

  table.change({ add: [{ ...widgets, status }] });
  expect(await urlOf("apis/apps/v1")).toBe(url);
  expect(await urlOf("apis/stable.example.com/v1")).not.toBe(custom);
  expect(await get("/openapi/v3/apis/none/v1")).toBeUndefined();
  await expect(get("/openapi/v3", { accept: "text/html" })).rejects.toThrow("406");
});

test("custom resources are published with their own schema, less what version 2 cannot say", async () => {
  const schema = { type: "object", properties: { spec: { type: "object", properties: { port: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] }, size: { type: "integer", default: 1, nullable: true } } } } };
  const { json } = server([widgets], () => schema);
  const v3 = await json("/openapi/v3/apis/stable.example.com/v1");
  expect(at(v3, "components", "schemas", "com.example.stable.v1.Widget")).toMatchObject({ properties: { ...schema.properties, kind: { type: "string" } }, "x-kubernetes-group-version-kind": [{ group: "stable.example.com", version: "v1", kind: "Widget" }] });
  expect(Object.keys(at(v3, "paths", "/apis/stable.example.com/v1/widgets/{name}", "patch", "requestBody", "content"))).not.toContain("application/strategic-merge-patch+json");
  expect(dangling(v3, at(v3, "components", "schemas"), "#/components/schemas/")).toEqual([]);
  const v2 = await json("/openapi/v2");
  expect(at(v2, "definitions", "com.example.stable.v1.Widget", "properties", "spec", "properties")).toEqual({ port: { "x-kubernetes-int-or-string": true }, size: { type: "integer" } });
});

test("version 2 is one document, in JSON and in protobuf", async () => {
  const { get, json } = server([deployments, pods]);
  const document = await json("/openapi/v2");
  expect(document["swagger"]).toBe("2.0");
  expect(dangling(document, at(document, "definitions"), "#/definitions/")).toEqual([]);
  const response = await get("/openapi/v2", { accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf" });
  expect(response?.headers["content-type"]).toContain("protobuf");
  const reader = new WireReader(Buffer.from(response?.body.type === "bytes" ? response.body.data : ""));
  const fields: number[] = [];
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    fields.push(number);
    reader.skip(wireType);
  }
  expect(fields).toEqual([1, 2, 8, 9, 12, 13]);
});
