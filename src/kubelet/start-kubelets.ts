// The entry to this folder: the kubelets of all of a daemon's nodes over one Docker engine.
import { mkdir, statfs } from "node:fs/promises";
import { isNotFound, notFound } from "../api/errors.ts";
import type { NodeConnection, NodeConnections } from "../api/node-connection.ts";
import { configMaps, secrets, services } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import { createEventRecorder } from "../client/event-recorder.ts";
import { InformerFactory, type Informers } from "../client/informer.ts";
import type { Clock } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import { runProcess } from "../util/process.ts";
import { Backoff } from "./backoff.ts";
import { ContainerRuntime } from "./container-runtime.ts";
import type { ClusterDns } from "./dns.ts";
import { dockerCli } from "./docker.ts";
import { Images } from "./images.ts";
import { Kubelet } from "./kubelet.ts";
import { kubeletConnection } from "./kubelet-connection.ts";
import { Label } from "./labels.ts";
import { registerNode, repeat } from "./node-registration.ts";
import type { EngineInfo, NodeFacts } from "./node-status.ts";
import { ensurePauseImage, PAUSE_IMAGE } from "./pause-image.ts";
import type { AddressPool, PodContext } from "./pod-context.ts";
import { proberOn } from "./probe.ts";
import type { ApiServerAddress } from "./service-environment.ts";
import { PodVolumes } from "./volumes/pod-volumes.ts";
import { ServiceAccountTokens } from "./volumes/service-account-tokens.ts";

/** What is known of the containers is compared with the engine at this pace, in case an event was lost. */
const RELIST_MS = 300_000;

/** The pod network, as far as kubelets need it. */
export interface KubeletNetwork {
  readonly name: string;
  readonly gateway: string;
  nodeAddresses(nodeIndex: number): AddressPool & { readonly cidr: string };
}

/** What kubelets are started with. */
export interface KubeletsOptions {
  readonly client: ApiClient;
  /** Informers to share; without them the kubelets have their own. */
  readonly informers?: Informers;
  readonly clusterId: string;
  /** Node names; the first is the cluster's own. */
  readonly nodes: readonly string[];
  readonly network: KubeletNetwork;
  /** The folder that holds the pods' volumes and files. */
  readonly podsFolder: string;
  /** Where pods reach the API server; without it they are told the kubernetes Service's address. */
  readonly apiServer?: ApiServerAddress;
  readonly clusterDns?: ClusterDns;
  /** The docker CLI's program. */
  readonly docker?: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The running kubelets. */
export interface Kubelets {
  readonly connections: NodeConnections;
  /** Ends all containers, each in its grace; the API's objects stay, so that a later start brings the pods back. */
  stopAll(): Promise<void>;
  /** Removes every container, volume and image of the cluster from Docker. */
  removeAll(): Promise<void>;
  /** Resolves when the pods that were there at the start are taken up. Nodes are registered before `startKubelets` resolves. */
  readonly ready: Promise<void>;
}

/** Registers the nodes and starts their kubelets; resolves when the nodes are Ready. */
export async function startKubelets(options: KubeletsOptions): Promise<Kubelets> {
  const { client, clock, signal, clusterId, network } = options;
  const logger = options.logger.with({ component: "kubelet" });
  const docker = dockerCli(runProcess, options.docker);
  await mkdir(options.podsFolder, { recursive: true, mode: 0o711 });
  const engine = docker.run(["info", "--format", "{{json .}}"]).then((text) => JSON.parse(text) as EngineInfo);
  const ensureSandboxImage = () => ensurePauseImage(docker, async () => (await engine).Architecture);
  const image = ensureSandboxImage();
  const runtime = new ContainerRuntime({ docker, dockerCommand: options.docker ?? "docker", clusterId, clock, logger, ensureSandboxImage });
  const known = runtime.start(signal);
  const informers = options.informers ?? ownInformers(options);
  const images = new Images(runtime, clock, new Backoff(clock));
  const info = await engine;
  const storage = await statfs(options.podsFolder);
  const kubelets = new Map<string, { kubelet: Kubelet; connection: NodeConnection }>();
  const tasks: Promise<void>[] = [];
  for (const [index, node] of options.nodes.entries()) {
    const addresses = network.nodeAddresses(index);
    const context = nodeContext(options, { node, addresses, info, runtime, images, informers, logger, storage: storage.blocks * storage.bsize });
    const facts = async (): Promise<NodeFacts> => ({
      name: node,
      address: network.gateway,
      podCIDR: addresses.cidr,
      engine: info,
      ephemeralStorageBytes: storage.blocks * storage.bsize,
      images: images.all(),
    });
    await registerNode({ client, clock, logger, events: context.events, facts }, signal);
    const kubelet = new Kubelet(context);
    kubelets.set(node, { kubelet, connection: kubeletConnection(kubelet, runtime, clock) });
    tasks.push(Promise.all([known, image]).then(() => kubelet.start(informers, signal)));
  }
  const ready: Promise<void> = Promise.all(tasks).then(() => removeForeign(runtime, options.nodes));
  ready.catch((error: unknown) => signal.aborted || logger.error("the pods could not be taken up", { error }));
  void repeat(clock, RELIST_MS, signal, () => runtime.relist(), logger);
  return {
    connections: (name) => kubelets.get(name)?.connection,
    ready,
    async stopAll() {
      await Promise.all([...kubelets.values()].map(({ kubelet }) => kubelet.stopAll()));
    },
    removeAll: () => removeClusterContainers(runtime, clusterId),
  };
}

/** Removes what a cluster has in Docker, without any kubelet running. */
export async function removeAllContainers(options: { clusterId: string; clock: Clock; logger: Logger; docker?: string }): Promise<void> {
  const docker = dockerCli(runProcess, options.docker);
  const runtime = new ContainerRuntime({ docker, dockerCommand: options.docker ?? "docker", clusterId: options.clusterId, clock: options.clock, logger: options.logger, ensureSandboxImage: async () => {} });
  await runtime.relist();
  await removeClusterContainers(runtime, options.clusterId);
}

async function removeClusterContainers(runtime: ContainerRuntime, clusterId: string): Promise<void> {
  await runtime.relist();
  await runtime.remove([...runtime.store.all()].map((record) => record.id));
  const volumes = (await runtime.docker.run(["volume", "ls", "--quiet", "--filter", `label=${Label.cluster}=${clusterId}`])).split("\n").filter((name) => name !== "");
  if (volumes.length > 0) await runtime.docker.call(["volume", "rm", "--force", ...volumes]);
  // Another cluster's sandboxes keep the image; then Docker refuses, and that is right.
  await runtime.docker.call(["image", "rm", PAUSE_IMAGE]);
}

/** Containers of nodes that this daemon has no more belong to nobody. */
async function removeForeign(runtime: ContainerRuntime, nodes: readonly string[]): Promise<void> {
  await runtime.remove([...runtime.store.all()].filter((record) => !nodes.includes(record.node)).map((record) => record.id));
}

/** The kubelet's managers say "configmap" where the API says "configmaps". */
function namedSingly(resource: string, name: string): (error: unknown) => never {
  return (error) => {
    throw isNotFound(error) ? notFound({ group: "", resource }, name) : error;
  };
}

function ownInformers({ client, clock, ids, logger, signal }: KubeletsOptions): Informers {
  const informers = new InformerFactory({ client, clock, ids, logger });
  informers.start(signal);
  return informers;
}

function nodeContext(
  options: KubeletsOptions,
  made: { node: string; addresses: AddressPool; info: EngineInfo; runtime: ContainerRuntime; images: Images; informers: Informers; logger: Logger; storage: number },
): PodContext {
  const { client, clock, ids, clusterId, network, signal } = options;
  const { node, info, runtime, informers, logger } = made;
  const owner = { clusterId, node };
  const serviceInformer = informers.informer(services);
  let stamp = clock.now();
  return {
    client,
    clock,
    ids,
    logger,
    events: createEventRecorder({ client, clock, ids, logger, signal }, "kubelet", node),
    runtime,
    images: made.images,
    crashes: new Backoff(clock),
    volumes: new PodVolumes({ folder: options.podsFolder, owner, client, stamp: () => `${new Date(clock.now()).toISOString().replaceAll(/[-:]/g, "_").slice(0, 19)}.${stamp++}` }),
    tokens: new ServiceAccountTokens(client, clock),
    source: {
      configMap: (namespace, name) => client.resource(configMaps, namespace).get(name).catch(namedSingly("configmap", name)),
      secret: (namespace, name) => client.resource(secrets, namespace).get(name).catch(namedSingly("secret", name)),
    },
    runProbe: proberOn(runtime.docker, clock),
    owner,
    hostIP: network.gateway,
    network: network.name,
    addresses: made.addresses,
    node: { cpu: String(info.NCPU), memory: String(info.MemTotal), "ephemeral-storage": String(made.storage) },
    memoryCapacity: BigInt(info.MemTotal),
    clusterDomain: options.clusterDns?.domain ?? "cluster.local",
    clusterDns: options.clusterDns,
    apiServer: options.apiServer,
    async services() {
      await serviceInformer.synced(signal);
      return serviceInformer.list();
    },
  };
}
