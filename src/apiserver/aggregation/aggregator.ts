// Behaviour: k8s.io/kube-aggregator/pkg/apiserver/handler_proxy.go: group versions that others serve, handed on to them.
import { once } from "node:events";
import { type IncomingMessage, validateHeaderValue } from "node:http";
import { request as httpsRequest } from "node:https";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { serviceUnavailable, type StatusError } from "../../api/errors.ts";
import type { APIService } from "../../api/generated/types/apiregistration/v1.ts";
import type { Service } from "../../api/generated/types/core/v1.ts";
import type { EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import type { Store } from "../../store/store.ts";
import type { ServerRequest, ServerResponse } from "../message.ts";
import { lookup, lookupAll } from "../object-storage.ts";
import type { UserInfo } from "../resource.ts";
import { joinConnections, type UpgradeConnection } from "../streaming/upgrade.ts";

/** Headers that belong to one connection, or say who asks. */
const KEPT_BACK = /^(?:authorization|connection|content-length|host|keep-alive|te|trailer|transfer-encoding|upgrade|x-remote-.*|impersonate-.*)$/;
const ITSELF: UserInfo = { name: "system:kube-aggregator", groups: ["system:masters"] };
const API_SERVICES = { group: "apiregistration.k8s.io", resource: "apiservices" };

/** How the server shows the servers behind it who it is. */
export interface ProxyClient {
  readonly certificate: string;
  readonly key: string;
}

/** Hands requests for other servers' group versions on. */
export class Aggregator {
  private readonly store: Store;
  private readonly client: ProxyClient | undefined;

  constructor(store: Store, client?: ProxyClient) {
    this.store = store;
    this.client = client;
  }

  /** The answer of the server that has the group version of a path; undefined when there is none. Rejects with a StatusError (503). */
  async answer(request: ServerRequest, path: string, user: UserInfo): Promise<ServerResponse | undefined> {
    const found = this.find(path);
    return found && this.forward(request, user, found.service, found.target);
  }

  /** Connects a client that asks for another protocol with the server that has its path, until one of them leaves; false when there is none. Rejects with a StatusError (503). */
  async tunnel({ request, socket, head }: UpgradeConnection, path: string, user: UserInfo): Promise<boolean> {
    const found = this.find(path);
    if (found === undefined) return false;
    const { host, port } = found.target;
    const connection = connectTls({ host, port, ...this.tlsOptions(found.service) });
    await once(connection, "secureConnect", { signal: request.signal }).catch((error: unknown) => {
      connection.destroy();
      throw unreachable(error);
    });
    const headers = { ...forwardedHeaders(request, user), host: `${host}:${port}`, connection: "Upgrade", upgrade: request.headers["upgrade"] ?? "" };
    const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => headerLine(name, value)));
    connection.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    if (head.byteLength > 0) connection.write(head);
    await joinConnections(connection, socket);
    return true;
  }

  /** Who serves a path, and where; undefined when no other server does. */
  private find(path: string): { service: APIService; target: { host: string; port: number } } | undefined {
    const [, root, group, version] = path.split("/");
    if (root !== "apis" || !group || !version) return undefined;
    const service = lookup(this.store, API_SERVICES, "", `${version}.${group}`) as APIService | undefined;
    if (service?.spec.service === undefined) return undefined;
    const target = this.targetOf(service.spec.service);
    if (target === undefined) throw serviceUnavailable("service unavailable");
    return { service, target };
  }

  /** Asks the server that has a path for JSON, as this server itself. Rejects with an Error when there is no such answer. */
  async ask(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.answer({ method: "GET", url: path, headers: { accept: "application/json" }, signal }, path, ITSELF);
    if (answer?.status !== 200 || answer.body.type !== "stream") throw serviceUnavailable(`bad status from ${path}: ${answer?.status ?? 404}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body.chunks) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  }

  /** A pod that serves; undefined when none is ready. */
  private targetOf({ namespace = "", name = "", port = 443 }: NonNullable<APIService["spec"]["service"]>): { host: string; port: number } | undefined {
    const service = lookup(this.store, { group: "", resource: "services" }, namespace, name) as Service | undefined;
    const wanted = (service?.spec.ports ?? []).find((candidate) => candidate.port === port);
    if (wanted === undefined) return undefined;
    const slices = lookupAll(this.store, { group: "discovery.k8s.io", resource: "endpointslices" }, namespace) as readonly EndpointSlice[];
    for (const slice of slices) {
      if (slice.metadata.labels?.["kubernetes.io/service-name"] !== name) continue;
      const served = (slice.ports ?? []).find((candidate) => (candidate.name ?? "") === (wanted.name ?? ""))?.port;
      const host = (slice.endpoints ?? []).find(({ conditions }) => conditions?.ready !== false)?.addresses[0];
      if (served !== undefined && host !== undefined) return { host, port: served };
    }
    return undefined;
  }

  private tlsOptions({ spec }: APIService): ConnectionOptions {
    return {
      servername: `${spec.service?.name ?? ""}.${spec.service?.namespace ?? ""}.svc`,
      rejectUnauthorized: !spec.insecureSkipTLSVerify,
      ...(spec.caBundle && { ca: Buffer.from(spec.caBundle, "base64") }),
      ...(this.client && { cert: this.client.certificate, key: this.client.key }),
    };
  }

  private async forward(request: ServerRequest, user: UserInfo, service: APIService, target: { host: string; port: number }): Promise<ServerResponse> {
    const { body } = request;
    const payload = body === undefined || body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = httpsRequest({
        ...target,
        method: request.method,
        path: request.url,
        headers: { ...forwardedHeaders(request, user), ...(payload && { "content-length": payload.byteLength }) },
        ...this.tlsOptions(service),
        agent: false,
        signal: request.signal,
      });
      outgoing.on("response", resolve).on("error", reject);
      outgoing.end(payload);
    }).catch((error: unknown) => {
      throw unreachable(error);
    });
    const headers = Object.entries(response.headers).flatMap(([name, value]) => (KEPT_BACK.test(name) || value === undefined ? [] : [[name, [value].flat().join(", ")]]));
    return { status: response.statusCode ?? 502, headers: Object.fromEntries(headers), warnings: [], body: { type: "stream", chunks: response as AsyncIterable<Uint8Array> } };
  }
}

function headerLine(name: string, value: string): string {
  validateHeaderValue(name, value);
  return `${name}: ${value}`;
}

function unreachable(error: unknown): StatusError {
  return serviceUnavailable(`error trying to reach service: ${error instanceof Error ? error.message : String(error)}`);
}

function forwardedHeaders({ headers }: ServerRequest, user: UserInfo): Record<string, string | string[]> {
  const kept = Object.entries(headers).flatMap(([name, value]) => (value === undefined || KEPT_BACK.test(name) ? [] : [[name, value]]));
  const extra = Object.entries(user.extra ?? {}).map(([name, values]) => [`x-remote-extra-${encodeURIComponent(name.toLowerCase())}`, [...values]]);
  return { ...Object.fromEntries(kept), "x-remote-user": user.name, "x-remote-group": [...user.groups], ...(user.uid && { "x-remote-uid": user.uid }), ...Object.fromEntries(extra) };
}
