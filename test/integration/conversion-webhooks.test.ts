// Custom resources whose versions a webhook converts: hostPort in v1, host and port in v2.
import { afterEach, beforeEach, expect, test } from "vitest";
import { CustomResourceRegistry } from "../../src/apiserver/custom-resources/registry.ts";
import { ResourceTable } from "../../src/apiserver/resource-table.ts";
import { builtInResources } from "../../src/apiserver/resources/index.ts";
import { systemClock } from "../../src/util/clock.ts";
import { randomIds } from "../../src/util/ids.ts";
import { type TestServer, testServer } from "../fixtures/api-server.ts";
import { type HttpsServer, startHttpsServer } from "../fixtures/https-server.ts";

interface Endpoint {
  apiVersion: string;
  kind: string;
  metadata: { name: string; uid?: string; labels?: Record<string, string> };
  spec: { hostPort?: string; host?: string; port?: string };
}
interface Review {
  readonly request: { uid: string; desiredAPIVersion: string; objects: Endpoint[] };
}

const V1 = "/apis/example.com/v1/namespaces/default/endpoints";
const V2 = "/apis/example.com/v2/namespaces/default/endpoints";
let server: TestServer;
let registry: CustomResourceRegistry;
let hook: HttpsServer;
let asked: Review["request"][];
let respond: (request: Review["request"]) => object;

beforeEach(async () => {
  asked = [];
  respond = ({ objects, desiredAPIVersion }) => ({ result: { status: "Success" }, convertedObjects: objects.map((object) => convert(object, desiredAPIVersion)) });
  hook = await startHttpsServer(({ body }) => {
    const { request } = body as Review;
    asked.push(request);
    return { body: { apiVersion: "apiextensions.k8s.io/v1", kind: "ConversionReview", response: { uid: request.uid, ...respond(request) } } };
  }, systemClock.now());
  server = await testServer((store) => {
    const resources = new ResourceTable(builtInResources);
    registry = new CustomResourceRegistry(store, resources, { clock: systemClock, ids: randomIds });
    return { resources };
  });
  await define();
});
afterEach(() => hook.close());

function convert({ spec, ...object }: Endpoint, apiVersion: string): Endpoint {
  if (apiVersion === object.apiVersion) throw new Error("nothing to convert");
  const [host = "", port = ""] = (spec.hostPort ?? "").split(":");
  return { ...object, apiVersion, spec: apiVersion === "example.com/v2" ? { host, port } : { hostPort: `${spec.host}:${spec.port}` } };
}

async function define(): Promise<void> {
  const text = { type: "string" };
  const version = (name: string, properties: object) => ({
    name,
    served: true,
    storage: name === "v1",
    schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } } },
  });
  const names = { plural: "endpoints", singular: "endpoint", kind: "Endpoint", listKind: "EndpointList" };
  const webhook = { clientConfig: { url: `${hook.url}/convert`, caBundle: hook.caBundle }, conversionReviewVersions: ["v1"] };
  const spec = { group: "example.com", scope: "Namespaced", names, conversion: { strategy: "Webhook", webhook }, versions: [version("v1", { hostPort: text }), version("v2", { host: text, port: text })] };
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const created = await server.send("POST", definitions, { body: { metadata: { name: "endpoints.example.com" }, spec } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  const status = { acceptedNames: names, storedVersions: ["v1"], conditions: [{ type: "Established", status: "True", reason: "InitialNamesAccepted", message: "" }] };
  expect((await server.send("PUT", `${definitions}/endpoints.example.com/status`, { body: { ...created.body, status } })).status).toBe(200);
  const served = server.server.resources.findKind("example.com/v2", "Endpoint");
  expect(served && registry.schemaOf(served)).toBeDefined();
}

test("what is written in one version is read, listed, watched, patched and deleted in another", async () => {
  const created = await server.send("POST", V2, { body: { apiVersion: "example.com/v2", kind: "Endpoint", metadata: { name: "a" }, spec: { host: "h", port: "1" } } });
  expect(created).toMatchObject({ status: 201, body: { apiVersion: "example.com/v2", spec: { host: "h", port: "1" } } });
  expect(server.store.get("/example.com/endpoints/default/a")?.value).toMatchObject({ apiVersion: "example.com/v1", spec: { hostPort: "h:1" } });
  expect((await server.send("GET", `${V1}/a`)).body).toMatchObject({ apiVersion: "example.com/v1", spec: { hostPort: "h:1" } });
  await server.send("POST", V1, { body: { apiVersion: "example.com/v1", kind: "Endpoint", metadata: { name: "b" }, spec: { hostPort: "g:2" } } });
  asked = [];
  const list = await server.send("GET", V2);
  expect(list.body.items.map(({ spec }: Endpoint) => spec)).toEqual([{ host: "h", port: "1" }, { host: "g", port: "2" }]);
  expect(asked.length).toBeLessThanOrEqual(1);

  const watch = await server.watch(`${V2}?watch=true&resourceVersion=${list.body.metadata.resourceVersion}`);
  const patched = await server.send("PATCH", `${V2}/a`, { body: { spec: { port: "3" } }, headers: { "content-type": "application/merge-patch+json" } });
  expect(patched).toMatchObject({ status: 200, body: { metadata: { generation: 2 }, spec: { host: "h", port: "3" } } });
  expect((await server.send("GET", `${V1}/a`)).body).toMatchObject({ spec: { hostPort: "h:3" } });
  expect((await server.send("DELETE", `${V2}/b`)).status).toBe(200);
  await expect.poll(() => watch.events.map(({ type, object }) => [type, object.metadata.name, (object as unknown as Endpoint).spec])).toEqual([
    ["MODIFIED", "a", { host: "h", port: "3" }],
    ["DELETED", "b", { host: "g", port: "2" }],
  ]);
  watch.stop();
});

test("answers that cannot be right are refused in upstream's words", async () => {
  await server.send("POST", V1, { body: { apiVersion: "example.com/v1", kind: "Endpoint", metadata: { name: "a" }, spec: { hostPort: "h:1" } } });
  const subject = "conversion webhook for example.com/v1, Kind=Endpoint";
  const problemOf = async (next: typeof respond) => {
    respond = next;
    const { status, body } = await server.send("GET", `${V2}/a`);
    expect(status).toBe(500);
    return body.message as string;
  };
  const changed = (change: (object: Endpoint) => object) => ({ objects, desiredAPIVersion }: Review["request"]) => ({
    result: { status: "Success" },
    convertedObjects: objects.map((object) => change(convert(object, desiredAPIVersion))),
  });
  expect(await problemOf(() => ({ result: { status: "Failure", message: "no way" } }))).toBe(`${subject} failed: no way`);
  expect(await problemOf(() => ({ uid: "x", result: { status: "Success" } }))).toMatch(/failed: expected response\.uid="[^"]+", got "x"$/);
  expect(await problemOf(() => ({ result: { status: "Success" }, convertedObjects: [] }))).toBe(`${subject} returned 0 objects, expected 1`);
  expect(await problemOf(changed((object) => ({ ...object, apiVersion: "example.com/v3" })))).toBe(`${subject} returned invalid object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v3)`);
  expect(await problemOf(changed((object) => ({ ...object, metadata: { ...object.metadata, name: "b" } })))).toBe(`${subject} returned invalid object: must have the same name: a != b`);
  respond = changed((object) => ({ ...object, metadata: { name: "a", namespace: "default", uid: object.metadata.uid, labels: { x: "y" } } }));
  expect((await server.send("GET", `${V2}/a`)).body).toMatchObject({ metadata: { labels: { x: "y" }, generation: 1 } });
});
