// Behaviour: k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo.go.
import type { Service } from "../../api/generated/types/core/v1.ts";
import { services } from "../../api/resource-refs.ts";
import { type Command, defineCommand } from "../command.ts";

const inner = defineCommand({
  use: "cluster-info",
  summary: "Display cluster information",
  description: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true.\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
  examples: `
    # The addresses of the control plane and the cluster's services
    kubectl cluster-info`,
  flags: {},
  toOptions: (factory) => ({ factory, namespace: factory.globals.namespace || "kube-system" }),
  async run({ factory, namespace }, io) {
    const server = await factory.serverAddress();
    const client = await factory.client();
    const { items } = await client.resource(services, namespace).list({ labelSelector: "kubernetes.io/cluster-service=true" });
    const lines = items.map((service) => `${service.metadata.labels?.["kubernetes.io/name"] || service.metadata.name} is running at ${linkOf(service, server)}\n`);
    io.out(`Kubernetes control plane is running at ${server}\n${lines.join("")}\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`);
  },
});

function linkOf({ metadata, spec, status }: Service, server: string): string {
  const [ingress] = status.loadBalancer?.ingress ?? [];
  if (ingress !== undefined) return (spec.ports ?? []).map(({ port }) => `http://${ingress.ip || ingress.hostname}:${port} `).join("");
  const [port] = spec.ports ?? [];
  const scheme = port !== undefined && (port.name === "https" || port.port === 443) ? "https" : "";
  const named = port === undefined || (scheme === "" && !port.name) ? metadata.name : `${scheme === "" ? "" : `${scheme}:`}${metadata.name}:${port.name ?? ""}`;
  return `${server}/api/v1/namespaces/${metadata.namespace}/services/${scheme !== "" && !port?.name ? `${scheme}:${metadata.name}:` : named}/proxy`;
}

/** The command with its subcommand. */
const clusterInfo: Command = {
  ...inner,
  commands: [{ name: "dump", summary: "Dump relevant information for debugging and diagnosis", load: () => import("./cluster-info-dump.ts") }],
};

export default clusterInfo;
