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
import { type RequestInfo, parseRequestInfo } from "./request-info.ts";
import { ResourceTable } from "./resource-table.ts";
import type { Resource, UserInfo } from "./resource.ts";
import { findHandler, findUpgradeHandler, methodNotAllowed } from "./routing.ts";
import { refuseUpgrade } from "./streaming/upgrade.ts";
import type { VirtualResource } from "./virtual/virtual-resource.ts";
import { WatchCache } from "./watch/watch-lines.ts";

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

const OPEN_PATHS = /^\/(?:livez|readyz|healthz|version)(?:\/|$)/;

/** Puts a server together. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { store, logger, authorizer, clock = systemClock, ids = randomIds } = options;
  const resources = options.resources instanceof ResourceTable ? options.resources : new ResourceTable(options.resources);
  const parts: ServerParts = {
    store,
    resources,
    clock,
    ids,
    logger,
    authorizer,
    fieldManager: fieldManagerOf(resources, clock),
    admission: admissionChain(options.admission ?? []),
    nodeConnections: options.nodeConnections ?? (() => undefined),
    watchLines: new WatchCache(),
    ...(options.serviceAccountTokens && { serviceAccountTokens: options.serviceAccountTokens }),
  };

  const admit = async (request: ServerRequest): Promise<{ info: RequestInfo; user: UserInfo }> => {
    const info = requestInfo(request);
    const requester = await authenticateRequest(request, options.tokenAuthenticators ?? []);
    if (requester === undefined && !OPEN_PATHS.test(info.path)) throw unauthorized();
    const user = await impersonatedUser(request.headers, requester ?? ANONYMOUS, authorizer);
    await authorize(authorizer, info, user);
    return { info, user };
  };

  const serve = async (request: ServerRequest): Promise<ServerResponse> => {
    const { info, user } = await admit(request);
    if (!info.isResourceRequest) return servePath(request, info, options.paths ?? []);
    const virtual = findVirtual(info, options.virtualResources ?? []);
    const call = virtual === undefined ? resourceCall(parts, request, info, user) : { parts, request, info, resource: virtual.resource, user, warnings: [] };
    if (call === undefined) return textResponse(404, "404 page not found\n");
    return answer(call, virtual);
  };

  /** Warnings go with failures too. */
  const answer = async (call: Call, virtual: VirtualResource | undefined): Promise<ServerResponse> => {
    const deprecated = deprecationWarning(call.resource);
    if (deprecated !== undefined) call.warnings.push(deprecated);
    try {
      return await (virtual === undefined ? findHandler(call)(call) : serveVirtual(virtual, call));
    } catch (error) {
      return { ...errorResponse(error, call.request, logger), warnings: call.warnings };
    }
  };

  /** False when nothing at the path takes connections over. */
  const takeOver = async (request: ServerRequest, socket: Duplex, head: Uint8Array): Promise<boolean> => {
    const { info, user } = await admit(request);
    const call = info.isResourceRequest ? resourceCall(parts, request, info, user) : undefined;
    const handler = call && findUpgradeHandler(call);
    if (call === undefined || handler === undefined) return false;
    if (info.verb === "get") await authorize(authorizer, { ...info, verb: "create" }, user);
    await handler(call, { request, socket, head });
    return true;
  };

  return {
    resources,
    async handle(request) {
      try {
        return await serve(request);
      } catch (error) {
        return errorResponse(error, request, logger);
      }
    },
    async upgrade(request, socket, head) {
      const written = bytesWritten(socket);
      try {
        if (await takeOver(request, socket, head)) return;
        refuseUpgrade(socket, await this.handle(request));
      } catch (error) {
        const response = errorResponse(error, request, logger);
        if (bytesWritten(socket) === written) refuseUpgrade(socket, response);
        else socket.destroy();
      }
    },
  };
}

function requestInfo(request: ServerRequest): RequestInfo {
  try {
    return parseRequestInfo(request.method, request.url);
  } catch (error) {
    if (error instanceof URIError) throw badRequest(`invalid URL escape in ${JSON.stringify(request.url)}`);
    throw error;
  }
}

async function authorize(authorizer: Authorizer, info: RequestInfo, user: UserInfo): Promise<void> {
  if (OPEN_PATHS.test(info.path)) return;
  const attributes: AuthorizationAttributes = {
    user,
    verb: info.verb,
    isResourceRequest: info.isResourceRequest,
    path: info.path,
    group: info.group,
    version: info.version,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
  };
  const decision = await authorizer.authorize(attributes);
  if (!decision.allowed) throw forbiddenRequest(attributes, decision.reason);
}

async function servePath(request: ServerRequest, info: RequestInfo, handlers: readonly PathHandler[]): Promise<ServerResponse> {
  for (const handler of handlers) {
    const response = await handler(request, info);
    if (response !== undefined) return response;
  }
  return textResponse(404, "404 page not found\n");
}

/** Undefined when nothing of the path's group and version is served; throws a StatusError (404) when only the resource is not. */
function resourceCall(parts: ServerParts, request: ServerRequest, info: RequestInfo, user: UserInfo): Call | undefined {
  const resource = parts.resources.find(info.group, info.version, info.resource);
  if (resource !== undefined) return { parts, request, info, resource, user, warnings: [] };
  if (!parts.resources.hasGroup(info.group, info.version)) return undefined;
  throw pathNotFound();
}

function findVirtual({ group, version, resource }: RequestInfo, virtual: readonly VirtualResource[]): VirtualResource | undefined {
  return virtual.find((candidate) => candidate.resource.group === group && candidate.resource.version === version && candidate.resource.resource === resource);
}

async function serveVirtual(virtual: VirtualResource, call: Call): Promise<ServerResponse> {
  const { info, resource } = call;
  if (info.subresource !== "" || info.name !== "") throw pathNotFound();
  if (info.verb !== "create" || (resource.namespaced && info.namespace === "")) throw methodNotAllowed();
  return virtual.create(call);
}

/** How much went out on a connection, when it tells. */
function bytesWritten(socket: Duplex): number {
  return (socket as Partial<Socket>).bytesWritten ?? 0;
}

/** Any failure as an answer; what is no StatusError is a bug, and logged. */
function errorResponse(error: unknown, request: ServerRequest, logger: Logger): ServerResponse {
  if (error instanceof StatusError) {
    const seconds = error.status.details?.retryAfterSeconds;
    const response = objectResponse(error.code, error.status);
    return seconds === undefined ? response : { ...response, headers: { "retry-after": String(seconds) } };
  }
  logger.error("request failed", { method: request.method, url: request.url, error });
  return objectResponse(500, internalError(error instanceof Error ? error.message : String(error)).status);
}
