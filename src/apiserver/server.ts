// Behaviour: k8s.io/apiserver/pkg/server: the chain from request to answer, without a socket.
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { StatusError, badRequest, internalError, pathNotFound, unauthorized } from "../api/errors.ts";
import type { NodeConnections } from "../api/node-connection.ts";
import type { Store } from "../store/store.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { type Ids, randomIds } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import { type AdmissionStep, admissionChain } from "./admission/admission.ts";
import { ANONYMOUS, type TokenAuthenticator, authenticateRequest } from "./auth/authentication.ts";
import type { AuthorizationAttributes, Authorizer } from "./auth/authorizer.ts";
import { forbiddenRequest } from "./auth/forbidden-request.ts";
import { impersonatedUser } from "./auth/impersonation.ts";
import type { ServiceAccountTokens } from "./auth/service-account-authenticator.ts";
import type { Call, ServerParts } from "./call.ts";
import { deprecationWarning } from "./deprecation.ts";
import { fieldManagerOf } from "./field-tracking.ts";
import { type ServerRequest, type ServerResponse, objectResponse, textResponse } from "./message.ts";
import type { RequestObserver } from "./request-log.ts";
import { type RequestInfo, parseRequestInfo } from "./request-info.ts";
import { ResourceTable } from "./resource-table.ts";
import type { Resource, UserInfo } from "./resource.ts";
import { findHandler, findUpgradeHandler, methodNotAllowed } from "./routing.ts";
import { refuseUpgrade, type UpgradeConnection } from "./streaming/upgrade.ts";
import type { VirtualResource } from "./virtual/virtual-resource.ts";
import { WatchLines } from "./watch/watch-lines.ts";

/** Serves a path that is no resource; undefined when it is not this one's. */
export type PathHandler = (request: ServerRequest, info: RequestInfo) => Promise<ServerResponse | undefined> | ServerResponse | undefined;

/** What a server is made of. */
export interface ApiServerOptions {
  readonly store: Store;
  readonly resources: ResourceTable | Iterable<Resource>;
  readonly logger: Logger;
  readonly authorizer: Authorizer;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly admission?: readonly AdmissionStep[];
  readonly tokenAuthenticators?: readonly TokenAuthenticator[];
  /** Asked in order for paths that are no resource: discovery, OpenAPI, version, health. */
  readonly paths?: readonly PathHandler[];
  readonly nodeConnections?: NodeConnections;
  readonly serviceAccountTokens?: ServiceAccountTokens;
  /** Told of every request, for metrics and the audit log. */
  readonly observe?: RequestObserver;
  /** Asked first: answers for group versions that other servers have. */
  readonly aggregated?: (request: ServerRequest, path: string, user: UserInfo) => Promise<ServerResponse | undefined>;
  /** The same for connections that ask for another protocol; false when no other server has the path. */
  readonly aggregatedUpgrade?: (connection: UpgradeConnection, path: string, user: UserInfo) => Promise<boolean>;
  /** Kinds that are answered and not stored. */
  readonly virtualResources?: readonly VirtualResource[];
}

/** The API server, as transports see it. */
export interface ApiServer {
  readonly resources: ResourceTable;
  /** Answers a request; never rejects. */
  handle(request: ServerRequest): Promise<ServerResponse>;
  /** Serves a connection that asks for another protocol until it ends; never rejects. */
  upgrade(request: ServerRequest, socket: Duplex, head: Uint8Array): Promise<void>;
}

const NO_SUCH_PATH = "404 page not found\n";
const OPEN_PATHS = /^\/(?:livez|readyz|healthz|version)(?:\/|$)/;

/** Puts a server together. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  return new Server(options);
}

/** What is found out of a request on its way; the observer is told as much as there is. */
interface Progress {
  readonly request: ServerRequest;
  info?: RequestInfo;
  user?: UserInfo;
  impersonator?: UserInfo;
  annotations?: Map<string, string>;
}

class Server implements ApiServer {
  readonly resources: ResourceTable;
  private readonly options: ApiServerOptions;
  private readonly parts: ServerParts;

  constructor(options: ApiServerOptions) {
    const { store, logger, authorizer, clock = systemClock, ids = randomIds } = options;
    this.options = options;
    this.resources = options.resources instanceof ResourceTable ? options.resources : new ResourceTable(options.resources);
    this.parts = {
      store,
      resources: this.resources,
      clock,
      ids,
      logger,
      authorizer,
      fieldManager: fieldManagerOf(this.resources, clock),
      admission: admissionChain(options.admission ?? []),
      nodeConnections: options.nodeConnections ?? (() => undefined),
      watchLines: new WatchLines(),
      ...(options.serviceAccountTokens && { serviceAccountTokens: options.serviceAccountTokens }),
    };
  }

  async handle(request: ServerRequest): Promise<ServerResponse> {
    const progress: Progress = { request };
    const { clock } = this.parts;
    const [received, started] = [clock.now(), clock.monotonic()];
    const response = await this.serve(progress).catch((error: unknown) => this.failure(error, request));
    this.options.observe?.({ ...progress, response, received, duration: clock.monotonic() - started });
    return response;
  }

  async upgrade(request: ServerRequest, socket: Duplex, head: Uint8Array): Promise<void> {
    const written = bytesWritten(socket);
    try {
      if (await this.takeOver(request, socket, head)) return;
      refuseUpgrade(socket, await this.handle(request));
    } catch (error) {
      const response = this.failure(error, request);
      if (bytesWritten(socket) === written) refuseUpgrade(socket, response);
      else socket.destroy();
    }
  }

  private async serve(progress: Progress): Promise<ServerResponse> {
    const { info, user } = await this.admit(progress);
    const { request } = progress;
    const aggregated = await this.options.aggregated?.(request, info.path, user);
    if (aggregated !== undefined) return aggregated;
    if (!info.isResourceRequest) return servePath(request, info, this.options.paths ?? []);
    const virtual = findVirtual(info, this.options.virtualResources ?? []);
    const resource = virtual?.resource ?? this.findResource(info);
    if (resource === undefined) return textResponse(404, NO_SUCH_PATH);
    const annotations = (progress.annotations = new Map<string, string>());
    const call: Call = { parts: this.parts, request, info, resource, user, warnings: [], annotations };
    const deprecated = deprecationWarning(resource);
    if (deprecated !== undefined) call.warnings.push(deprecated);
    try {
      return await (virtual === undefined ? findHandler(call)(call) : serveVirtual(virtual, call));
    } catch (error) {
      return { ...this.failure(error, request), warnings: call.warnings };
    }
  }

  /** Finds out who asks for what, and whether they may; throws a StatusError when not. */
  private async admit(progress: Progress): Promise<{ info: RequestInfo; user: UserInfo }> {
    const { request } = progress;
    const { authorizer, tokenAuthenticators = [] } = this.options;
    const info = (progress.info = requestInfo(request));
    const known = await authenticateRequest(request, tokenAuthenticators);
    if (known === undefined && !OPEN_PATHS.test(info.path)) throw unauthorized();
    const requester = known ?? ANONYMOUS;
    progress.user = requester;
    const user = await impersonatedUser(request.headers, requester, authorizer);
    if (user !== requester) {
      progress.user = user;
      progress.impersonator = requester;
    }
    await authorize(authorizer, info, info.verb, user);
    return { info, user };
  }

  /** Undefined when nothing of the path's group and version is served; throws a StatusError (404) when only the resource is not. */
  private findResource({ group, version, resource }: RequestInfo): Resource | undefined {
    const found = this.resources.find(group, version, resource);
    if (found !== undefined) return found;
    if (!this.resources.hasGroup(group, version)) return undefined;
    throw pathNotFound();
  }

  /** False when nothing at the path takes connections over. */
  private async takeOver(request: ServerRequest, socket: Duplex, head: Uint8Array): Promise<boolean> {
    const { info, user } = await this.admit({ request });
    if (await this.options.aggregatedUpgrade?.({ request, socket, head }, info.path, user)) return true;
    const resource = info.isResourceRequest ? this.findResource(info) : undefined;
    if (resource === undefined) return false;
    const call: Call = { parts: this.parts, request, info, resource, user, warnings: [] };
    const handler = findUpgradeHandler(call);
    if (handler === undefined) return false;
    if (info.verb === "get") await authorize(this.options.authorizer, info, "create", user);
    await handler(call, { request, socket, head });
    return true;
  }

  /** Any failure as an answer; what is no StatusError is a bug, and logged. */
  private failure(error: unknown, request: ServerRequest): ServerResponse {
    if (error instanceof StatusError) {
      const seconds = error.status.details?.retryAfterSeconds;
      const response = objectResponse(error.code, error.status);
      return seconds === undefined ? response : { ...response, headers: { "retry-after": String(seconds) } };
    }
    this.parts.logger.error("request failed", { method: request.method, url: request.url, error });
    return objectResponse(500, internalError(error instanceof Error ? error.message : String(error)).status);
  }
}

function requestInfo(request: ServerRequest): RequestInfo {
  try {
    return parseRequestInfo(request.method, request.url);
  } catch (error) {
    if (error instanceof URIError) throw badRequest(`invalid URL escape in ${JSON.stringify(request.url)}`);
    throw error;
  }
}

async function authorize(authorizer: Authorizer, info: RequestInfo, verb: string, user: UserInfo): Promise<void> {
  if (OPEN_PATHS.test(info.path)) return;
  const { isResourceRequest, path, group, version, resource, subresource, namespace } = info;
  const attributes: AuthorizationAttributes = { user, verb, isResourceRequest, path, group, version, resource, subresource, namespace, name: authorizedName(info) };
  const decision = await authorizer.authorize(attributes);
  if (!decision.allowed) throw forbiddenRequest(attributes, decision.reason);
}

/** Who may read one object may also list or watch it by its name. */
function authorizedName({ name, verb, query }: RequestInfo): string {
  if (name !== "" || (verb !== "list" && verb !== "watch" && verb !== "deletecollection")) return name;
  return /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(query.get("fieldSelector") ?? "")?.[1] ?? "";
}

async function servePath(request: ServerRequest, info: RequestInfo, handlers: readonly PathHandler[]): Promise<ServerResponse> {
  for (const handler of handlers) {
    const response = await handler(request, info);
    if (response !== undefined) return response;
  }
  return textResponse(404, NO_SUCH_PATH);
}

function findVirtual({ group, version, resource }: RequestInfo, virtual: readonly VirtualResource[]): VirtualResource | undefined {
  return virtual.find((candidate) => candidate.resource.group === group && candidate.resource.version === version && candidate.resource.resource === resource);
}

async function serveVirtual(virtual: VirtualResource, call: Call): Promise<ServerResponse> {
  const { info, resource } = call;
  if (info.subresource !== "" || (info.name !== "" && virtual.get === undefined)) throw pathNotFound();
  const handler = info.name === "" ? { create: virtual.create, list: virtual.list }[info.verb] : { get: virtual.get }[info.verb];
  if (handler === undefined || info.method === "HEAD" || (resource.namespaced && info.namespace === "")) throw methodNotAllowed();
  return handler(call);
}

/** How much went out on a connection, when it tells. */
function bytesWritten(socket: Duplex): number {
  return (socket as Partial<Socket>).bytesWritten ?? 0;
}
