// Behaviour: k8s.io/client-go/transport/websocket: upgraded connections, as exec, attach and port-forward need them.
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import { connectionError } from "./connection-error.ts";
import type { HttpTransport } from "./http-transport.ts";
import { statusErrorOf } from "./status-response.ts";

/** The protocols of exec and attach, newest first: with the first one a client can close its input. */
export const REMOTE_COMMAND_PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
/** The protocol of a forwarded port. */
export const PORT_FORWARD_PROTOCOLS = ["v4.channel.k8s.io"];

/** Opens a WebSocket to a path of the transport's server, paused until someone listens and resumes it; throws the server's Status when it does not agree. */
export async function openWebSocket(transport: HttpTransport, path: string, protocols: readonly string[], signal?: AbortSignal): Promise<WebSocket> {
  signal?.throwIfAborted();
  const { url, socketPath, headers, tls, agent } = await transport.connectOptions(path);
  const address = socketPath === undefined ? url.replace(/^http/, "ws") : `ws+unix:${socketPath}:${path}`;
  const socket = new WebSocket(address, [...protocols], { headers, perMessageDeflate: false, ...(agent && { agent }), ...(tls as object) });
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal?.reason);
      socket.terminate();
    };
    signal?.addEventListener("abort", abort, { once: true });
    const settled = () => signal?.removeEventListener("abort", abort);
    socket.once("open", () => {
      settled();
      socket.off("error", fail);
      socket.pause();
      resolve(socket);
    });
    const fail = (error: Error) => {
      settled();
      reject(connectionError("GET", url, error, socketPath));
    };
    socket.on("error", fail);
    socket.once("unexpected-response", (request, response: IncomingMessage) => {
      settled();
      void refusal(response).then(reject, reject).finally(() => request.destroy());
    });
  });
}

async function refusal(response: IncomingMessage): Promise<Error> {
  const body = await text(response);
  try {
    return statusErrorOf(response.statusCode ?? 0, JSON.parse(body), "GET");
  } catch {
    return statusErrorOf(response.statusCode ?? 0, body, "GET");
  }
}
