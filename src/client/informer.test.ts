import { expect, it } from "vitest";
import { resourceExpired } from "../api/errors.ts";
import type { ConfigMap } from "../api/generated/types/core/v1.ts";
import { configMaps } from "../api/resource-refs.ts";
import { FakeClock } from "../util/fake-clock.ts";
import { sequentialIds } from "../util/ids.ts";
import { silentLogger } from "../util/logger.ts";
import { type Change, InformerFactory } from "./informer.ts";
import { createApiClient } from "./rest-client.ts";
import type { ApiRequest, Transport } from "./transport.ts";

type Served = { type: string; object: unknown };

function configMap(name: string, version: number, labels: Record<string, string> = {}, uid = name): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "ns", uid, resourceVersion: String(version), labels, managedFields: [{ manager: "test" }] } };
}

/** A server of ConfigMaps whose lists and watches the test drives. */
class FakeServer implements Transport {
  items: ConfigMap[] = [];
  version = 1;
  readonly requests: string[] = [];
  failWith: unknown;
  private push: ((event: Served | Error | undefined) => void) | undefined;

  async request(request: ApiRequest) {
    this.requests.push(request.path);
    if (this.failWith !== undefined) throw this.failWith;
    const body = { kind: "ConfigMapList", apiVersion: "v1", metadata: { resourceVersion: String(this.version) }, items: this.items };
    return { status: 200, headers: {}, warnings: [], body };
  }

  async stream(): Promise<never> {
    throw new Error("not used");
  }

  async watch(request: ApiRequest, signal?: AbortSignal): Promise<AsyncIterable<Served>> {
    this.requests.push(request.path);
    const stream = new ReadableStream<Served>({
      start: (controller) => {
        this.push = (event) => (event === undefined ? controller.close() : event instanceof Error ? controller.error(event) : controller.enqueue(event));
        signal?.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return stream as unknown as AsyncIterable<Served>;
  }

  close(): void {}

  /** Sends an event, ends the watch (undefined) or breaks it (an Error), and lets the informer take it. */
  async send(event: Served | Error | undefined): Promise<void> {
    this.push?.(event);
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function start(server: FakeServer) {
  const clock = new FakeClock();
  const factory = new InformerFactory({ client: createApiClient(server), clock, ids: sequentialIds(), logger: silentLogger });
  const informer = factory.informer(configMaps);
  const seen: string[] = [];
  informer.onChange(({ type, object, previous }: Change<ConfigMap>) => seen.push(`${type} ${object.metadata.name}@${previous === undefined ? "" : `${previous.metadata.resourceVersion}>`}${object.metadata.resourceVersion}`));
  const stop = new AbortController();
  factory.start(stop.signal);
  await settle();
  return { clock, factory, informer, seen, stop };
}

it("lists, watches from there, and tells of every change", async () => {
  const server = new FakeServer();
  server.items = [configMap("a", 3), configMap("b", 4)];
  server.version = 5;
  const { informer, seen, factory } = await start(server);
  await informer.synced();
  await server.send({ type: "ADDED", object: configMap("c", 6) });
  await server.send({ type: "MODIFIED", object: configMap("a", 7) });
  await server.send({ type: "DELETED", object: configMap("b", 8) });
  expect(seen).toEqual(["added a@3", "added b@4", "added c@6", "updated a@3>7", "deleted b@4>8"]);
  expect(server.requests).toEqual(["/api/v1/configmaps", "/api/v1/configmaps?resourceVersion=5&allowWatchBookmarks=true&watch=true"]);
  expect(informer.get("ns/a")?.metadata).toEqual({ name: "a", namespace: "ns", uid: "a", resourceVersion: "7", labels: {} });
  expect(informer.list("ns").length).toBe(2);
  expect(informer.list("other")).toEqual([]);
  expect(factory.informer(configMaps)).toBe(informer);
  const late: string[] = [];
  informer.onChange(({ type, object }) => late.push(`${type} ${object.metadata.name}`));
  expect(late).toEqual(["added a", "added c"]);
});

it("keeps indexes current", async () => {
  const server = new FakeServer();
  server.items = [configMap("a", 1, { app: "x" })];
  const { informer } = await start(server);
  informer.addIndex("app", (object) => object.metadata.labels?.["app"]);
  const under = (value: string) => informer.indexed("app", value).map((object) => object.metadata.name);
  expect(under("x")).toEqual(["a"]);
  await server.send({ type: "ADDED", object: configMap("b", 2, { app: "x" }) });
  await server.send({ type: "MODIFIED", object: configMap("a", 3, { app: "y" }) });
  expect([under("x"), under("y"), under("z")]).toEqual([["b"], ["a"], []]);
  await server.send({ type: "DELETED", object: configMap("b", 4, { app: "x" }) });
  expect(under("x")).toEqual([]);
});

it("goes on where a watch ended, from the newest version that it heard of", async () => {
  const server = new FakeServer();
  const { clock } = await start(server);
  await clock.step(5000);
  await server.send({ type: "BOOKMARK", object: configMap("", 20) });
  await server.send(undefined);
  expect(server.requests.at(-1)).toContain("resourceVersion=20&");
  await server.send(new Error("broken pipe"));
  expect(server.requests.length).toBe(3);
  await clock.step(2000);
  expect(server.requests.at(-1)).toContain("resourceVersion=20&");
  expect(server.requests.length).toBe(4);
});

it("lists anew when its version has expired, and finds out what it missed", async () => {
  const server = new FakeServer();
  server.items = [configMap("a", 1), configMap("b", 2), configMap("c", 3)];
  const { seen } = await start(server);
  server.items = [configMap("a", 1), configMap("b", 9), configMap("c", 8, {}, "another")];
  server.version = 10;
  await server.send({ type: "ERROR", object: resourceExpired("too old resource version: 1 (5)").status });
  expect(seen.slice(3)).toEqual(["updated b@2>9", "deleted c@3>3", "added c@8"]);
  server.items = [];
  await server.send({ type: "ERROR", object: resourceExpired("too old").status });
  expect(seen.slice(6)).toEqual(["deleted a@1>1", "deleted b@9>9", "deleted c@8>8"]);
});

it("backs off from a server that does not answer, and stops when told", async () => {
  const server = new FakeServer();
  server.failWith = new Error("connection refused");
  const { clock, informer, stop } = await start(server);
  const waiting = informer.synced(stop.signal);
  expect(server.requests.length).toBe(1);
  await clock.step(1199);
  expect(server.requests.length).toBe(1);
  await clock.step(1);
  expect(server.requests.length).toBe(2);
  await clock.step(2400);
  expect(server.requests.length).toBe(3);
  expect(informer.hasSynced).toBe(false);
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  await clock.step(100_000);
  expect(server.requests.length).toBe(3);
});
