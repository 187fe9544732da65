// Behaviour: k8s.io/kubectl/pkg/cmd/rollout/rollout.go.
import { defineGroup } from "../command.ts";

export default defineGroup(
  {
    use: "rollout SUBCOMMAND",
    summary: "Manage the rollout of a resource",
    description: "Deployments, daemon sets and stateful sets have rollouts.",
    examples: `
      # Back to the revision before
      kubectl rollout undo deployment/web

      # How far it is
      kubectl rollout status daemonset/agent

      # New pods for all
      kubectl rollout restart deployment/web`,
  },
  [
    { name: "history", summary: "View rollout history", load: () => import("./rollout/history.ts") },
    { name: "pause", summary: "Mark the provided resource as paused", load: () => import("./rollout/pause.ts") },
    { name: "restart", summary: "Restart a resource", load: () => import("./rollout/restart.ts") },
    { name: "resume", summary: "Resume a paused resource", load: () => import("./rollout/resume.ts") },
    { name: "status", summary: "Show the status of the rollout", load: () => import("./rollout/status.ts") },
    { name: "undo", summary: "Undo a previous rollout", load: () => import("./rollout/undo.ts") },
  ],
);
