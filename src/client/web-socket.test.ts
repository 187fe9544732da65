import http from "node:http";
import type { AddressInfo } from "node:net";
import { Duplex, PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { HttpTransport } from "./http-transport.ts";
import { forwardConnection } from "./port-forward.ts";
import { runRemoteCommand } from "./remote-command.ts";
import { openWebSocket, PORT_FORWARD_PROTOCOLS, REMOTE_COMMAND_PROTOCOLS } from "./web-socket.ts";

const server = http.createServer();
const sockets = new WebSocketServer({ noServer: true });
let transport: HttpTransport;
let serve: (socket: WebSocket, url: string) => void;

beforeAll(async () => {
  server.on("upgrade", (request, socket, head) => {
    if (request.url === "/refused") {
      const body = JSON.stringify({ kind: "Status", status: "Failure", reason: "NotFound", code: 404, message: 'pods "x" not found' });
      socket.end(`HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (upgraded) => serve(upgraded, request.url ?? ""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  transport = new HttpTransport({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(() => {
  transport.close();
  server.close();
});

const message = (channel: number, content: string | Buffer) => Buffer.concat([Buffer.from([channel]), Buffer.from(content)]);

it("connects a process's streams and returns its exit code", async () => {
  const received: string[] = [];
  serve = (socket) => {
    socket.on("message", (data: Buffer) => {
      received.push(data[0] === 255 ? `close ${data[1]}` : `${data[0]} ${data.subarray(1)}`);
      if (data[0] !== 255) return;
      socket.send(message(1, "out"));
      socket.send(message(2, "err"));
      socket.send(message(3, JSON.stringify({ status: "Failure", reason: "NonZeroExitCode", details: { causes: [{ reason: "ExitCode", message: "42" }] } })));
      socket.close();
    });
  };
  const socket = await openWebSocket(transport, "/exec", REMOTE_COMMAND_PROTOCOLS);
  expect(socket.protocol).toBe("v5.channel.k8s.io");
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const sizes = (async function* () {
    yield { width: 80, height: 24 };
  })();
  expect(await runRemoteCommand(socket, { stdin: Readable.from([Buffer.from("in")]), stdout, stderr, resizes: sizes })).toBe(42);
  stdout.end();
  stderr.end();
  expect([await text(stdout), await text(stderr)]).toEqual(["out", "err"]);
  expect(received.sort()).toEqual(["0 in", '4 {"Width":80,"Height":24}', "close 0"]);
});

it("throws a Status that is no exit code, and a connection that breaks", async () => {
  serve = (socket) => {
    socket.send(message(3, JSON.stringify({ kind: "Status", status: "Failure", reason: "InternalError", message: "no such container" })));
    socket.close();
  };
  await expect(runRemoteCommand(await openWebSocket(transport, "/exec", REMOTE_COMMAND_PROTOCOLS), {})).rejects.toThrow("no such container");
  serve = (socket) => socket.terminate();
  await expect(runRemoteCommand(await openWebSocket(transport, "/exec", REMOTE_COMMAND_PROTOCOLS), {})).rejects.toThrow("abnormal closure");
});

it("throws the Status of a refused upgrade", async () => {
  await expect(openWebSocket(transport, "/refused", REMOTE_COMMAND_PROTOCOLS)).rejects.toMatchObject({ name: "StatusError", reason: "NotFound" });
});

it("forwards a connection", async () => {
  serve = (socket, url) => {
    expect(url).toBe("/portforward?ports=8080");
    const port = Buffer.from([0x90, 0x1f]);
    socket.send(message(0, port));
    socket.send(message(1, port));
    socket.on("message", (data: Buffer) => {
      socket.send(message(0, `echo ${data.subarray(1)}`));
      socket.close();
    });
  };
  const [near, far] = duplexPair();
  const forwarded = forwardConnection(await openWebSocket(transport, "/portforward?ports=8080", PORT_FORWARD_PROTOCOLS), far);
  near.write("hello");
  expect(await text(near)).toBe("echo hello");
  await forwarded;
});

it("says why a port cannot be reached", async () => {
  serve = (socket) => {
    socket.send(message(1, Buffer.concat([Buffer.from([1, 2]), Buffer.from("connection refused")])));
    socket.close();
  };
  const [, far] = duplexPair();
  await expect(forwardConnection(await openWebSocket(transport, "/portforward", PORT_FORWARD_PROTOCOLS), far)).rejects.toThrow("connection refused");
});

/** Two ends of one connection. */
function duplexPair(): [Duplex, Duplex] {
  const [there, back] = [new PassThrough(), new PassThrough()];
  return [Duplex.from({ readable: back, writable: there }), Duplex.from({ readable: there, writable: back })];
}
