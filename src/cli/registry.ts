// Every command by name, each loaded when it is asked for. A new command is a file in commands/ and a line here.
import type { CommandGroup } from "./command.ts";

/** What kubectl does not have. */
export const localClusterCommands: CommandGroup = {
  title: "Local Cluster Commands",
  commands: [
    { name: "up", summary: "Start the local cluster", load: () => import("./commands/up.ts") },
    { name: "down", summary: "Stop the local cluster", load: () => import("./commands/down.ts") },
    { name: "status", summary: "Show the local cluster's state", load: () => import("./commands/status.ts") },
    { name: "kubeconfig", summary: "Print the local cluster's kubeconfig", load: () => import("./commands/kubeconfig.ts") },
    { name: "daemon", summary: "Run the local cluster's daemon in the foreground", load: () => import("./commands/daemon.ts") },
  ],
};

/** The commands, in the order of help. */
export const commandGroups: readonly CommandGroup[] = [
  localClusterCommands,
  {
    title: "Basic Commands (Beginner)",
    commands: [
      { name: "create", summary: "Create a resource from a file or from stdin", load: () => import("./commands/create.ts") },
      { name: "set", summary: "Set specific features on objects", load: () => import("./commands/set.ts") },
      { name: "expose", summary: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service", load: () => import("./commands/expose.ts") },
      { name: "run", summary: "Run a particular image on the cluster", load: () => import("./commands/run.ts") },
    ],
  },
  {
    title: "Basic Commands (Intermediate)",
    commands: [
      { name: "explain", summary: "Get documentation for a resource", load: () => import("./commands/explain.ts") },
      { name: "get", summary: "Display one or many resources", load: () => import("./commands/get.ts") },
      { name: "delete", summary: "Delete resources by file names, stdin, resources and names, or by resources and label selector", load: () => import("./commands/delete.ts") },
      { name: "edit", summary: "Edit a resource on the server", load: () => import("./commands/edit.ts") },
    ],
  },
  {
    title: "Deploy Commands",
    commands: [
      { name: "rollout", summary: "Manage the rollout of a resource", load: () => import("./commands/rollout.ts") },
      { name: "scale", summary: "Set a new size for a deployment, replica set, or replication controller", load: () => import("./commands/scale.ts") },
      { name: "autoscale", summary: "Auto-scale a deployment, replica set, stateful set, or replication controller", load: () => import("./commands/autoscale.ts") },
    ],
  },
  {
    title: "Cluster Management Commands",
    commands: [
      { name: "cluster-info", summary: "Display cluster information", load: () => import("./commands/cluster-info.ts") },
      { name: "top", summary: "Display resource (CPU/memory) usage", load: () => import("./commands/top.ts") },
      { name: "cordon", summary: "Mark node as unschedulable", load: () => import("./commands/cordon.ts") },
      { name: "uncordon", summary: "Mark node as schedulable", load: () => import("./commands/uncordon.ts") },
      { name: "drain", summary: "Drain node in preparation for maintenance", load: () => import("./commands/drain.ts") },
      { name: "taint", summary: "Update the taints on one or more nodes", load: () => import("./commands/taint.ts") },
      { name: "certificate", summary: "Modify certificate resources", load: () => import("./commands/certificate.ts") },
    ],
  },
  {
    title: "Troubleshooting and Debugging Commands",
    commands: [
      { name: "describe", summary: "Show details of a specific resource or group of resources", load: () => import("./commands/describe.ts") },
      { name: "auth", summary: "Inspect authorization", load: () => import("./commands/auth.ts") },
      { name: "events", summary: "List events", load: () => import("./commands/events.ts") },
      { name: "logs", summary: "Print the logs for a container in a pod", load: () => import("./commands/logs.ts") },
      { name: "exec", summary: "Execute a command in a container", load: () => import("./commands/exec.ts") },
      { name: "attach", summary: "Attach to a running container", load: () => import("./commands/attach.ts") },
      { name: "port-forward", summary: "Forward one or more local ports to a pod", load: () => import("./commands/port-forward.ts") },
      { name: "cp", summary: "Copy files and directories to and from containers", load: () => import("./commands/cp.ts") },
    ],
  },
  {
    title: "Advanced Commands",
    commands: [
      { name: "wait", summary: "Wait for a specific condition on one or many resources", load: () => import("./commands/wait.ts") },
      { name: "apply", summary: "Apply a configuration to a resource by file name or stdin", load: () => import("./commands/apply.ts") },
      { name: "patch", summary: "Update fields of a resource", load: () => import("./commands/patch.ts") },
      { name: "replace", summary: "Replace a resource by file name or stdin", load: () => import("./commands/replace.ts") },
      { name: "diff", summary: "Diff the live version against a would-be applied version", load: () => import("./commands/diff.ts") },
    ],
  },
  {
    title: "Settings Commands",
    commands: [
      { name: "completion", summary: "Output shell completion code for the specified shell (bash, zsh or fish)", load: () => import("./commands/completion.ts") },
      { name: "label", summary: "Update the labels on a resource", load: () => import("./commands/label.ts") },
      { name: "annotate", summary: "Update the annotations on a resource", load: () => import("./commands/annotate.ts") },
    ],
  },
  {
    title: "Other Commands",
    commands: [
      { name: "api-resources", summary: "Print the supported API resources on the server", load: () => import("./commands/api-resources.ts") },
      { name: "config", summary: "Modify kubeconfig files", load: () => import("./commands/config.ts") },
      {
        name: "api-versions",
        summary: 'Print the supported API versions on the server, in the form of "group/version"',
        load: () => import("./commands/api-versions.ts"),
      },
      { name: "version", summary: "Print the client and server version information", load: () => import("./commands/version.ts") },
      { name: "options", summary: "Print the list of flags inherited by all commands", hidden: true, load: () => import("./commands/options.ts") },
    ],
  },
];
