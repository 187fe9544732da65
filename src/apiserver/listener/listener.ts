// Behaviour: k8s.io/apiserver/pkg/server/secure_serving.go and pkg/endpoints/handlers/responsewriters: the server on a socket.
import { type IncomingMessage, type Server, type ServerResponse as HttpResponse, createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { requestEntityTooLarge, timeout } from "../../api/errors.ts";
import type { Clock } from "../../util/clock.ts";
import type { Logger } from "../../util/logger.ts";
import type { ServerRequest, ServerResponse } from "../message.ts";
import { objectResponse } from "../message.ts";
import { encodeResponse } from "../negotiation/encode.ts";
import type { UserInfo } from "../resource.ts";
import { writeResponse } from "./response-writer.ts";

/** Bodies beyond this are refused. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
const CLOSE_GRACE_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Why a request is over: one for all, as making an error takes longer than much of what a request does. */
const HUNG_UP = new Error("the client is gone");

/** What a listener serves. */
export interface RequestHandler {
  handle(request: ServerRequest): Promise<ServerResponse>;
  /** Takes over a connection for exec, attach and port-forward. */
  upgrade(request: ServerRequest, socket: Duplex, head: Uint8Array): Promise<void>;
}

/** Where and how to listen. */
export interface ListenOptions {
  /** A Unix socket's path, or host and port (0: any free one). */
  readonly at: { readonly path: string } | { readonly host: string; readonly port: number };
  /** PEM; absent: no TLS. `clientAuthority` signs the certificates of clients. */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientAuthority: string };
  /** Who everyone is that can connect, where the transport is proof enough. */
  readonly user?: UserInfo;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A listening server. */
export interface Listener {
  /** The port, or 0 for a Unix socket. */
  readonly port: number;
  /** Takes no more connections, lets requests end for a while, then cuts the rest. */
  close(): Promise<void>;
}

/**
 * Serves `handler` on a socket, in HTTP/1.1 only: connections are taken over for exec and port-forward there alone, and a
 * watcher that lags is cut off with its own connection. HTTP/2 (http2.createSecureServer with allowHTTP1), measured on a
 * bare server, takes as much of the processor for 2 KB creates by 16 clients as HTTPS does.
 */
export async function listen(handler: RequestHandler, options: ListenOptions): Promise<Listener> {
  const { tls, logger } = options;
  const closing = new AbortController();
  const onRequest = (incoming: IncomingMessage, outgoing: HttpResponse) => {
    serve(handler, incoming, outgoing, options, closing.signal).catch((error: unknown) => {
      logger.error("answer failed", { url: incoming.url, error });
      outgoing.destroy();
    });
  };
  const server: Server =
    tls === undefined
      ? createServer({ keepAliveTimeout: 90_000 }, onRequest)
      : createSecureServer({ cert: tls.certificate, key: tls.key, ca: tls.clientAuthority, requestCert: true, rejectUnauthorized: false, keepAliveTimeout: 90_000 }, onRequest);
  server.requestTimeout = 0;
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const gone = new AbortController();
    socket.once("close", () => gone.abort());
    void handler.upgrade(toServerRequest(incoming, undefined, options, gone.signal), socket, head);
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.at, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === "string" ? 0 : address.port,
    close: () => close(server, closing, options.clock),
  };
}

async function close(server: Server, closing: AbortController, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.abort();
  server.closeIdleConnections();
  const cancel = clock.setTimer(CLOSE_GRACE_MS, () => server.closeAllConnections());
  await closed;
  cancel();
}

async function serve(handler: RequestHandler, incoming: IncomingMessage, outgoing: HttpResponse, options: ListenOptions, closing: AbortSignal): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort(HUNG_UP));
  incoming.on("error", () => gone.abort(HUNG_UP));
  const body = await readBody(incoming);
  const signal = gone.signal;
  if (body === "too large") {
    incoming.resume();
    outgoing.setHeader("connection", "close");
    await writeResponse(outgoing, objectResponse(413, requestEntityTooLarge("Request entity too large: limit is 3145728").status), { closing });
    return;
  }
  const request = toServerRequest(incoming, body, options, signal);
  const response = await handleInTime(handler, request, options);
  await writeResponse(outgoing, encodeResponse(request, response), { acceptEncoding: request.headers["accept-encoding"], closing });
}

/** A request that is not done in time is answered all the same; watches and logs are done once they begin. */
async function handleInTime(handler: RequestHandler, request: ServerRequest, { clock }: ListenOptions): Promise<ServerResponse> {
  let cancel = () => {};
  const late = new Promise<ServerResponse>((resolve) => {
    cancel = clock.setTimer(REQUEST_TIMEOUT_MS, () => resolve(objectResponse(504, timeout("request did not complete within the allotted timeout").status)));
  });
  try {
    return await Promise.race([handler.handle(request), late]);
  } finally {
    cancel();
  }
}

/** Reads a whole body; nothing is read of one that is too large. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array | undefined | "too large"> {
  const { method, headers } = incoming;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined) return undefined;
  if (method === "GET" || method === "HEAD") return undefined;
  if (Number(headers["content-length"] ?? 0) > MAX_BODY_BYTES) return "too large";
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    incoming.on("data", (chunk: Uint8Array) => {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) resolve("too large");
      else chunks.push(chunk);
    });
    incoming.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    incoming.once("error", reject);
  });
}

function toServerRequest(incoming: IncomingMessage, body: Uint8Array | undefined, options: ListenOptions, signal: AbortSignal): ServerRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  const certificate = clientCertificate(incoming);
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers,
    ...(body !== undefined && { body }),
    ...(options.user !== undefined && { user: options.user }),
    ...(certificate !== undefined && { certificate }),
    signal,
  };
}

function clientCertificate(incoming: IncomingMessage): ServerRequest["certificate"] {
  const socket = incoming.socket as Partial<TLSSocket>;
  if (socket.authorized !== true) return undefined;
  const peer = socket.getPeerCertificate?.();
  const subject = peer?.subject as { CN?: string | string[]; O?: string | string[] } | undefined;
  if (peer === undefined || subject === undefined) return undefined;
  const fingerprint = peer.fingerprint256.replaceAll(":", "").toLowerCase();
  return { commonName: [subject.CN ?? ""].flat()[0] ?? "", organizations: [subject.O ?? []].flat(), fingerprint };
}
