// Behaviour: k8s.io/client-go/rest and transport: requests over HTTPS, HTTP or a Unix socket.
import type http from "node:http";
import type https from "node:https";
import { pipeline, type Readable } from "node:stream";
import { type Clock, systemClock } from "../util/clock.ts";
import { ConnectionError, connectionError } from "./connection-error.ts";
import type { ApiRequest, ApiResponse, ApiStream, Transport } from "./transport.ts";
import { parseWarnings } from "./warning-header.ts";

/** Header fields that say who asks; one with several values is sent several times. */
export type CredentialHeaders = Readonly<Record<string, string | string[]>>;

/** How a server is told who asks: headers, and for some users a client certificate. */
export interface Credentials {
  readonly headers: CredentialHeaders;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/** Where credentials come from that change: token files, exec plugins. */
export interface CredentialSource {
  /** The credentials for the next request. */
  get(): Promise<Credentials>;
  /** The server answered 401: the next ones must be fresh. Returns whether it is worth to try again. */
  refresh(): boolean;
}

/** Which server, and how to reach and trust it. */
export interface HttpTransportOptions {
  /** "https://127.0.0.1:6443", perhaps with a path before the API's own. */
  readonly server: string;
  /** Connects through this Unix socket, in plain HTTP; `server` then only names the host. */
  readonly socketPath?: string;
  readonly tls?: { readonly ca?: string | Buffer; readonly insecureSkipVerify?: boolean; readonly serverName?: string };
  readonly credentials?: CredentialSource;
  /** Sends requests by way of these agents, e.g. through a proxy. */
  readonly agent?: http.Agent;
  readonly userAgent?: string;
  /** Does not ask for compressed answers. */
  readonly disableCompression?: boolean;
  readonly clock?: Clock;
  /** Hears of each Warning header, as it comes. */
  readonly onWarning?: (text: string) => void;
  /** Hears that nobody listens at the server's address, whatever the caller makes of the error. */
  readonly onRefusal?: () => void;
}

/** What a WebSocket needs to reach the same server with the same identity. */
export interface ConnectOptions {
  readonly url: string;
  readonly socketPath?: string;
  readonly headers: CredentialHeaders;
  readonly tls: https.RequestOptions;
  readonly agent?: http.Agent;
}

/** So often a request is sent again to a server that is busy. */
const MAX_RETRIES = 10;
const NO_CREDENTIALS: CredentialSource = { get: async () => ({ headers: {} }), refresh: () => false };

/**
 * Node's modules, loaded when they are first used: to import node:http takes 25 ms, for the WebSocket among its exports,
 * and TLS is not needed over a Unix socket. Both would be felt in every command.
 */
const modules = {
  get http() {
    return process.getBuiltinModule("node:http");
  },
  get https() {
    return process.getBuiltinModule("node:https");
  },
  get zlib() {
    return process.getBuiltinModule("node:zlib");
  },
};

/** Carries requests over connections that are kept open between them. */
export class HttpTransport implements Transport {
  private readonly options: HttpTransportOptions;
  private readonly base: URL;
  private readonly secure: boolean;
  private readonly credentials: CredentialSource;
  private readonly agent: http.Agent;
  private readonly ownsAgent: boolean;

  constructor(options: HttpTransportOptions) {
    this.options = options;
    this.base = new URL(options.server);
    this.secure = options.socketPath === undefined && this.base.protocol === "https:";
    this.credentials = options.credentials ?? NO_CREDENTIALS;
    this.ownsAgent = options.agent === undefined;
    this.agent = options.agent ?? (this.secure ? new modules.https.Agent({ keepAlive: true }) : new modules.http.Agent({ keepAlive: true }));
  }

  async request(request: ApiRequest, signal?: AbortSignal): Promise<ApiResponse> {
    const message = await this.send(request, signal);
    try {
      const data = Buffer.concat(await Array.fromAsync(message as AsyncIterable<Buffer>));
      const plain = message.headers["content-encoding"] === "gzip" ? modules.zlib.gunzipSync(data) : data;
      return { ...this.head(message), body: decodeBody(message.headers["content-type"], plain.toString("utf8")) };
    } catch (error) {
      throw this.explain(request, error);
    }
  }

  async stream(request: ApiRequest, signal?: AbortSignal): Promise<ApiStream> {
    const message = await this.send(request, signal);
    const body: Readable = message.headers["content-encoding"] === "gzip" ? pipeline(message, modules.zlib.createGunzip(), () => {}) : message;
    return { ...this.head(message), chunks: this.chunks(request, body) };
  }

  /** Where and how to open another kind of connection to this server. */
  async connectOptions(path: string): Promise<ConnectOptions> {
    const { headers, ...certificate } = await this.credentials.get();
    const { socketPath, agent } = this.options;
    return { url: this.urlOf(path), socketPath, agent, headers: { "user-agent": this.userAgent, ...headers }, tls: { ...this.tlsOptions(), ...certificate } };
  }

  close(): void {
    if (this.ownsAgent) this.agent.destroy();
  }

  private get userAgent(): string {
    return this.options.userAgent ?? "skiff";
  }

  /** Sends, once more with fresh credentials after a 401, and again after the time that a busy server asks for. */
  private async send(request: ApiRequest, signal: AbortSignal | undefined): Promise<http.IncomingMessage> {
    let refreshed = false;
    for (let retries = 0; ; retries++) {
      const message = await this.attempt(request, signal);
      const mayRefresh: boolean = message.statusCode === 401 && !refreshed && this.credentials.refresh();
      const delay = mayRefresh ? 0 : retryAfterMs(message);
      if (delay === undefined || retries >= MAX_RETRIES) return message;
      refreshed ||= mayRefresh;
      message.resume();
      if (delay > 0) await (this.options.clock ?? systemClock).sleep(delay, signal);
    }
  }

  private async attempt(request: ApiRequest, signal: AbortSignal | undefined): Promise<http.IncomingMessage> {
    signal?.throwIfAborted();
    const { headers, ...certificate } = await this.credentials.get();
    const body = encodeBody(request.body);
    const options: https.RequestOptions = {
      method: request.method,
      path: this.base.pathname.replace(/\/$/, "") + request.path,
      headers: this.headersOf(request, body, headers),
      agent: this.agent,
      signal,
      ...(this.options.socketPath === undefined ? { host: this.base.hostname.replace(/^\[|\]$/g, ""), port: this.base.port || (this.secure ? 443 : 80) } : { socketPath: this.options.socketPath, servername: "" }),
      ...(this.secure && { ...this.tlsOptions(), ...certificate }),
    };
    try {
      return await exchange(this.secure ? modules.https.request(options) : modules.http.request(options), body);
    } catch (error) {
      if (isStaleConnection(error) && request.method !== "POST" && request.method !== "PATCH") return this.attempt(request, signal);
      throw this.explain(request, error);
    }
  }

  private headersOf(request: ApiRequest, body: string | Uint8Array | undefined, credentials: CredentialHeaders): http.OutgoingHttpHeaders {
    return {
      accept: "application/json",
      "user-agent": this.userAgent,
      host: this.base.host,
      ...(this.options.socketPath === undefined && this.options.disableCompression !== true && { "accept-encoding": "gzip" }),
      ...(body !== undefined && { "content-length": Buffer.byteLength(body) }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...credentials,
      ...request.headers,
    };
  }

  private tlsOptions(): https.RequestOptions {
    const { ca, insecureSkipVerify, serverName } = this.options.tls ?? {};
    return { ...(ca !== undefined && { ca }), ...(insecureSkipVerify === true && { rejectUnauthorized: false }), ...(serverName !== undefined && serverName !== "" && { servername: serverName }) };
  }

  private head(message: http.IncomingMessage): Pick<ApiResponse, "status" | "headers" | "warnings"> {
    const warnings = parseWarnings(message.headersDistinct["warning"] ?? []);
    for (const warning of warnings) this.options.onWarning?.(warning);
    const headers = Object.fromEntries(Object.entries(message.headersDistinct).map(([name, values]) => [name, values?.join(", ") ?? ""]));
    return { status: message.statusCode ?? 0, headers, warnings };
  }

  private async *chunks(request: ApiRequest, body: Readable): AsyncIterable<Uint8Array> {
    try {
      yield* body as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw this.explain(request, error);
    }
  }

  private explain(request: ApiRequest, error: unknown): unknown {
    const explained = connectionError(request.method, this.urlOf(request.path), error, this.options.socketPath);
    if (explained instanceof ConnectionError && explained.code === "ECONNREFUSED") this.options.onRefusal?.();
    return explained;
  }

  private urlOf(path: string): string {
    return `${this.base.origin}${this.base.pathname.replace(/\/$/, "")}${path}`;
  }
}

/** How long a busy server wants to be left alone. */
function retryAfterMs({ statusCode = 0, headers }: http.IncomingMessage): number | undefined {
  const seconds = headers["retry-after"];
  return (statusCode === 429 || statusCode >= 500) && seconds !== undefined && /^[0-9]+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** Sends the request with its body and resolves with the head of the answer. */
function exchange(request: http.ClientRequest, body: string | Uint8Array | undefined): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", (error) => reject(Object.assign(error, { reusedSocket: request.reusedSocket })));
    request.end(body);
  });
}

/** A kept connection that the server closed just as the request went out. */
function isStaleConnection(error: unknown): boolean {
  return error instanceof Error && "reusedSocket" in error && error.reusedSocket === true && "code" in error && error.code === "ECONNRESET";
}

function encodeBody(body: ApiRequest["body"]): string | Uint8Array | undefined {
  return body === undefined || typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
}

function decodeBody(contentType: string | undefined, text: string): unknown {
  if (contentType === undefined || !/^application\/(?:json|[^;]*\+json)/.test(contentType) || text === "") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
