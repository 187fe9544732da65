// The API server over a store, with the parts that it is made of; no sockets, no controllers.
import { createApiServer, type ApiServer } from "../apiserver/server.ts";
import { standardAdmission } from "../apiserver/admission/standard.ts";
import { serviceAccountAuthenticator } from "../apiserver/auth/service-account-authenticator.ts";
import { roleBasedAccess } from "../apiserver/auth/standard.ts";
import { bootstrapTokenAuthenticator, tokenFileAuthenticator } from "../apiserver/auth/token-authenticators.ts";
import { auditLog } from "../apiserver/audit.ts";
import { Aggregator, type ProxyClient } from "../apiserver/aggregation/aggregator.ts";
import { RemoteDiscovery } from "../apiserver/aggregation/remote-discovery.ts";
import { CustomResourceRegistry } from "../apiserver/custom-resources/registry.ts";
import { discoveryPaths } from "../apiserver/discovery/documents.ts";
import { serverMetrics } from "../apiserver/metrics.ts";
import { openapiPaths } from "../apiserver/openapi/paths.ts";
import { healthPaths, openIdPaths, versionPath } from "../apiserver/paths.ts";
import { ResourceTable } from "../apiserver/resource-table.ts";
import { builtInResources } from "../apiserver/resources/index.ts";
import type { NodeConnections } from "../api/node-connection.ts";
import { type ResourceRef, resourceQuotas } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import { createApiClient } from "../client/rest-client.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import { createInProcessTransport } from "./in-process-transport.ts";
import type { ClusterTokens } from "./service-account-tokens.ts";

/** What a control plane is made of. */
export interface ControlPlaneOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly nodeConnections: NodeConnections;
  /** Host and port of the API server, as clients inside the cluster see them. */
  readonly serverAddress: string;
  readonly tokens: ClusterTokens;
  /** What the server shows those that it hands requests on to. */
  readonly proxyClient?: ProxyClient;
  /** The lines of a token file: token,user,uid,"group1,group2". */
  readonly tokenFile?: string;
  /** Takes the lines of the audit log; without it there is none. */
  readonly audit?: (line: string) => void;
}

/** The API server and clients of it in this process. */
export interface ControlPlane {
  readonly server: ApiServer;
  /** A client that speaks as the component of that name, e.g. "kube-controller-manager". */
  clientOf(component: string): ApiClient;
  /** The resource that serves a kind. */
  resourceOf(apiVersion: string, kind: string): ResourceRef | undefined;
}

/** The identity of whoever reaches the server by way of this process or its Unix socket. */
export const ADMINISTRATOR = { name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

/** The version of Kubernetes whose API is served. */
export const KUBERNETES_VERSION = "v1.36.2";

const VERSION = {
  major: "1",
  minor: "36",
  gitVersion: KUBERNETES_VERSION,
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "2026-06-01T00:00:00Z",
  goVersion: `node ${process.version}`,
  compiler: "node",
  platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
};

/** Puts a control plane together. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { store, clock, ids, logger, nodeConnections, serverAddress, tokens } = options;
  const resources = new ResourceTable(builtInResources);
  const customResources = new CustomResourceRegistry(store, resources, { clock, ids });
  const aggregator = new Aggregator(store, options.proxyClient);
  const remoteDiscovery = new RemoteDiscovery({ store, aggregator, clock });
  const metrics = serverMetrics();
  const observers = [metrics.observe, ...(options.audit === undefined ? [] : [auditLog(options.audit, ids)])];
  const tokenAuthenticators = [
    serviceAccountAuthenticator(tokens, store),
    bootstrapTokenAuthenticator(store, clock),
    ...(options.tokenFile === undefined ? [] : [tokenFileAuthenticator(options.tokenFile)]),
  ];
  const access = roleBasedAccess(store, tokenAuthenticators, tokens.issuer);
  const clientOf = (component: string): ApiClient =>
    createApiClient(createInProcessTransport(server, { name: `system:${component}`, groups: ["system:masters", "system:authenticated"] }, `${component}/${KUBERNETES_VERSION}`));
  const server: ApiServer = createApiServer({
    store,
    resources,
    clock,
    ids,
    logger,
    nodeConnections,
    tokenAuthenticators,
    serviceAccountTokens: tokens,
    authorizer: access.authorizer,
    virtualResources: access.virtualResources,
    aggregated: (request, path, user) => aggregator.answer(request, path, user),
    aggregatedUpgrade: (connection, path, user) => aggregator.tunnel(connection, path, user),
    observe(served) {
      for (const observer of observers) observer(served);
    },
    admission: [
      ...standardAdmission({
        store,
        resources,
        authorizer: access.authorizer,
        updateQuotaStatus: (quota) => clientOf("kube-apiserver").resource(resourceQuotas, quota.metadata.namespace).updateStatus(quota),
      }),
      access.escalationCheck,
    ],
    paths: [
      healthPaths([{ name: "ping", check: () => undefined }]),
      versionPath(VERSION),
      metrics.path,
      discoveryPaths(resources, serverAddress, remoteDiscovery),
      openapiPaths({ source: resources, serverVersion: KUBERNETES_VERSION, customSchema: (resource) => customResources.schemaOf(resource) }),
      openIdPaths({ issuer: tokens.issuer, keySet: tokens.keySet(), algorithm: tokens.algorithm, serverAddress }),
    ],
  });
  return {
    server,
    clientOf,
    resourceOf(apiVersion, kind) {
      const resource = resources.findKind(apiVersion, kind);
      return resource && { group: resource.group, version: resource.version, resource: resource.resource, kind: resource.kind, namespaced: resource.namespaced };
    },
  };
}
