// One suite over every way to reach the API server: in process, through a Unix socket, over HTTPS.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex, PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConfigMap } from "../../src/api/generated/types/core/v1.ts";
import type { NodeConnection } from "../../src/api/node-connection.ts";
import { configMaps, namespaces, pods, serviceAccounts } from "../../src/api/resource-refs.ts";
import { listen, type Listener } from "../../src/apiserver/listener/listener.ts";
import { builtInResources } from "../../src/apiserver/resources/index.ts";
import { createApiServer } from "../../src/apiserver/server.ts";
import type { ApiClient, WatchEvent } from "../../src/client/client.ts";
import { createEventRecorder } from "../../src/client/event-recorder.ts";
import { HttpTransport } from "../../src/client/http-transport.ts";
import { InformerFactory } from "../../src/client/informer.ts";
import { forwardConnection } from "../../src/client/port-forward.ts";
import { runRemoteCommand } from "../../src/client/remote-command.ts";
import { createApiClient } from "../../src/client/rest-client.ts";
import type { Transport } from "../../src/client/transport.ts";
import { openWebSocket, PORT_FORWARD_PROTOCOLS, REMOTE_COMMAND_PROTOCOLS } from "../../src/client/web-socket.ts";
import { createAuthority, createClientCertificate, createServingCertificate } from "../../src/daemon/certificates.ts";
import { createInProcessTransport } from "../../src/daemon/in-process-transport.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { systemClock } from "../../src/util/clock.ts";
import { randomIds } from "../../src/util/ids.ts";
import { silentLogger } from "../../src/util/logger.ts";

const folder = mkdtempSync(join(tmpdir(), "skiff-client-"));
const store = createMemoryStore({ history: { events: 100, characters: 1 << 20 } });
const context = { clock: systemClock, ids: randomIds, logger: silentLogger };
const ADMINISTRATOR = { name: "admin", groups: ["system:masters"] };
const authorizer = { authorize: ({ user }: { user: { groups: readonly string[] } }) => ({ allowed: user.groups.includes("system:masters"), reason: "" }) };
/** A kubelet whose commands copy their input in capitals and exit with 7, and whose ports greet. */
const node: NodeConnection = {
  logs: async () => Readable.from([Buffer.from("a line\n")]),
  async exec(_pod, _container, command, { stdin, stdout, stderr }) {
    stderr?.write(command.join(" "));
    for await (const chunk of stdin ?? []) stdout?.write(String(chunk).toUpperCase());
    return 7;
  },
  attach: async () => {},
  portForward: async (_pod, port) => Duplex.from([Buffer.from(`port ${port}`)]),
};
const server = createApiServer({ ...context, store, resources: builtInResources, authorizer, nodeConnections: () => node });
const listeners: Listener[] = [];
const transports: Record<string, Transport> = {};

beforeAll(async () => {
  const now = systemClock.now();
  const authority = await createAuthority("ca", now);
  const serving = await createServingCertificate(authority, { dnsNames: [], addresses: ["127.0.0.1"] }, now);
  const admin = await createClientCertificate(authority, ADMINISTRATOR, now);
  const socketPath = join(folder, "api.sock");
  listeners.push(await listen(server, { at: { path: socketPath }, user: ADMINISTRATOR, ...context }));
  const tls = { certificate: serving.certificate, key: serving.key, clientAuthority: authority.certificate };
  const https = await listen(server, { at: { host: "127.0.0.1", port: 0 }, tls, ...context });
  listeners.push(https);
  transports["in process"] = createInProcessTransport(server, ADMINISTRATOR, "test");
  transports["Unix socket"] = new HttpTransport({ server: "http://localhost", socketPath });
  const credentials = { get: async () => ({ headers: {}, cert: admin.certificate, key: admin.key }), refresh: () => false };
  transports["HTTPS"] = new HttpTransport({ server: `https://127.0.0.1:${https.port}`, tls: { ca: authority.certificate }, credentials });
  await createApiClient(transports["in process"]).resource(namespaces).create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } } as never);
});
afterAll(async () => {
  for (const transport of Object.values(transports)) transport.close();
  await Promise.all(listeners.map((listener) => listener.close()));
  await store.close();
  rmSync(folder, { recursive: true });
});

describe.each(["in process", "Unix socket", "HTTPS"])("a client %s", (name) => {
  const prefix = name.toLowerCase().replace(" ", "-");
  const client = (): ApiClient => createApiClient(transports[name] as Transport);
  const maps = () => client().resource(configMaps, "default");
  const configMap = (suffix: string, data: Record<string, string> = {}): ConfigMap => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `${prefix}-${suffix}`, labels: { from: prefix } }, data });
  const mine = { labelSelector: `from=${prefix}` };

  it("creates, reads, changes and deletes", async () => {
    const created = await maps().create(configMap("a", { snow: "☃" }));
    expect(created).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { snow: "☃" }, metadata: { uid: expect.any(String), namespace: "default" } });
    const updated = await maps().update({ ...created, data: { snow: "melts" } });
    expect(Number(updated.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    const patched = await maps().patch(`${prefix}-a`, "application/merge-patch+json", { data: { snow: null, rain: "1" } });
    expect(patched.data).toEqual({ rain: "1" });
    const applied = await maps().patch(`${prefix}-a`, "application/apply-patch+yaml", { ...configMap("a", { wind: "2" }) }, { fieldManager: "test", force: true });
    expect(applied.data).toEqual({ rain: "1", wind: "2" });
    expect(await maps().get(`${prefix}-a`)).toEqual(applied);
    await maps().delete(`${prefix}-a`, { preconditions: { uid: created.metadata.uid } });
    await expect(maps().get(`${prefix}-a`)).rejects.toMatchObject({ reason: "NotFound", message: `configmaps "${prefix}-a" not found` });
  });

  it("throws the server's refusals", async () => {
    await maps().create(configMap("b"));
    await expect(maps().create(configMap("b"))).rejects.toMatchObject({ reason: "AlreadyExists", code: 409 });
    await expect(maps().update({ ...configMap("b"), metadata: { name: `${prefix}-b`, resourceVersion: "1" } })).rejects.toMatchObject({ reason: "Conflict" });
    await expect(maps().create({ ...configMap("B") })).rejects.toMatchObject({ reason: "Invalid", status: { details: { causes: [{ field: "metadata.name" }] } } });
    await expect(client().resource({ ...configMaps, resource: "nothings" }, "default").list()).rejects.toMatchObject({ reason: "NotFound", code: 404 });
    await maps().delete(`${prefix}-b`);
  });

  it("lists in pages, selects, and deletes collections; nothing is written in a dry run", async () => {
    for (const suffix of ["1", "2", "3"]) await maps().create(configMap(suffix));
    await maps().create(configMap("4"), { dryRun: true });
    const first = await maps().list({ ...mine, limit: 2 });
    const rest = await maps().list({ ...mine, limit: 2, continue: first.metadata.continue });
    const listed = [...first.items, ...rest.items];
    expect(listed.map((item) => [item.kind, item.metadata.name])).toEqual(["1", "2", "3"].map((suffix) => ["ConfigMap", `${prefix}-${suffix}`]));
    expect((await maps().list({ fieldSelector: `metadata.name=${prefix}-2` })).items.length).toBe(1);
    await maps().deleteCollection(mine);
    expect((await client().resource(configMaps).list(mine)).items).toEqual([]);
  });

  it("watches from a resource version until it is told to stop", async () => {
    const { metadata } = await maps().list(mine);
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { type, object } of maps().watch({ ...mine, resourceVersion: metadata.resourceVersion }, stop.signal)) {
        seen.push(`${type} ${object.metadata.name}`);
        if (seen.length === 3) stop.abort();
      }
    })();
    const created = await maps().create(configMap("w"));
    await maps().update({ ...created, data: { a: "b" } });
    await maps().delete(`${prefix}-w`);
    await watching;
    expect(seen).toEqual(["ADDED", "MODIFIED", "DELETED"].map((type) => `${type} ${prefix}-w`));
  });

  it("streams a list through a watch, ending with a bookmark", async () => {
    await maps().create(configMap("l"));
    const stop = new AbortController();
    const seen: WatchEvent<ConfigMap>[] = [];
    for await (const event of maps().watch({ ...mine, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan", allowWatchBookmarks: true }, stop.signal)) {
      seen.push(event);
      if (event.type === "BOOKMARK") stop.abort();
    }
    expect(seen.map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"]);
    expect(seen[1]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    await maps().delete(`${prefix}-l`);
  });

  it("throws Expired for a watch from too long ago", async () => {
    const old = (await maps().list(mine)).metadata.resourceVersion;
    for (let index = 0; index < 60; index++) {
      await maps().create(configMap("x"));
      await maps().delete(`${prefix}-x`);
    }
    await expect(Array.fromAsync(maps().watch({ resourceVersion: old }))).rejects.toMatchObject({ reason: "Expired", code: 410 });
  });

  it("keeps an informer current, and records events", async () => {
    const stop = new AbortController();
    const informers = new InformerFactory({ ...context, client: client() });
    const informer = informers.informer(configMaps, { labelSelector: mine.labelSelector });
    const changes: string[] = [];
    const gone = Promise.withResolvers<void>();
    informer.onChange(({ type, object }) => {
      changes.push(`${type} ${object.metadata.name}`);
      if (type === "deleted") gone.resolve();
    });
    const before = await maps().create(configMap("i"));
    informers.start(stop.signal);
    await informer.synced();
    expect(informer.get(`default/${prefix}-i`)?.metadata.uid).toBe(before.metadata.uid);
    const recorder = createEventRecorder({ ...context, client: client() }, "tester");
    for (let time = 0; time < 2; time++) recorder.event(before, "Normal", "Tested", "It was tested");
    await recorder.flush();
    await maps().delete(`${prefix}-i`);
    await gone.promise;
    stop.abort();
    expect(changes).toEqual([`added ${prefix}-i`, `deleted ${prefix}-i`]);
    const { items } = await client().resource({ group: "", version: "v1", resource: "events", kind: "Event", namespaced: true }, "default").list({ fieldSelector: `involvedObject.uid=${before.metadata.uid}` });
    expect(items).toMatchObject([{ reason: "Tested", count: 2, source: { component: "tester" } }]);
  });

  it("reaches subresources", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: `${prefix}-pod` }, spec: { containers: [{ name: "c", image: "i" }] } } as never;
    await client().resource(serviceAccounts, "default").create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } }).catch(() => undefined);
    const inNamespace = client().resource(pods, "default");
    const created = await inNamespace.create(pod);
    const updated = await inNamespace.updateStatus({ ...created, status: { ...created.status, phase: "Running" } });
    expect(updated.status.phase).toBe("Running");
    await inNamespace.createSubresource(`${prefix}-pod`, "binding", { apiVersion: "v1", kind: "Binding", metadata: { name: `${prefix}-pod` }, target: { kind: "Node", name: "node-1" } });
    expect((await inNamespace.get(`${prefix}-pod`)).spec.nodeName).toBe("node-1");
    await inNamespace.delete(`${prefix}-pod`, { gracePeriodSeconds: 0 });
  });
});

describe.each(["Unix socket", "HTTPS"])("a connection over %s", (name) => {
  const transport = () => transports[name] as HttpTransport;
  const path = (rest: string) => `/api/v1/namespaces/default/pods/streams/${rest}`;

  beforeAll(async () => {
    const client = createApiClient(transport()).resource(pods, "default");
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "streams" }, spec: { nodeName: "node-1", containers: [{ name: "c", image: "i" }] } } as never;
    const created = await client.create(pod);
    await client.updateStatus({ ...created, status: { ...created.status, phase: "Running" } });
    return () => client.delete("streams", { gracePeriodSeconds: 0 });
  });

  it("runs a command with its streams", async () => {
    const socket = await openWebSocket(transport(), path("exec?command=tr&command=x&stdin=true&stdout=true&stderr=true"), REMOTE_COMMAND_PROTOCOLS);
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    expect(await runRemoteCommand(socket, { stdin: Readable.from([Buffer.from("some "), Buffer.from("input")]), stdout, stderr })).toBe(7);
    stdout.end();
    stderr.end();
    expect([await text(stdout), await text(stderr)]).toEqual(["SOME INPUT", "tr x"]);
  });

  it("throws the server's refusal of one", async () => {
    await expect(openWebSocket(transport(), "/api/v1/namespaces/default/pods/none/exec?command=x&stdout=true", REMOTE_COMMAND_PROTOCOLS)).rejects.toMatchObject({ reason: "NotFound", message: 'pods "none" not found' });
  });

  it("forwards a port", async () => {
    const socket = await openWebSocket(transport(), path("portforward?ports=8080"), PORT_FORWARD_PROTOCOLS);
    const local = new PassThrough();
    const received: Buffer[] = [];
    const near = Duplex.from({ readable: local, writable: async (source: AsyncIterable<Buffer>) => { for await (const chunk of source) received.push(chunk); } });
    await forwardConnection(socket, near);
    expect(Buffer.concat(received).toString()).toBe("port 8080");
  });

  it("streams a log", async () => {
    const { chunks } = await transport().stream({ method: "GET", path: path("log") });
    expect(Buffer.concat(await Array.fromAsync(chunks)).toString()).toBe("a line\n");
  });
});
