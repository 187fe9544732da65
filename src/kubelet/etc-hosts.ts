// Behaviour: pkg/kubelet/kubelet_pods.go managedHostsFileContent.
import type { HostAlias } from "../api/generated/types/core/v1.ts";

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

/** The /etc/hosts of a pod with an address of its own. */
export function hostsFile(podIP: string, hostname: string, domain: string, aliases: readonly HostAlias[]): string {
  const names = domain === "" || hostname.includes(".") ? hostname : `${hostname}.${domain}\t${hostname}`;
  return `${HEADER}${[...LOCAL, `${podIP}\t${names}`].join("\n")}\n${aliasLines(aliases)}`;
}

/** The /etc/hosts of a pod on the host's network: the host's own, and the aliases. */
export function hostNetworkHostsFile(hostFile: string, aliases: readonly HostAlias[]): string {
  return `${HOST_NETWORK_HEADER}${hostFile}${aliasLines(aliases)}`;
}

function aliasLines(aliases: readonly HostAlias[]): string {
  if (aliases.length === 0) return "";
  return `\n# Entries added by HostAliases.\n${aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}\n`).join("")}`;
}
