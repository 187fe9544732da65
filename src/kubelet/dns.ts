// Behaviour: pkg/kubelet/network/dns/dns.go.
import type { Pod } from "../api/generated/types/core/v1.ts";
import type { DnsOptions } from "./container-options.ts";

/** The cluster's own name server, where there is one. */
export interface ClusterDns {
  readonly address: string;
  readonly domain: string;
}

/** Where a pod's names are looked up: the cluster's server, or what Docker gives, and what the pod adds to it. */
export function podDns(pod: Pod, cluster: ClusterDns | undefined): DnsOptions {
  const { dnsPolicy = "ClusterFirst", dnsConfig, hostNetwork } = pod.spec;
  const first = cluster !== undefined && (dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && hostNetwork !== true));
  const base: DnsOptions = first
    ? {
        servers: [cluster.address],
        searches: [`${pod.metadata.namespace ?? ""}.svc.${cluster.domain}`, `svc.${cluster.domain}`, cluster.domain],
        options: ["ndots:5"],
      }
    : { servers: [], searches: [], options: [] };
  const added = (dnsConfig?.options ?? []).map(({ name = "", value }) => (value === undefined || value === "" ? name : `${name}:${value}`));
  const replaced = new Set(added.map((option) => option.split(":")[0]));
  return {
    servers: [...new Set([...base.servers, ...(dnsConfig?.nameservers ?? [])])],
    searches: [...new Set([...base.searches, ...(dnsConfig?.searches ?? [])])],
    options: [...base.options.filter((option) => !replaced.has(option.split(":")[0])), ...added],
  };
}
