// Behaviour: k8s.io/streaming/pkg/httpstream: connections that leave HTTP for WebSocket or SPDY.
import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { badRequest, forbidden } from "../../api/errors.ts";
import type { ServerRequest, ServerResponse } from "../message.ts";

/** A connection whose request asks for another protocol. */
export interface UpgradeConnection {
  readonly request: ServerRequest;
  readonly socket: Duplex;
  readonly head: Uint8Array;
}

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** Which protocol a request asks for; undefined for none that is known. */
export function requestedUpgrade(request: ServerRequest): "websocket" | "spdy" | undefined {
  const upgrade = (request.headers["upgrade"] ?? "").toLowerCase();
  if (upgrade === "websocket") return "websocket";
  return upgrade === "spdy/3.1" ? "spdy" : undefined;
}

/** Completes a WebSocket's handshake with the first of `protocols` that the client offers; throws a StatusError when there is none. */
export async function acceptWebSocket({ request, socket, head }: UpgradeConnection, protocols: readonly string[]): Promise<{ socket: WebSocket; protocol: string }> {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
  const protocol = protocols.find((candidate) => offered.includes(candidate));
  if (protocol === undefined) throw badRequest(`unable to upgrade websocket connection: websocket server finished before becoming ready`);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols: () => protocol });
  // The library takes no protocol's name with a slash in it: it gets to see another, and answers with the one that was chosen.
  const headers = { ...request.headers, "sec-websocket-protocol": "chosen" };
  const message = { method: request.method, url: request.url, headers } as unknown as IncomingMessage;
  const accepted = await new Promise<WebSocket>((resolve) => server.handleUpgrade(message, socket, Buffer.from(head), resolve));
  return { socket: accepted, protocol };
}

/** Switches a connection to SPDY with the first of `protocols` that the client offers; throws a StatusError when there is none. */
export function acceptSpdy({ request, socket, head }: UpgradeConnection, protocols: readonly string[]): string {
  const offered = (request.headers["x-stream-protocol-version"] ?? "").split(",").map((protocol) => protocol.trim());
  const protocol = offered.length === 1 && offered[0] === "" ? protocols.at(-1) : protocols.find((candidate) => offered.includes(candidate));
  if (protocol === undefined) {
    throw forbidden({ group: "", resource: "" }, "", `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(" ")}], server accepts [${protocols.join(" ")}]`);
  }
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`);
  if (head.byteLength > 0) socket.unshift(head);
  return protocol;
}

/** Hands on what either end of a tunnel says to the other; resolves when one of them is gone, and so both. */
export async function joinConnections(one: Duplex, other: Duplex): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      one.destroy();
      other.destroy();
      resolve();
    };
    for (const stream of [one, other]) stream.on("error", end).on("close", end);
    one.pipe(other);
    other.pipe(one);
  });
}

/** Answers a request whose connection was not upgraded, and closes it. */
export function refuseUpgrade(socket: Duplex, response: ServerResponse): void {
  const { body } = response;
  const text = body.type === "object" ? body.text() : body.type === "bytes" ? body.data.toString() : "";
  const bytes = Buffer.from(text);
  const head = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`,
    `Content-Type: ${response.headers["content-type"] ?? "application/json"}`,
    `Content-Length: ${bytes.byteLength}`,
    "Connection: close",
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes]));
}
