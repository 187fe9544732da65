// Behaviour: a CNI bridge plugin with host-local IPAM: one Docker bridge a cluster, one /24 of it a node.
import { networkInterfaces } from "node:os";
import type { RunProcess } from "../util/process.ts";
import { formatAddress, formatSubnet, freeSubnet, parseSubnet, type Subnet } from "./subnets.ts";

/** The label that marks a cluster's Docker objects. */
const CLUSTER_LABEL = "dev.skiff.cluster";

/** The service network, which no pod network may overlap. */
const SERVICES: Subnet = { base: (10 * 256 + 96) * 2 ** 16, prefix: 12 };

/** The network that a cluster's pods are on. */
export interface PodNetwork {
  /** The Docker network's name. */
  readonly name: string;
  /** "10.244.0.0/16". */
  readonly subnet: string;
  /** The host's address on it, where pods reach the API server. */
  readonly gateway: string;
  /** The pod addresses of the node with that index: a /24. */
  nodeAddresses(nodeIndex: number): PodAddresses;
}

/** The pod addresses of one node. */
export interface PodAddresses {
  /** "10.244.0.0/24". */
  readonly cidr: string;
  /** An address that no pod has, the longest unused first. Throws an Error when all are taken. */
  allocate(): string;
  /** Marks an address as taken: a container that outlived the daemon has it. */
  take(address: string): void;
  /** Gives an address back. */
  release(address: string): void;
}

/** Makes the cluster's Docker network, or finds it; `docker` names the CLI's program. Throws an Error in Docker's words. */
export async function ensurePodNetwork(options: { clusterName: string; clusterId: string; runProcess: RunProcess; docker?: string }): Promise<PodNetwork> {
  const { clusterName, clusterId, runProcess, docker = "docker" } = options;
  const networks = await listNetworks(runProcess, docker);
  const own = networks.find(({ owner }) => owner === clusterId);
  if (own !== undefined) {
    const [subnet] = await subnetsOf(runProcess, docker, [own.id]);
    if (subnet === undefined) throw new Error(`the Docker network ${own.name} has no IPv4 subnet`);
    return podNetwork(own.name, subnet);
  }
  const name = networkName(clusterName, clusterId, networks.map((network) => network.name));
  const taken = [SERVICES, ...(await subnetsOf(runProcess, docker, networks.map(({ id }) => id))), ...hostSubnets()];
  const refused: Subnet[] = [];
  // Another program may take the subnet between the look and the making.
  for (;;) {
    const subnet = freeSubnet([...taken, ...refused]);
    const result = await runProcess(docker, networkCreateArgs(name, clusterId, subnet));
    if (result.exitCode === 0) return podNetwork(name, subnet);
    if (!/overlap/.test(result.stderr) || refused.length > 8) throw new Error(`cannot create the Docker network ${name}: ${result.stderr.trim()}`);
    refused.push(subnet);
  }
}

/** Removes the cluster's Docker network. */
export async function removePodNetwork(options: { clusterId: string; runProcess: RunProcess; docker?: string }): Promise<void> {
  const { clusterId, runProcess, docker = "docker" } = options;
  const own = (await listNetworks(runProcess, docker)).filter(({ owner }) => owner === clusterId);
  for (const { id } of own) await runProcess(docker, ["network", "rm", id]);
}

/** A cluster's network is called after it; a cluster of the same name in another $SKIFF_HOME may have that name already. */
export function networkName(clusterName: string, clusterId: string, taken: readonly string[]): string {
  const name = `skiff-${clusterName}`;
  return taken.includes(name) ? `${name}-${clusterId.slice(0, 8)}` : name;
}

/** The arguments that make a cluster's network. */
export function networkCreateArgs(name: string, clusterId: string, subnet: Subnet): string[] {
  const addresses = ["--subnet", formatSubnet(subnet), "--gateway", formatAddress(subnet.base + 1)];
  return ["network", "create", "--driver", "bridge", ...addresses, "--label", `${CLUSTER_LABEL}=${clusterId}`, name];
}

/** A network over a /16. */
export function podNetwork(name: string, subnet: Subnet): PodNetwork {
  return {
    name,
    subnet: formatSubnet(subnet),
    gateway: formatAddress(subnet.base + 1),
    nodeAddresses: (nodeIndex) => podAddresses({ base: subnet.base + nodeIndex * 256, prefix: 24 }),
  };
}

function podAddresses(subnet: Subnet): PodAddresses {
  // .0 is the network's, .1 the gateway's (on the first node), .255 the broadcast address (on the last one).
  const free = new Set(Array.from({ length: 253 }, (_, index) => formatAddress(subnet.base + 2 + index)));
  return {
    cidr: formatSubnet(subnet),
    allocate() {
      const [address] = free;
      if (address === undefined) throw new Error(`no IP addresses available in range set: ${formatSubnet(subnet)}`);
      free.delete(address);
      return address;
    },
    take: (address) => void free.delete(address),
    release: (address) => {
      const parsed = parseSubnet(`${address}/24`);
      if (parsed?.base === subnet.base) free.add(address);
    },
  };
}

/** Docker's networks, each with the id of the cluster that it belongs to, if it is one's. */
async function listNetworks(runProcess: RunProcess, docker: string): Promise<{ id: string; name: string; owner: string }[]> {
  const result = await runProcess(docker, ["network", "ls", "--no-trunc", "--format", `{{.ID}}\t{{.Name}}\t{{.Label "${CLUSTER_LABEL}"}}`]);
  if (result.exitCode !== 0) throw new Error(`cannot list the Docker networks: ${result.stderr.trim()}`);
  return result.stdout.split("\n").filter((line) => line !== "").map((line) => {
    const [id = "", name = "", owner = ""] = line.split("\t");
    return { id, name, owner };
  });
}

async function subnetsOf(runProcess: RunProcess, docker: string, ids: readonly string[]): Promise<Subnet[]> {
  if (ids.length === 0) return [];
  const format = "{{range .IPAM.Config}}{{println .Subnet}}{{end}}";
  const result = await runProcess(docker, ["network", "inspect", "--format", format, ...ids]);
  return result.stdout.split("\n").flatMap((line) => parseSubnet(line.trim()) ?? []);
}

/** The IPv4 networks that this machine is on, so that pods do not hide them. */
function hostSubnets(): Subnet[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).flatMap((address) => parseSubnet(address.cidr ?? "") ?? []));
}
