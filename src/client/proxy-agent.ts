// Behaviour: Go's net/http Transport.Proxy, for a kubeconfig's proxy-url: CONNECT for HTTPS, absolute addresses for HTTP.
import type * as Http from "node:http";
import type * as Https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type * as Tls from "node:tls";
import { KubeconfigError } from "./kubeconfig-entries.ts";

// Importing node:http takes 25 ms, for the WebSocket among its exports.
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** An agent whose connections go through the proxy. */
export function proxyAgent(proxyUrl: string, secure: boolean): Http.Agent {
  const proxy = new URL(proxyUrl);
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") throw new KubeconfigError(`proxy-url "${proxyUrl}" cannot be used: only http and https proxies are supported`);
  return secure ? new TunnelAgent(proxy) : new ForwardAgent(proxy);
}

function authorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` };
}

function portOf(proxy: URL): number {
  return Number(proxy.port) || (proxy.protocol === "https:" ? 443 : 80);
}

/** Speaks TLS to the server through a tunnel that the proxy opens. */
class TunnelAgent extends https.Agent {
  private readonly proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: true });
    this.proxy = proxy;
  }

  override createConnection(options: Https.RequestOptions, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    const target = `${options.host}:${options.port}`;
    const request = (this.proxy.protocol === "https:" ? https : http).request({
      host: this.proxy.hostname,
      port: portOf(this.proxy),
      method: "CONNECT",
      path: target,
      headers: { host: target, ...authorization(this.proxy) },
    });
    const fail = (error: Error) => callback?.(error, request.socket as Duplex);
    request.once("error", fail);
    request.once("connect", (response: Http.IncomingMessage, socket: Socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        return fail(new Error(response.statusMessage ?? "the proxy refused"));
      }
      const secure = process.getBuiltinModule("node:tls").connect({ ...options, socket, servername: options.servername ?? options.host ?? "" } as Tls.ConnectionOptions);
      secure.once("error", fail);
      secure.once("secureConnect", () => {
        secure.off("error", fail);
        callback?.(null, secure);
      });
    });
    request.end();
  }
}

/** Sends plain requests to the proxy, with the whole address in their first line. */
class ForwardAgent extends http.Agent {
  private readonly proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: true });
    this.proxy = proxy;
  }

  override createConnection(options: Http.ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): Duplex | null | undefined {
    return super.createConnection({ ...options, host: this.proxy.hostname, port: portOf(this.proxy) }, callback);
  }

  /** Called by Node for each request before it is sent. */
  addRequest(request: Http.ClientRequest, options: Http.RequestOptions): void {
    request.path = `http://${options.host}:${options.port}${request.path}`;
    for (const [name, value] of Object.entries(authorization(this.proxy))) request.setHeader(name, value);
    (http.Agent.prototype as unknown as { addRequest(request: Http.ClientRequest, options: Http.RequestOptions): void }).addRequest.call(this, request, options);
  }
}
