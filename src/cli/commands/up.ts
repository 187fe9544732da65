// skiff up: a cluster that answers, and a kubeconfig that leads to it.
import { contextName, type ClusterPaths } from "../../client/cluster-paths.ts";
import { nodes } from "../../api/resource-refs.ts";
import { chosenCluster, skiffCommand } from "../cluster/cluster-choice.ts";
import { checkDaemonFlags, daemonArguments, daemonFlags } from "../cluster/daemon-flags.ts";
import { ensureDaemon } from "../cluster/daemon-process.ts";
import { localClient } from "../cluster/local-client.ts";
import { mergeKubeconfig } from "../cluster/user-kubeconfig.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { boolFlag } from "../flags.ts";
import type { IO } from "../io.ts";

interface UpOptions {
  readonly paths: ClusterPaths;
  /** How many nodes were asked for; 0: none in particular. */
  readonly nodes: number;
  readonly daemonArgs: readonly string[];
  readonly wait: boolean;
}

export default defineCommand({
  use: "up",
  summary: "Start the local cluster",
  description:
    "Starts the daemon of a local cluster, or makes sure that it runs, and adds the cluster's context to your kubeconfig.\n\nThe state of the last run comes back: what was deployed is deployed again.",
  examples: `# Start the cluster named skiff
kubectl up

# A second cluster beside it, with three nodes
kubectl up --name ci --nodes 3`,
  flags: {
    ...daemonFlags,
    wait: boolFlag("Wait until every node is Ready.", { default: true }),
  },
  toOptions(factory, args, { values, changed }): UpOptions {
    if (args.length > 0) throw new UsageError(`up takes no arguments, and was given ${JSON.stringify(args[0])}`);
    checkDaemonFlags(values);
    if (changed("nodes") && values.nodes === 0) throw new UsageError("--nodes must be between 1 and 100, and is 0");
    const paths = chosenCluster(factory.io.env, factory.globals.name);
    return { paths, nodes: values.nodes, daemonArgs: daemonArguments(paths.name, values), wait: values.wait };
  },
  async run(options, io) {
    const { paths } = options;
    const before = io.clock.monotonic();
    const onProgress = (message: string) => {
      if (io.terminals.stderr) io.err(`${message}\n`);
    };
    const started = await ensureDaemon(paths, options.daemonArgs, onProgress, io.clock, io.signal);
    if (!started) await checkNodes(options);
    if (options.wait) await nodesReady(paths, io);
    const { file, isCurrent } = mergeKubeconfig(paths, io.env);
    const seconds = ((io.clock.monotonic() - before) / 1000).toFixed(1);
    io.out(started ? `Cluster ${paths.name} is up (${seconds} s).\n` : `Cluster ${paths.name} is up already.\n`);
    const context = contextName(paths.name);
    io.out(isCurrent ? `kubectl uses it: context ${context} is the current one in ${file}.\n` : `Other tools reach it by the context ${context} in ${file} (kubectl --context ${context}).\n`);
  },
});

/** A running cluster keeps the nodes that it has; asking for others is said to need a restart. */
async function checkNodes({ paths, nodes: wanted }: UpOptions): Promise<void> {
  if (wanted === 0) return;
  const present = (await localClient(paths).resource(nodes).list()).items.length;
  if (present !== wanted) throw new CommandError(`cluster ${paths.name} runs with ${present} ${present === 1 ? "node" : "nodes"}; run \`${skiffCommand("down", paths.name)}\` first, then \`${skiffCommand("up", paths.name)} --nodes ${wanted}\``);
}

/** Waits until every node's condition Ready is True. */
async function nodesReady(paths: ClusterPaths, io: IO): Promise<void> {
  const waiting = new Set<string>();
  for await (const { type, object } of localClient(paths).resource(nodes).watch({ sendInitialEvents: true, allowWatchBookmarks: true, resourceVersionMatch: "NotOlderThan" }, io.signal)) {
    if (type === "ADDED" || type === "MODIFIED") {
      const ready = object.status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
      if (ready) waiting.delete(object.metadata.name ?? "");
      else waiting.add(object.metadata.name ?? "");
    }
    const initial = type !== "BOOKMARK";
    if (waiting.size === 0 && !(initial && type === "ADDED")) return;
  }
}
