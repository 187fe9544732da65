// Behaviour: k8s.io/kubectl/pkg/cmd/top/top.go.
import { defineGroup } from "../command.ts";

export default defineGroup(
  { use: "top", summary: "Display resource (CPU/memory) usage", description: "Shows what nodes and pods use, as the Metrics API knows it. A metrics server must run in the cluster." },
  [
    { name: "node", aliases: ["nodes", "no"], summary: "Display resource (CPU/memory) usage of nodes", load: () => import("./top/node.ts") },
    { name: "pod", aliases: ["pods", "po"], summary: "Display resource (CPU/memory) usage of pods", load: () => import("./top/pod.ts") },
  ],
);
