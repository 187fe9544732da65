// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_service.go.
import { defineGroup } from "../../command.ts";

export default defineGroup(
  {
    use: "service",
    aliases: ["svc"],
    summary: "Create a service using a specified subcommand",
  },
  [
    { name: "clusterip", summary: "Create a ClusterIP service", load: () => import("./service/clusterip.ts") },
    { name: "externalname", summary: "Create an ExternalName service", load: () => import("./service/externalname.ts") },
    { name: "loadbalancer", summary: "Create a LoadBalancer service", load: () => import("./service/loadbalancer.ts") },
    { name: "nodeport", summary: "Create a NodePort service", load: () => import("./service/nodeport.ts") },
  ],
);
