// Measures the API server over HTTP, on a durable store: `node test/bench/apiserver.ts`.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listen } from "../../src/apiserver/listener/listener.ts";
import { namespaceLifecycle } from "../../src/apiserver/admission/namespace-lifecycle.ts";
import { builtInResources } from "../../src/apiserver/resources/index.ts";
import { createApiServer } from "../../src/apiserver/server.ts";
import { openSqliteStore } from "../../src/store/sqlite-store.ts";
import { systemClock } from "../../src/util/clock.ts";
import { silentLogger } from "../../src/util/logger.ts";
import { RawConnection, rawRequest, sendAll } from "./http-load.ts";
import { type Figure, printFigures } from "./report.ts";

const CLIENTS = 16;
const CREATES = 12_000;
const PODS = 5_000;
const WATCHERS = 100;

if (process.argv[2] === "server") await serve(process.argv[3] ?? "");
else printFigures(await measure(), (line) => process.stdout.write(`${line}\n`));

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
  process.on("message", () => {
    // What is garbage is not resident for long; a collection now keeps it out of the figure.
    globalThis.gc?.();
    process.send?.({ rss: process.memoryUsage().rss });
  });
}

async function measure(): Promise<Figure[]> {
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
    const figures = [await creates(port)];
    const before = await residentMegabytes();
    await sendAll(port, CLIENTS, Array.from({ length: PODS }, (_, index) => rawRequest("POST", "/api/v1/namespaces/default/pods", pod(index))));
    const memory = ((await residentMegabytes()) - before) / (PODS / 1000);
    figures.push(...(await lists(port)), await watches(port), { what: "resident memory per 1,000 pods", value: memory, unit: "MB", goal: { most: 15 } });
    return figures;
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
}

async function creates(port: number): Promise<Figure> {
  const data = { text: "x".repeat(2048) };
  const create = (name: string) => rawRequest("POST", "/api/v1/namespaces/default/configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
  await sendAll(port, CLIENTS, Array.from({ length: 1_000 }, (_, index) => create(`warm-${index}`)));
  const requests = Array.from({ length: CREATES }, (_, index) => create(`c${index}`));
  const started = performance.now();
  await sendAll(port, CLIENTS, requests);
  return { what: `creates of 2 KB, acknowledged, ${CLIENTS} clients`, value: (CREATES / (performance.now() - started)) * 1000, unit: "1/s", goal: { least: 3_000 } };
}

function pod(index: number): object {
  const env = Array.from({ length: 12 }, (_, at) => ({ name: `VARIABLE_${at}`, value: `value number ${at} of pod ${index}` }));
  const container = { name: "main", image: "registry.example.com/team/application:1.2.3", env, ports: [{ containerPort: 8080 }], resources: { requests: { cpu: "100m", memory: "64Mi" } } };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: `pod-${index}`, labels: { app: `app-${index % 50}` } }, spec: { containers: [container, { ...container, name: "side" }] } };
}

async function lists(port: number): Promise<Figure[]> {
  const connection = await RawConnection.open(port);
  try {
    return [
      await time(connection, "list of 5,000 pods", 20, "/api/v1/namespaces/default/pods", 150),
      await time(connection, "page of 500 pods", 40, "/api/v1/namespaces/default/pods?limit=500", 20),
      await time(connection, "list of 100 of 5,000 pods by label", 20, "/api/v1/namespaces/default/pods?labelSelector=app%3Dapp-7", 20),
    ];
  } finally {
    connection.close();
  }
}

async function time(connection: RawConnection, what: string, times: number, path: string, most: number): Promise<Figure> {
  const taken: number[] = [];
  const request = rawRequest("GET", path);
  for (let index = 0; index < times; index++) {
    const started = performance.now();
    await connection.send(request);
    taken.push(performance.now() - started);
  }
  return { what: `${what}, p50`, value: quantile(taken, 0.5), unit: "ms", goal: { most }, detail: `p99 ${quantile(taken, 0.99).toFixed(1)} ms` };
}

async function watches(port: number): Promise<Figure> {
  const delays: number[] = [];
  let sent = 0;
  let waiting = 0;
  let done = () => {};
  const watchers = await Promise.all(
    Array.from({ length: WATCHERS }, () =>
      openWatch(port, "/api/v1/namespaces/default/secrets?watch=true&resourceVersion=0", () => {
        delays.push(performance.now() - sent);
        if (--waiting === 0) done();
      }),
    ),
  );
  const connection = await RawConnection.open(port);
  for (let index = 0; index < 200; index++) {
    waiting = WATCHERS;
    const seen = new Promise<void>((resolve) => {
      done = resolve;
    });
    const request = rawRequest("POST", "/api/v1/namespaces/default/secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: `s${index}` } });
    sent = performance.now();
    await Promise.all([connection.send(request), seen]);
  }
  for (const watcher of watchers) watcher.destroy();
  connection.close();
  return { what: `write to event, ${WATCHERS} watchers, p99`, value: quantile(delays, 0.99), unit: "ms", goal: { most: 20 }, detail: `p50 ${quantile(delays, 0.5).toFixed(1)} ms` };
}

/** A watch; `onEvent` is told of every chunk that carries an event. */
function openWatch(port: number, path: string, onEvent: () => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(rawRequest("GET", path)));
    socket.once("error", reject);
    socket.once("data", () => {
      resolve(socket);
      socket.on("data", (chunk: Buffer) => {
        if (chunk.includes('"type":"ADDED"')) onEvent();
      });
    });
  });
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0;
}
