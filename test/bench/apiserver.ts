// Measures the API server over HTTP, on a durable store: `node test/bench/apiserver.ts`.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen } from "../../src/apiserver/listener/listener.ts";
import { namespaceLifecycle } from "../../src/apiserver/admission/namespace-lifecycle.ts";
import { builtInResources } from "../../src/apiserver/resources/index.ts";
import { createApiServer } from "../../src/apiserver/server.ts";
import { openSqliteStore } from "../../src/store/sqlite-store.ts";
import { systemClock } from "../../src/util/clock.ts";
import { silentLogger } from "../../src/util/logger.ts";

const CLIENTS = 16;
const CREATES = 12_000;
const PODS = 5_000;
const WATCHERS = 100;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

if (process.argv[2] === "server") await serve(process.argv[3] ?? "");
else await measure();

async function serve(path: string): Promise<void> {
  const user = { name: "admin", groups: ["system:masters"] };
  const server = createApiServer({
    store: await openSqliteStore(path),
    resources: builtInResources,
    logger: silentLogger,
    authorizer: { authorize: () => ({ allowed: true, reason: "" }) },
    admission: [namespaceLifecycle],
  });
  const { signal } = new AbortController();
  await server.handle({ method: "POST", url: "/api/v1/namespaces", headers: {}, body: { metadata: { name: "default" } }, user, signal });
  const listener = await listen(server, { at: { host: "127.0.0.1", port: 0 }, user, clock: systemClock, logger: silentLogger });
  process.send?.({ port: listener.port });
  process.on("message", () => process.send?.({ rss: process.memoryUsage().rss }));
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "skiff-bench-"));
  const child = fork(import.meta.filename, ["server", join(folder, "store.db")]);
  const next = <T>() => new Promise<T>((resolve) => child.once("message", resolve as (message: unknown) => void));
  const { port } = await next<{ port: number }>();
  const residentMegabytes = async () => {
    const answer = next<{ rss: number }>();
    child.send("rss");
    return (await answer).rss / 1024 / 1024;
  };
  try {
    await creates(port);
    const before = await residentMegabytes();
    await pods(port);
    console.log(`resident memory per 1,000 pods: ${(((await residentMegabytes()) - before) / (PODS / 1000)).toFixed(1)} MB`);
    await lists(port);
    await watches(port);
    console.log(`resident memory at the end: ${(await residentMegabytes()).toFixed(0)} MB`);
  } finally {
    agent.destroy();
    child.kill();
    rmSync(folder, { recursive: true });
  }
}

async function creates(port: number): Promise<void> {
  const data = { text: "x".repeat(2048) };
  const create = (index: number) => send(port, "POST", "/api/v1/namespaces/default/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: `c${index}` }, data });
  await parallel(1_000, CLIENTS, (index) => create(CREATES + index));
  const started = performance.now();
  await parallel(CREATES, CLIENTS, create);
  console.log(`creates of 2 KB acknowledged a second, ${CLIENTS} clients: ${((CREATES / (performance.now() - started)) * 1000).toFixed(0)}`);
}

async function pods(port: number): Promise<void> {
  await parallel(PODS, CLIENTS, (index) => send(port, "POST", "/api/v1/namespaces/default/pods", pod(index)));
}

function pod(index: number): object {
  const env = Array.from({ length: 12 }, (_, at) => ({ name: `VARIABLE_${at}`, value: `value number ${at} of pod ${index}` }));
  const container = { name: "main", image: "registry.example.com/team/application:1.2.3", env, ports: [{ containerPort: 8080 }], resources: { requests: { cpu: "100m", memory: "64Mi" } } };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: `pod-${index}`, labels: { app: `app-${index % 50}` } }, spec: { containers: [container, { ...container, name: "side" }] } };
}

async function lists(port: number): Promise<void> {
  await time("list of 5,000 pods", 20, () => send(port, "GET", "/api/v1/namespaces/default/pods"));
  await time("page of 500 pods", 40, () => send(port, "GET", "/api/v1/namespaces/default/pods?limit=500"));
  await time("list of 100 of 5,000 pods by label", 20, () => send(port, "GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dapp-7"));
}

async function time(what: string, times: number, run: () => Promise<unknown>): Promise<void> {
  const taken: number[] = [];
  for (let index = 0; index < times; index++) {
    const started = performance.now();
    await run();
    taken.push(performance.now() - started);
  }
  console.log(`${what}: p50 ${quantile(taken, 0.5).toFixed(1)} ms, p99 ${quantile(taken, 0.99).toFixed(1)} ms`);
}

async function watches(port: number): Promise<void> {
  const sent = new Map<string, number>();
  const delays: number[] = [];
  let waiting = 0;
  let done = () => {};
  const stops = await Promise.all(
    Array.from({ length: WATCHERS }, () =>
      watch(port, "/api/v1/namespaces/default/secrets?watch=true&resourceVersion=0", (name) => {
        delays.push(performance.now() - (sent.get(name) ?? 0));
        if (--waiting === 0) done();
      }),
    ),
  );
  for (let index = 0; index < 200; index++) {
    const name = `s${index}`;
    waiting = WATCHERS;
    const seen = new Promise<void>((resolve) => {
      done = resolve;
    });
    sent.set(name, performance.now());
    await send(port, "POST", "/api/v1/namespaces/default/secrets", { apiVersion: "v1", kind: "Secret", metadata: { name } });
    await seen;
  }
  for (const stop of stops) stop();
  console.log(`write to event at ${WATCHERS} watchers: p50 ${quantile(delays, 0.5).toFixed(1)} ms, p99 ${quantile(delays, 0.99).toFixed(1)} ms`);
}

function watch(port: number, path: string, onName: (name: string) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      response.on("error", () => {});
      response.on("data", (chunk: Buffer) => {
        for (const [, name] of chunk.toString("latin1").matchAll(/"type":"ADDED".*?"name":"(s\d+)"/g)) onName(name ?? "");
      });
      resolve(() => outgoing.destroy());
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

function send(port: number, method: string, path: string, body?: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
    const outgoing = request({ host: "127.0.0.1", port, method, path, agent, headers }, (response) => {
      let size = 0;
      response.on("data", (chunk: Buffer) => (size += chunk.length));
      response.on("end", () => ((response.statusCode ?? 500) < 300 ? resolve(size) : reject(new Error(`${method} ${path}: ${response.statusCode}`))));
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

async function parallel(count: number, width: number, run: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (next < count) await run(next++);
  }));
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0;
}
