// Behaviour: printService in k8s.io/kubernetes/pkg/printers/internalversion.
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { ageColumn, type Columns, formatLabels, nameColumn, textColumn, wideColumn } from "../../shared/columns.ts";

/** The columns of services. */
export const serviceColumns: Columns<Service> = [
  nameColumn,
  textColumn("Type", "Determines how the Service is exposed.", (service) => service.spec.type ?? ""),
  textColumn("Cluster-IP", "The IP address of the service within the cluster.", (service) => service.spec.clusterIPs?.[0] ?? "<none>"),
  textColumn("External-IP", "The addresses at which the service accepts traffic from outside.", externalIP),
  textColumn("Port(s)", "The list of ports that are exposed by this service.", ports),
  ageColumn,
  wideColumn("Selector", "The labels of the pods that traffic goes to.", (service) => formatLabels(service.spec.selector)),
];

function externalIP({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  switch (spec.type) {
    case "ClusterIP":
    case "NodePort":
      return external.join(",") || "<none>";
    case "LoadBalancer": {
      const ingress = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "").filter((address) => address !== "");
      return [...[...new Set(ingress)].sort(), ...external].join(",") || "<pending>";
    }
    case "ExternalName":
      return spec.externalName ?? "";
    default:
      return "<unknown>";
  }
}

function ports({ spec }: Service): string {
  return (spec.ports ?? []).map(({ port, nodePort, protocol }) => `${port}${(nodePort ?? 0) > 0 ? `:${nodePort}` : ""}/${protocol}`).join(",") || "<none>";
}
