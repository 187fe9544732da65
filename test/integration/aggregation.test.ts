// Group versions of a server behind the API server: in discovery while it is available, and handed on to it with who asks.
import { duplexPair } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Aggregator } from "../../src/apiserver/aggregation/aggregator.ts";
import { RemoteDiscovery } from "../../src/apiserver/aggregation/remote-discovery.ts";
import { discoveryPaths } from "../../src/apiserver/discovery/documents.ts";
import { ResourceTable } from "../../src/apiserver/resource-table.ts";
import { builtInResources } from "../../src/apiserver/resources/index.ts";
import { createApiClient } from "../../src/client/rest-client.ts";
import { InformerFactory } from "../../src/client/informer.ts";
import { createAPIServiceController } from "../../src/controllers/api-services/api-service.ts";
import { runControllers } from "../../src/controllers/start.ts";
import { createAuthority, createClientCertificate } from "../../src/daemon/certificates.ts";
import { createInProcessTransport } from "../../src/daemon/in-process-transport.ts";
import { systemClock } from "../../src/util/clock.ts";
import { randomIds } from "../../src/util/ids.ts";
import { silentLogger } from "../../src/util/logger.ts";
import { ADMIN, type TestServer, testServer } from "../fixtures/api-server.ts";
import { type HttpsRequest, type HttpsServer, startHttpsServer } from "../fixtures/https-server.ts";

const API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
const NAME = "v1beta1.metrics.example.com";
const ACCEPT_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const SLICE = "/discovery.k8s.io/endpointslices/default/hook-1";
const RESOURCES = [{ name: "readings", singularName: "reading", namespaced: true, kind: "Reading", verbs: ["get", "list"] }];

let extension: HttpsServer;
let server: TestServer;
let asked: HttpsRequest[];
let isBroken: boolean;

beforeEach(async () => {
  asked = [];
  isBroken = false;
  extension = await startHttpsServer((request) => {
    asked.push(request);
    if (request.path.includes("watch=true")) return { body: `${JSON.stringify({ type: "ADDED", object: { metadata: { name: "a" } } })}\n` };
    if (isBroken) return { status: 500, body: "broken" };
    if (request.path === "/apis/metrics.example.com/v1beta1") return { body: { kind: "APIResourceList", apiVersion: "v1", groupVersion: "metrics.example.com/v1beta1", resources: RESOURCES } };
    return { body: { kind: "ReadingList", apiVersion: "metrics.example.com/v1beta1", metadata: {}, items: [] } };
  }, systemClock.now());
  const proxyClient = await createClientCertificate(await createAuthority("front-proxy-ca", systemClock.now()), { name: "front-proxy-client", groups: [] }, systemClock.now());
  server = await testServer((store) => {
    const resources = new ResourceTable(builtInResources);
    const aggregator = new Aggregator(store, proxyClient);
    const remote = new RemoteDiscovery({ store, aggregator, clock: systemClock });
    return { resources, aggregated: (request, path, user) => aggregator.answer(request, path, user), aggregatedUpgrade: (connection, path, user) => aggregator.tunnel(connection, path, user), paths: [discoveryPaths(resources, "10.0.0.1:6443", remote)] };
  });
  await server.send("POST", "/api/v1/namespaces/default/services", { body: { metadata: { name: "hook" }, spec: { ports: [{ port: 443, targetPort: extension.port }] } } });
  await server.store.create(SLICE, slice);
  const spec = { group: "metrics.example.com", version: "v1beta1", service: { namespace: "default", name: "hook" }, caBundle: extension.caBundle, groupPriorityMinimum: 100, versionPriority: 100 };
  const created = await server.send("POST", API_SERVICES, { body: { metadata: { name: NAME }, spec } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
});
afterEach(() => extension.close());

/** Leads to this machine, which is more than the API would take. */
function slice(revision: number) {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "hook-1", namespace: "default", uid: "1", labels: { "kubernetes.io/service-name": "hook" }, resourceVersion: String(revision) },
    addressType: "IPv4",
    ports: [{ name: "", port: extension.port }],
    endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
  };
}

async function setAvailable(status: "True" | "False"): Promise<void> {
  const { body } = await server.send("GET", `${API_SERVICES}/${NAME}`);
  const conditions = [{ type: "Available", status, reason: "Test", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" }];
  expect((await server.send("PUT", `${API_SERVICES}/${NAME}/status`, { body: { ...body, status: { conditions } } })).status).toBe(200);
}

const groups = async () => (await server.send("GET", "/apis")).body.groups.map(({ name }: { name: string }) => name);

test("what an available server has is in discovery, until it is no longer available or registered", async () => {
  expect(await groups()).not.toContain("metrics.example.com");
  await setAvailable("True");
  await expect.poll(groups).toContain("metrics.example.com");
  const { body } = await server.send("GET", "/apis", { headers: { accept: ACCEPT_AGGREGATED } });
  const items = JSON.parse(body).items as { metadata: { name: string } }[];
  expect(items.find(({ metadata }) => metadata.name === "metrics.example.com")).toMatchObject({
    versions: [{ version: "v1beta1", freshness: "Current", resources: [{ resource: "readings", scope: "Namespaced", responseKind: { kind: "Reading" }, verbs: ["get", "list"] }] }],
  });
  await setAvailable("False");
  await expect.poll(groups).not.toContain("metrics.example.com");
  await setAvailable("True");
  await expect.poll(groups).toContain("metrics.example.com");
  await server.send("DELETE", `${API_SERVICES}/${NAME}`);
  await expect.poll(groups).not.toContain("metrics.example.com");
});

test("requests are handed on with the proxy's certificate and who asks", async () => {
  const response = await server.server.handle({ method: "GET", url: "/apis/metrics.example.com/v1beta1/readings?limit=1", headers: {}, signal: new AbortController().signal, user: { name: "jane", groups: ["dev", "system:authenticated"] } });
  expect(response.status).toBe(200);
  expect(asked.at(-1)).toMatchObject({
    method: "GET",
    path: "/apis/metrics.example.com/v1beta1/readings?limit=1",
    client: "front-proxy-client",
    headers: { "x-remote-user": "jane", "x-remote-group": "dev, system:authenticated" },
  });
});

test("whether a server is available is found out by asking it", async () => {
  const context = { client: createApiClient(createInProcessTransport(server.server, ADMIN, "test/1")), clock: systemClock, ids: randomIds, logger: silentLogger };
  const informers = new InformerFactory(context);
  const stop = new AbortController();
  const running = runControllers({ ...context, informers, signal: stop.signal }, [createAPIServiceController]);
  informers.start(stop.signal);
  const condition = async () => (await server.send("GET", `${API_SERVICES}/${NAME}`)).body.status.conditions?.[0];
  await expect.poll(condition).toMatchObject({ type: "Available", status: "True", reason: "Passed" });
  await expect.poll(groups).toContain("metrics.example.com");
  isBroken = true;
  await server.store.update(SLICE, server.store.get(SLICE)?.revision ?? 0, slice);
  await expect.poll(condition).toMatchObject({ type: "Available", status: "False", reason: "FailedDiscoveryCheck", message: expect.stringContaining("500") });
  await expect.poll(groups).not.toContain("metrics.example.com");
  isBroken = false;
  await expect.poll(condition).toMatchObject({ status: "True" });
  stop.abort();
  await running;
});

test("watches within this process are handed on as well", async () => {
  const transport = createInProcessTransport(server.server, ADMIN, "test/1");
  const events = await transport.watch?.({ method: "GET", path: "/apis/metrics.example.com/v1beta1/readings?watch=true" });
  expect(await Array.fromAsync(events ?? [])).toEqual([{ type: "ADDED", object: { metadata: { name: "a" } } }]);
});

test("connections that ask for another protocol are handed on", async () => {
  const [client, socket] = duplexPair();
  const headers = { connection: "Upgrade", upgrade: "echo", "x-remote-user": "root" };
  const served = server.server.upgrade({ method: "GET", url: "/apis/metrics.example.com/v1beta1/readings/a/stream", headers, signal: new AbortController().signal, user: ADMIN }, socket, Buffer.from("early "));
  let heard = "";
  client.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  client.write("late");
  await expect.poll(() => heard).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\nadmin\n(early )?late$/s);
  client.destroy();
  await served;
});
