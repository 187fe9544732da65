// The only composition root: a cluster's store, API server, controllers, scheduler and kubelets, started and stopped in order.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { expireEvents } from "../apiserver/event-expiry.ts";
import type { Listener } from "../apiserver/listener/listener.ts";
import { type ClusterPaths, contextName } from "../client/cluster-paths.ts";
import { createEventRecorder } from "../client/event-recorder.ts";
import { InformerFactory } from "../client/informer.ts";
import { startControllers } from "../controllers/start.ts";
import { type Kubelets, startKubelets } from "../kubelet/start-kubelets.ts";
import { ensurePodNetwork, type PodNetwork } from "../network/pod-network.ts";
import { DEFAULT_SCHEDULER, runScheduler } from "../scheduler/scheduler.ts";
import { openSqliteStore } from "../store/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import { ProcessStartError, runProcess } from "../util/process.ts";
import { adminKubeconfig } from "./admin-kubeconfig.ts";
import { type ApiAddress, publishApiService } from "./api-service.ts";
import { createBootstrapObjects } from "./bootstrap.ts";
import { type ClusterConfiguration, configureCluster, writePrivateFile } from "./configuration.ts";
import { createControlPlane, type ControlPlane } from "./control-plane.ts";
import { openListeners } from "./listeners.ts";
import { publishClientAuthentication } from "./client-authentication.ts";
import { ensurePki, type Pki } from "./pki.ts";
import { createServiceAccountTokens } from "./service-account-tokens.ts";

/** What a daemon is started with. */
export interface DaemonOptions {
  readonly paths: ClusterPaths;
  /** How many nodes; 0: as many as the cluster has, or one. */
  readonly nodes: number;
  /** The HTTPS port; 0: the one that the cluster had, or a free one. */
  readonly port: number;
  /** The text of a token file, for users that are known by static tokens. */
  readonly tokenFile?: string;
  /** Takes the lines of the audit log. */
  readonly audit?: (line: string) => void;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Hears what the daemon is about to do. */
  readonly onProgress: (message: string) => void;
}

/** A running daemon. */
export interface Daemon {
  /** The API server's address for clients on this machine. */
  readonly server: string;
  readonly nodes: readonly string[];
  /** Stops the pods, then everything else; the state stays. */
  stop(): Promise<void>;
}

/** The first address of the service network is the API server's. */
const API_SERVICE_ADDRESS = "10.96.0.1";

/** Starts a cluster's daemon; resolves when the API answers and the nodes are registered. Rejects with an Error that says what is wrong. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { paths, clock, ids, logger } = options;
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  // Only one process at a time has the database open: whoever comes second changes nothing of the cluster.
  const store = await openSqliteStore(paths.database);
  const [configuration, network] = await foundationOf(options).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const stop = new AbortController();
  let kubelets: Kubelets | undefined;
  const pki = await ensurePki(paths.pki, servingNames(network), clock.now());
  const plane = createControlPlane({
    store,
    clock,
    ids,
    logger,
    nodeConnections: (node) => kubelets?.connections(node),
    serverAddress: `${network.gateway}:${configuration.port}`,
    proxyClient: pki.proxyClient,
    tokens: createServiceAccountTokens(pki.serviceAccountKey, clock, ids),
    ...(options.tokenFile !== undefined && { tokenFile: options.tokenFile }),
    ...(options.audit !== undefined && { audit: options.audit }),
  });
  stop.signal.addEventListener("abort", expireEvents(store, clock, logger), { once: true });
  const listeners = await openListeners(plane.server, { socket: paths.socket, port: configuration.port, gateway: network.gateway, pki, clock, logger });
  await bootstrap(plane, pki, { clusterIP: API_SERVICE_ADDRESS, host: network.gateway, port: configuration.port });
  // One cache for all components: what they read is the same, and only writes carry a name.
  const informers = new InformerFactory({ client: plane.clientOf("kube-controller-manager"), clock, ids, logger });
  const components = startComponents(plane, informers, pki.authority, options, stop.signal);
  informers.start(stop.signal);
  kubelets = await startKubelets({
    client: plane.clientOf("kubelet"),
    informers,
    clusterId: configuration.clusterId,
    nodes: configuration.nodes,
    network,
    podsFolder: paths.pods,
    apiServer: { host: network.gateway, port: configuration.port },
    clock,
    ids,
    logger,
    signal: stop.signal,
  });
  const server = `https://127.0.0.1:${configuration.port}`;
  writePrivateFile(paths.kubeconfig, adminKubeconfig(contextName(paths.name), server, pki.authority.certificate, pki.admin));
  writeFileSync(paths.pidFile, `${process.pid}\n`, { mode: 0o600 });
  return { server, nodes: configuration.nodes, stop: () => stopDaemon(paths, { kubelets, stop, components, listeners, store }) };
}

/** The cluster's network; a missing engine in plain words. */
async function podNetworkOf(clusterName: string, clusterId: string): Promise<PodNetwork> {
  try {
    return await ensurePodNetwork({ clusterName, clusterId, runProcess });
  } catch (error) {
    if (error instanceof ProcessStartError) throw new Error("the docker CLI is not installed: install Docker, start it, and try again", { cause: error });
    const message = error instanceof Error ? error.message : String(error);
    if (/cannot connect to the docker daemon|is the docker daemon running|docker daemon is not running/i.test(message)) throw new Error("Docker is not running: start it and try again", { cause: error });
    throw error;
  }
}

/** What a cluster stands on besides its store. */
async function foundationOf(options: DaemonOptions): Promise<[ClusterConfiguration, PodNetwork]> {
  const configuration = await configureCluster(options);
  options.onProgress(`Starting cluster ${configuration.name}`);
  return [configuration, await podNetworkOf(configuration.name, configuration.clusterId)];
}

function servingNames(network: PodNetwork): { dnsNames: string[]; addresses: string[] } {
  const service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];
  return { dnsNames: ["localhost", ...service], addresses: ["127.0.0.1", network.gateway, API_SERVICE_ADDRESS] };
}

async function bootstrap(plane: ControlPlane, pki: Pki, address: ApiAddress): Promise<void> {
  const client = plane.clientOf("kube-apiserver");
  await createBootstrapObjects(client, (apiVersion, kind) => plane.resourceOf(apiVersion, kind));
  await publishApiService(client, address);
  await publishClientAuthentication(client, pki);
}

/** Starts the controllers and the scheduler; resolves when, after the signal, the last of them has returned. */
function startComponents(plane: ControlPlane, informers: InformerFactory, authority: Pki["authority"], { clock, ids, logger }: DaemonOptions, signal: AbortSignal): Promise<unknown> {
  const schedulerClient = plane.clientOf("kube-scheduler");
  const controllers = startControllers({ client: plane.clientOf("kube-controller-manager"), informers, clock, ids, logger: logger.with({ component: "controllers" }), authority, signal });
  const schedulerLogger = logger.with({ component: "scheduler" });
  const events = createEventRecorder({ client: schedulerClient, clock, ids, logger: schedulerLogger, signal }, DEFAULT_SCHEDULER);
  const scheduler = runScheduler({ client: schedulerClient, informers, clock, ids, logger: schedulerLogger, events }, signal);
  return Promise.allSettled([controllers, scheduler]);
}

interface RunningParts {
  readonly kubelets: Kubelets;
  readonly stop: AbortController;
  readonly components: Promise<unknown>;
  readonly listeners: readonly Listener[];
  readonly store: Store;
}

/** Pods first, while the API still answers; the store last. */
async function stopDaemon(paths: ClusterPaths, { kubelets, stop, components, listeners, store }: RunningParts): Promise<void> {
  await kubelets.stopAll();
  stop.abort();
  await Promise.all([components, ...listeners.map((listener) => listener.close())]);
  await store.close();
  rmSync(paths.socket, { force: true });
  rmSync(paths.pidFile, { force: true });
}
