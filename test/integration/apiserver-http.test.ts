import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { NodeConnection } from "../../src/api/node-connection.ts";
import { type Listener, listen } from "../../src/apiserver/listener/listener.ts";
import { systemClock } from "../../src/util/clock.ts";
import { silentLogger } from "../../src/util/logger.ts";
import { ADMIN, type TestServer, testServer } from "../fixtures/api-server.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const PODS = "/api/v1/namespaces/default/pods";

let api: TestServer;
let listener: Listener;

/** A kubelet whose containers repeat their input. */
const node: NodeConnection = {
  async logs() {
    return Readable.from([Buffer.from("one\n"), Buffer.from("two\n")]);
  },
  async exec(_pod, _container, command, { stdin, stdout, stderr }) {
    stderr?.write(`${command.join(" ")}\n`);
    for await (const chunk of stdin ?? []) stdout?.write(chunk);
    return 3;
  },
  async attach() {},
  async portForward() {
    throw new Error("connection refused");
  },
  read: (path) => (path === "/healthz" ? { contentType: "text/plain", body: "ok" } : undefined),
};

beforeEach(async () => {
  api = await testServer(() => ({ nodeConnections: () => node }));
  listener = await listen(api.server, { at: { host: "127.0.0.1", port: 0 }, user: ADMIN, clock: systemClock, logger: silentLogger });
});
afterEach(() => listener.close());

interface Answer {
  readonly message: IncomingMessage;
  readonly bytes: Buffer;
}

async function call(method: string, path: string, body?: object | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const outgoing = request({ host: "127.0.0.1", port: listener.port, method, path, headers: { "content-type": "application/json", ...headers } });
  outgoing.end(payload);
  const [message] = (await once(outgoing, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return { message, bytes: Buffer.concat(chunks) };
}

test("a body that is too large is refused without being read", async () => {
  const { message, bytes } = await call("POST", MAPS, Buffer.alloc(3 * 1024 * 1024 + 1, 0x20));
  expect(message.statusCode).toBe(413);
  expect(JSON.parse(bytes.toString())).toMatchObject({ kind: "Status", reason: "RequestEntityTooLarge" });
});

test("malformed bodies are a Status each, and the server goes on", async () => {
  for (const body of ["{bad", "[1]", "\u0000", `{"a":${"[".repeat(2_000)}`]) {
    const { message, bytes } = await call("POST", MAPS, Buffer.from(body));
    expect(message.statusCode).toBe(400);
    expect(JSON.parse(bytes.toString())).toMatchObject({ kind: "Status", status: "Failure", code: 400 });
  }
  expect((await call("GET", MAPS)).message.statusCode).toBe(200);
});

test("large answers are compressed for those who take it, and warnings are headers", async () => {
  const { message } = await call("POST", MAPS, { metadata: { name: "big" }, data: { x: "y".repeat(200_000) }, foo: 1 });
  expect(message.headers["warning"]).toBe('299 - "unknown field \\"foo\\""');
  const compressed = await call("GET", `${MAPS}/big`, undefined, { "accept-encoding": "gzip" });
  expect(compressed.message.headers["content-encoding"]).toBe("gzip");
  expect(JSON.parse(gunzipSync(compressed.bytes).toString()).metadata.name).toBe("big");
  expect((await call("GET", `${MAPS}/big`)).message.headers["content-encoding"]).toBeUndefined();
});

test("a watch goes on over HTTP until the client leaves", async () => {
  const outgoing = request({ host: "127.0.0.1", port: listener.port, path: `${MAPS}?watch=true` });
  outgoing.end();
  const [message] = (await once(outgoing, "response")) as [IncomingMessage];
  await api.send("POST", MAPS, { body: { metadata: { name: "a" } } });
  const [chunk] = (await once(message, "data")) as [Buffer];
  expect(JSON.parse(chunk.toString())).toMatchObject({ type: "ADDED", object: { metadata: { name: "a" } } });
  outgoing.destroy();
});

async function runningPod(): Promise<void> {
  await api.send("POST", PODS, { body: { metadata: { name: "p" }, spec: { nodeName: "n", containers: [{ name: "c", image: "busybox" }] } } });
}

test("logs come as text", async () => {
  await runningPod();
  const { message, bytes } = await call("GET", `${PODS}/p/log`);
  expect(message.headers["content-type"]).toBe("text/plain");
  expect(bytes.toString()).toBe("one\ntwo\n");
});

test("a command's streams are the channels of a WebSocket, its exit code a Status", async () => {
  await runningPod();
  const socket = new WebSocket(`ws://127.0.0.1:${listener.port}${PODS}/p/exec?command=cat&command=-&stdin=true&stdout=true&stderr=true`, ["v5.channel.k8s.io"]);
  const channels = new Map<number, string>();
  socket.on("message", (data: Buffer) => channels.set(data[0] ?? -1, (channels.get(data[0] ?? -1) ?? "") + data.subarray(1).toString()));
  await once(socket, "open");
  socket.send(Buffer.concat([Buffer.from([0]), Buffer.from("hello")]));
  socket.send(Buffer.from([255, 0]));
  await once(socket, "close");
  expect(socket.protocol).toBe("v5.channel.k8s.io");
  expect(channels.get(1)).toBe("hello");
  expect(channels.get(2)).toBe("cat -\n");
  expect(JSON.parse(channels.get(3) ?? "")).toMatchObject({ status: "Failure", reason: "NonZeroExitCode", details: { causes: [{ reason: "ExitCode", message: "3" }] } });
});

test("an upgrade that cannot be is an HTTP answer", async () => {
  const outgoing = request({
    host: "127.0.0.1",
    port: listener.port,
    path: `${PODS}/none/exec?command=ls&stdout=true`,
    headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==" },
  });
  outgoing.end();
  const [message] = (await once(outgoing, "response")) as [IncomingMessage];
  expect(message.statusCode).toBe(404);
});

test("requests go through to a pod, and back", async () => {
  const echo: Server = createServer((socket) => {
    socket.once("data", (data) => socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${data.toString().split("\r\n")[0]}`));
  });
  await new Promise<void>((resolve) => {
    echo.listen(0, "127.0.0.1", resolve);
  });
  const { connect } = await import("node:net");
  node.portForward = async () => connect((echo.address() as AddressInfo).port, "127.0.0.1");
  await runningPod();
  await api.send("PATCH", `${PODS}/p/status`, { body: { status: { podIP: "10.0.0.1" } }, headers: { "content-type": "application/merge-patch+json" } });
  expect((await call("GET", `${PODS}/p:80/proxy/a/b?c=d`)).bytes.toString()).toBe("GET /a/b?c=d HTTP/1.1");
  echo.close();
});

test("a tunnelled port-forward speaks SPDY", async () => {
  await runningPod();
  const outgoing = request({
    host: "127.0.0.1",
    port: listener.port,
    path: `${PODS}/p/portforward`,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
      "sec-websocket-protocol": "SPDY/3.1+portforward.k8s.io",
    },
  });
  outgoing.end();
  const [message, socket] = (await once(outgoing, "upgrade")) as [IncomingMessage, Socket];
  expect(message.headers["sec-websocket-protocol"]).toBe("SPDY/3.1+portforward.k8s.io");
  const ping = Buffer.from([0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 1]);
  socket.write(Buffer.concat([Buffer.from([0x82, 0x80 | ping.length, 0, 0, 0, 0]), ping]));
  const [frame] = (await once(socket, "data")) as [Buffer];
  expect(frame).toEqual(Buffer.concat([Buffer.from([0x82, ping.length]), ping]));
  socket.destroy();
});

test("a kubelet is read through its node", async () => {
  await api.send("POST", "/api/v1/nodes", { body: { metadata: { name: "n" } } });
  const { message, bytes } = await call("GET", "/api/v1/nodes/n/proxy/healthz");
  expect([message.statusCode, message.headers["content-type"], bytes.toString()]).toEqual([200, "text/plain", "ok"]);
  expect((await call("GET", "/api/v1/nodes/https:n:10250/proxy/healthz")).message.statusCode).toBe(200);
  expect((await call("GET", "/api/v1/nodes/n/proxy/nonsense")).message.statusCode).toBe(404);
  expect((await call("POST", "/api/v1/nodes/n/proxy/healthz", {})).message.statusCode).toBe(405);
  expect((await call("GET", "/api/v1/nodes/other/proxy/healthz")).message.statusCode).toBe(404);
});
