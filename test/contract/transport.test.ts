import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configMaps } from "../../src/api/resource-refs.ts";
import { HttpTransport } from "../../src/client/http-transport.ts";
import { createApiClient } from "../../src/client/rest-client.ts";
import { systemClock } from "../../src/util/clock.ts";

/** What the server saw of the last request. */
interface Seen {
  method?: string;
  url?: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

const folder = mkdtempSync(join(tmpdir(), "skiff-transport-"));
const socketPath = join(folder, "api.sock");
let seen: Seen;
let answer: (response: http.ServerResponse) => void;

const serve: http.RequestListener = async (request, response) => {
  const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
  seen = { method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
  answer(response);
};
const overTcp = http.createServer(serve);
const overSocket = http.createServer(serve);
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => overTcp.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => overSocket.listen(socketPath, resolve));
  port = (overTcp.address() as { port: number }).port;
});
afterAll(() => {
  for (const server of [overTcp, overSocket]) server.close();
  rmSync(folder, { recursive: true });
});

function reply(status: number, body: unknown, headers: Record<string, string | string[]> = {}): void {
  answer = (response) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(typeof body === "string" ? body : JSON.stringify(body));
}

describe.each([
  ["TCP", () => new HttpTransport({ server: `http://127.0.0.1:${port}` })],
  ["Unix socket", () => new HttpTransport({ server: "http://localhost", socketPath })],
])("a transport over %s", (_, connect) => {
  it("sends what each verb needs, and reads what comes back", async () => {
    const transport = connect();
    const client = createApiClient(transport).resource(configMaps, "a b");
    reply(200, { kind: "ConfigMapList", apiVersion: "v1", metadata: { resourceVersion: "9" }, items: [{ metadata: { name: "x" } }] });
    expect((await client.list({ labelSelector: "a in (b)", limit: 5 })).items).toEqual([{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } }]);
    expect(seen).toMatchObject({ method: "GET", url: "/api/v1/namespaces/a%20b/configmaps?labelSelector=a%20in%20(b)&limit=5", body: "" });
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, data: { snow: "☃" } };
    reply(201, object);
    expect(await client.create(object, { fieldManager: "me", dryRun: true })).toEqual(object);
    expect(seen).toMatchObject({ method: "POST", url: "/api/v1/namespaces/a%20b/configmaps?dryRun=All&fieldManager=me", body: JSON.stringify(object), headers: { "content-type": "application/json" } });
    reply(200, object);
    await client.patch("x", "application/merge-patch+json", { data: null });
    expect(seen).toMatchObject({ method: "PATCH", body: '{"data":null}', headers: { "content-type": "application/merge-patch+json" } });
    await client.delete("x", { gracePeriodSeconds: 0, preconditions: { uid: "u" } });
    expect(JSON.parse(seen.body)).toEqual({ kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0, preconditions: { uid: "u" } });
    transport.close();
  });

  it("throws the server's Status, or what the code means", async () => {
    const transport = connect();
    const client = createApiClient(transport).resource(configMaps, "ns");
    const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: 'configmaps "x" not found', reason: "NotFound", code: 404 };
    reply(404, status);
    await expect(client.get("x")).rejects.toMatchObject({ name: "StatusError", status });
    reply(404, "404 page not found", { "content-type": "text/plain" });
    await expect(client.get("x")).rejects.toThrow("the server could not find the requested resource (get configmaps x)");
    reply(500, "boom", { "content-type": "text/plain" });
    await expect(client.list()).rejects.toThrow('an error on the server ("boom") has prevented the request from succeeding (get configmaps)');
    reply(429, "");
    await expect(client.list()).rejects.toMatchObject({ status: { reason: "TooManyRequests" } });
    transport.close();
  });

  it("decompresses, and hands on warnings", async () => {
    const transport = connect();
    answer = (response) => {
      response.appendHeader("warning", ['299 - "first \\"one\\""', '299 - "second, third"']);
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(gzipSync('{"a":1}'));
    };
    expect(await transport.request({ method: "GET", path: "/version" })).toMatchObject({ status: 200, body: { a: 1 }, warnings: ['first "one"', "second, third"] });
    transport.close();
  });

  it("watches: events as they come, to the end of the stream", async () => {
    const transport = connect();
    const client = createApiClient(transport).resource(configMaps);
    const event = (type: string, name: string) => `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;
    answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const text = Buffer.from(event("ADDED", "snow☃") + event("MODIFIED", "y"));
      response.write(text.subarray(0, 42));
      setImmediate(() => response.end(text.subarray(42)));
    };
    const events = await Array.fromAsync(client.watch({ resourceVersion: "5" }));
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(["ADDED snow☃", "MODIFIED y"]);
    expect(seen.url).toBe("/api/v1/configmaps?resourceVersion=5&watch=true");
    transport.close();
  });

  it("throws a watch's ERROR event, and a refused watch's Status", async () => {
    const transport = connect();
    const client = createApiClient(transport).resource(configMaps);
    const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: "too old resource version: 1 (5)", reason: "Expired", code: 410 };
    reply(200, `${JSON.stringify({ type: "ERROR", object: status })}\n`);
    await expect(Array.fromAsync(client.watch())).rejects.toMatchObject({ reason: "Expired" });
    reply(410, status);
    await expect(Array.fromAsync(client.watch())).rejects.toMatchObject({ reason: "Expired" });
    transport.close();
  });

  it("ends a watch quietly when the caller aborts it, and with an error when the connection breaks", async () => {
    const transport = connect();
    const client = createApiClient(transport).resource(configMaps);
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" }).write(`${JSON.stringify({ type: "ADDED", object: { metadata: {} } })}\n`);
      response.on("close", closed.resolve);
    };
    let count = 0;
    for await (const _ of client.watch({}, stop.signal)) {
      count++;
      stop.abort();
    }
    await closed.promise;
    expect(count).toBe(1);
    answer = (response) => {
      response.writeHead(200, { "content-type": "application/json" }).write("{");
      setImmediate(() => response.destroy());
    };
    await expect(Array.fromAsync(client.watch())).rejects.toMatchObject({ name: "ConnectionError" });
    transport.close();
  });

  it("keeps its connection between requests", async () => {
    const transport = connect();
    const sockets = new Set<unknown>();
    answer = (response) => {
      sockets.add(response.socket);
      response.end("ok");
    };
    for (let time = 0; time < 3; time++) await transport.request({ method: "GET", path: "/livez" });
    expect(sockets.size).toBe(1);
    transport.close();
  });
});

it("says in kubectl's words that nobody listens", async () => {
  const gone = http.createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port: closedPort } = gone.address() as { port: number };
  await new Promise((resolve) => gone.close(resolve));
  await expect(new HttpTransport({ server: `http://127.0.0.1:${closedPort}` }).request({ method: "GET", path: "/api" })).rejects.toMatchObject({
    name: "ConnectionError",
    code: "ECONNREFUSED",
    reason: `dial tcp 127.0.0.1:${closedPort}: connect: connection refused`,
    kubectlMessage: `The connection to the server 127.0.0.1:${closedPort} was refused - did you specify the right host or port?`,
  });
  await expect(new HttpTransport({ server: "https://127.0.0.1:6443", socketPath: join(folder, "none.sock") }).request({ method: "GET", path: "/api" })).rejects.toMatchObject({
    code: "ECONNREFUSED",
    kubectlMessage: "The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?",
  });
});

it("leaves a busy server alone for as long as it asks, then tries again, ten times", async () => {
  const sleeps: number[] = [];
  const clock = { ...systemClock, sleep: async (delayMs: number) => void sleeps.push(delayMs) };
  const transport = new HttpTransport({ server: `http://127.0.0.1:${port}`, clock });
  answer = (response) => (sleeps.length < 2 ? response.writeHead(429, { "retry-after": "3" }) : response.writeHead(200)).end();
  expect((await transport.request({ method: "POST", path: "/api" })).status).toBe(200);
  expect(sleeps).toEqual([3000, 3000]);
  answer = (response) => response.writeHead(503, { "retry-after": "1" }).end();
  await expect(createApiClient(transport).resource(configMaps).list()).rejects.toMatchObject({ status: { reason: "ServiceUnavailable", details: { retryAfterSeconds: 1 } } });
  expect(sleeps.length).toBe(12);
  transport.close();
});

it("asks for fresh credentials once when it is not let in", async () => {
  let token = "old";
  const credentials = {
    get: async () => ({ headers: { authorization: `Bearer ${token}` } }),
    refresh: () => {
      const worth = token === "old";
      token = "new";
      return worth;
    },
  };
  const tokens: (string | undefined)[] = [];
  answer = (response) => {
    tokens.push(seen.headers.authorization);
    response.writeHead(tokens.length < 4 && tokens.length !== 2 ? 401 : 200).end();
  };
  const transport = new HttpTransport({ server: `http://127.0.0.1:${port}/prefix/`, credentials });
  expect((await transport.request({ method: "GET", path: "/api" })).status).toBe(200);
  expect((await transport.request({ method: "GET", path: "/api" })).status).toBe(401);
  expect(tokens).toEqual(["Bearer old", "Bearer new", "Bearer new"]);
  expect(seen.url).toBe("/prefix/api");
  transport.close();
});
