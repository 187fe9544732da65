import { expect, it } from "vitest";
import { hostNetworkHostsFile, podHostsFile } from "./etc-hosts.ts";
import { pod } from "./pod-fixture.ts";

it("names the pod, its domain and its aliases", async () => {
  const named = pod({ hostname: "h", subdomain: "s", hostAliases: [{ ip: "1.2.3.4", hostnames: ["a", "b"] }] });
  expect(await podHostsFile(named, "10.244.0.2", { apiServer: { host: "10.244.0.1" }, clusterDns: undefined, clusterDomain: "cluster.local" })).toBe(`# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
10.244.0.2\th.s.default.svc.cluster.local\th
10.244.0.1\tkubernetes.default\tkubernetes.default.svc\tkubernetes.default.svc.cluster.local

# Entries added by HostAliases.
1.2.3.4\ta\tb
`);
});

it("keeps the host's own names on the host's network", () => {
  expect(hostNetworkHostsFile("127.0.0.1 localhost\n", [])).toBe("# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n");
});
