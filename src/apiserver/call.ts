// One resource request on its way through the server: who asks for what, and the parts of the server that serve it.
import type { KubernetesObject } from "../api/object.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import type { NodeConnections } from "../api/node-connection.ts";
import type { AdmissionChain } from "./admission/admission.ts";
import type { Authorizer } from "./auth/authorizer.ts";
import type { FieldManager } from "./managed-fields/field-manager.ts";
import type { ServiceAccountTokens } from "./auth/service-account-authenticator.ts";
import type { ServerRequest } from "./message.ts";
import { lookup, lookupAll } from "./object-storage.ts";
import type { RequestInfo } from "./request-info.ts";
import type { ResourceTable } from "./resource-table.ts";
import type { RequestContext, Resource, UserInfo } from "./resource.ts";
import type { WatchLines } from "./watch/watch-lines.ts";

/** What handlers share, one of each a server. */
export interface ServerParts {
  readonly store: Store;
  readonly resources: ResourceTable;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly admission: AdmissionChain;
  readonly authorizer: Authorizer;
  readonly fieldManager: FieldManager;
  readonly nodeConnections: NodeConnections;
  /** Absent: no tokens can be had. */
  readonly serviceAccountTokens?: ServiceAccountTokens;
  readonly watchLines: WatchLines;
}

/** One resource request. */
export interface Call {
  readonly parts: ServerParts;
  readonly request: ServerRequest;
  readonly info: RequestInfo;
  readonly resource: Resource;
  readonly user: UserInfo;
  /** Grows while the request is served; each goes into a Warning header. */
  readonly warnings: string[];
  /** What admission notes down for the audit log. */
  readonly annotations?: Map<string, string>;
}

/** The namespace of the objects a call is about: "" for cluster-scoped ones. */
export function callNamespace(call: Call): string {
  return call.resource.namespaced ? call.info.namespace : "";
}

/** What the functions of resource records may see of a call. */
export function requestContext(call: Call, dryRun: boolean): RequestContext {
  const { store, clock, ids } = call.parts;
  return {
    clock,
    ids,
    user: call.user,
    namespace: callNamespace(call),
    dryRun,
    lookup: <T extends KubernetesObject>(of: { group: string; resource: string }, namespace: string, name: string) =>
      lookup(store, of, namespace, name) as T | undefined,
    lookupAll: <T extends KubernetesObject>(of: { group: string; resource: string }, namespace: string) =>
      lookupAll(store, of, namespace) as unknown as readonly T[],
  };
}

/** Adds a warning once. */
export function addWarning(call: Call, warning: string): void {
  if (!call.warnings.includes(warning)) call.warnings.push(warning);
}
