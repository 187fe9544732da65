// Behaviour: k8s.io/kubectl/pkg/cmd/set/set.go.
import { defineGroup } from "../command.ts";

export default defineGroup(
  {
    use: "set SUBCOMMAND",
    summary: "Set specific features on objects",
    description: "These commands change what runs: images, environment, resources and the like.",
  },
  [
    { name: "env", summary: "Update environment variables on a pod template", load: () => import("./set/env.ts") },
    { name: "image", summary: "Update the image of a pod template", load: () => import("./set/image.ts") },
    { name: "resources", summary: "Update resource requests/limits on objects with pod templates", load: () => import("./set/resources.ts") },
    { name: "selector", summary: "Set the selector on a resource", load: () => import("./set/selector.ts") },
    { name: "serviceaccount", aliases: ["sa"], summary: "Update the service account of a resource", load: () => import("./set/serviceaccount.ts") },
    { name: "subject", summary: "Update the user, group, or service account in a role binding or cluster role binding", load: () => import("./set/subject.ts") },
  ],
);
