// Behaviour: pkg/kubelet/kubelet_pods.go managedHostsFileContent.
import { readFile } from "node:fs/promises";
import type { HostAlias, Pod } from "../api/generated/types/core/v1.ts";
import { hostnameOf } from "./pod-spec.ts";

const HEADER = "# Kubernetes-managed hosts file.\n";
const HOST_NETWORK_HEADER = "# Kubernetes-managed hosts file (host network).\n";

const LOCAL = [
  "127.0.0.1\tlocalhost",
  "::1\tlocalhost ip6-localhost ip6-loopback",
  "fe00::0\tip6-localnet",
  "fe00::0\tip6-mcastprefix",
  "fe00::1\tip6-allnodes",
  "fe00::2\tip6-allrouters",
];

/** What a pod's /etc/hosts is made of. */
interface HostsFile {
  readonly podIP: string;
  readonly hostname: string;
  readonly domain: string;
  readonly aliases: readonly HostAlias[];
  /** Names that the cluster's own name server would know. */
  readonly clusterHosts: readonly HostAlias[];
}

/** What a node tells every pod of names. */
export interface ClusterNames {
  readonly apiServer: { readonly host: string } | undefined;
  readonly clusterDns: object | undefined;
  readonly clusterDomain: string;
}

/** The /etc/hosts of a pod's containers. */
export async function podHostsFile(pod: Pod, podIP: string, { apiServer, clusterDns, clusterDomain }: ClusterNames): Promise<string> {
  const aliases = pod.spec.hostAliases ?? [];
  if (pod.spec.hostNetwork === true) return hostNetworkHostsFile(await readFile("/etc/hosts", "utf8").catch(() => ""), aliases);
  const clusterHosts = apiServer === undefined || clusterDns !== undefined ? [] : apiServerHosts(apiServer.host, clusterDomain);
  return hostsFile({ podIP, ...hostnameOf(pod, clusterDomain), aliases, clusterHosts });
}

/** The /etc/hosts of a pod with an address of its own. */
function hostsFile({ podIP, hostname, domain, aliases, clusterHosts }: HostsFile): string {
  const names = domain === "" || hostname.includes(".") ? hostname : `${hostname}.${domain}\t${hostname}`;
  const lines = [...LOCAL, `${podIP}\t${names}`, ...clusterHosts.map(hostLine)];
  return `${HEADER}${lines.join("\n")}\n${aliasLines(aliases)}`;
}

/** The names under which pods find the API server at `host`, as long as no name server tells them. */
function apiServerHosts(host: string, clusterDomain: string): HostAlias[] {
  const service = "kubernetes.default";
  return [{ ip: host, hostnames: [service, `${service}.svc`, `${service}.svc.${clusterDomain}`] }];
}

/** The /etc/hosts of a pod on the host's network: the host's own, and the aliases. */
export function hostNetworkHostsFile(hostFile: string, aliases: readonly HostAlias[]): string {
  return `${HOST_NETWORK_HEADER}${hostFile}${aliasLines(aliases)}`;
}

function aliasLines(aliases: readonly HostAlias[]): string {
  if (aliases.length === 0) return "";
  return `\n# Entries added by HostAliases.\n${aliases.map((alias) => `${hostLine(alias)}\n`).join("")}`;
}

function hostLine({ ip, hostnames = [] }: HostAlias): string {
  return [ip, ...hostnames].join("\t");
}
