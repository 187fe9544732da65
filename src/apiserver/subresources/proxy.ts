// Behaviour: k8s.io/apimachinery/pkg/util/proxy/upgradeaware.go: HTTP requests handed on to pods and services.
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { serviceUnavailable } from "../../api/errors.ts";
import type { Call } from "../call.ts";
import type { ServerResponse } from "../message.ts";
import { joinConnections, type UpgradeConnection } from "../streaming/upgrade.ts";
import { connectionOf, podReference } from "./pod-target.ts";
import { type ProxyTarget, podTarget, serviceTarget } from "./proxy-target.ts";
import type { Subresource } from "./subresource.ts";

/** Headers that belong to one connection, or to the API server. */
const KEPT_BACK = new Set([
  "authorization",
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** pods/proxy. */
export const podProxySubresource = proxySubresource(podTarget);
/** services/proxy. */
export const serviceProxySubresource = proxySubresource(serviceTarget);

function proxySubresource(find: (call: Call) => ProxyTarget): Subresource {
  return {
    name: "proxy",
    serve: (call) => (call.info.rest === "" ? Promise.resolve(redirect(call)) : forward(call, find(call))),
    upgrade: (call, connection) => tunnel(call, connection, find(call)),
  };
}

/** Relative links only work below a path that ends with a slash. */
function redirect({ info, request }: Call): ServerResponse {
  const query = request.url.slice(info.path.length);
  return { status: 301, headers: { location: `${info.path}/${query}`, "content-type": "text/plain" }, warnings: [], body: { type: "bytes", data: "" } };
}

async function dial(call: Call, { pod, port, secure }: ProxyTarget): Promise<Duplex> {
  try {
    const connection = await connectionOf(call, pod).portForward(podReference(pod), port, call.request.signal);
    return secure ? connect({ socket: connection, rejectUnauthorized: false }) : connection;
  } catch (error) {
    throw serviceUnavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function forward(call: Call, target: ProxyTarget): Promise<ServerResponse> {
  const { request } = call;
  const connection = await dial(call, target);
  const { body } = request;
  const payload = body === undefined || body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = httpRequest({
      method: request.method,
      path: targetPath(call),
      headers: { ...forwardedHeaders(call, target), ...(payload && { "content-length": payload.byteLength }) },
      createConnection: () => connection,
      signal: request.signal,
    });
    outgoing.on("response", resolve);
    outgoing.on("error", reject);
    outgoing.end(payload);
  }).catch((error: unknown) => {
    throw serviceUnavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`);
  });
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (KEPT_BACK.has(name) || value === undefined ? [] : [[name, [value].flat().join(", ")]])),
  );
  return { status: response.statusCode ?? 502, headers, warnings: [], body: { type: "stream", chunks: response as AsyncIterable<Uint8Array> } };
}

async function tunnel(call: Call, { request, socket, head }: UpgradeConnection, target: ProxyTarget): Promise<void> {
  const connection = await dial(call, target);
  const headers = { ...forwardedHeaders(call, target), connection: "Upgrade", upgrade: request.headers["upgrade"] ?? "" };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  connection.write(`${request.method} ${targetPath(call)} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  if (head.byteLength > 0) connection.write(head);
  await joinConnections(connection, socket);
}

function targetPath({ info, request }: Call): string {
  return (info.rest || "/") + request.url.slice(info.path.length);
}

function forwardedHeaders({ request, info }: Call, { pod, port }: ProxyTarget): Record<string, string> {
  const kept = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined || KEPT_BACK.has(name) || name.startsWith("impersonate-") ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), host: `${pod.status.podIP ?? "localhost"}:${port}`, "x-forwarded-uri": info.path, "x-forwarded-host": request.headers["host"] ?? "" };
}
