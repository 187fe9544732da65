// skiff down: stops a cluster, and with --delete leaves nothing of it behind.
import { existsSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import type { ClusterPaths } from "../../client/cluster-paths.ts";
import { chosenCluster } from "../cluster/cluster-choice.ts";
import { daemonCommand, stopDaemon } from "../cluster/daemon-process.ts";
import { removeFromKubeconfig } from "../cluster/user-kubeconfig.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { boolFlag } from "../flags.ts";

interface DownOptions {
  readonly paths: ClusterPaths;
  readonly delete: boolean;
}

export default defineCommand({
  use: "down",
  summary: "Stop the local cluster",
  description: "Stops the cluster's pods and its daemon. The state stays: `skiff up` brings everything back.\n\nWith --delete every container, network, image and file of the cluster goes, and its context leaves your kubeconfig.",
  examples: `# Stop the cluster, keep its state
kubectl down

# Remove every trace of it
kubectl down --delete`,
  flags: { delete: boolFlag("Remove the cluster's containers, network, images, files and kubeconfig entries.") },
  toOptions(factory, args, { values }): DownOptions {
    if (args.length > 0) throw new UsageError(`down takes no arguments, and was given ${JSON.stringify(args[0])}`);
    return { paths: chosenCluster(factory.io.env, factory.globals.name), delete: values.delete };
  },
  async run({ paths, delete: removal }, io) {
    // What is about to be removed needs no grace.
    const stopped = await stopDaemon(paths, removal ? "SIGKILL" : "SIGTERM", io.clock, io.signal);
    if (!removal) {
      io.out(stopped ? `Cluster ${paths.name} is down; its state is kept.\n` : `Cluster ${paths.name} is not running.\n`);
      return;
    }
    if (!existsSync(paths.folder)) {
      io.out(`There is no cluster ${paths.name}.\n`);
      return;
    }
    purgeDocker(paths);
    removeFromKubeconfig(paths, io.env);
    rmSync(paths.folder, { recursive: true, force: true });
    io.out(`Cluster ${paths.name} is deleted.\n`);
  },
});

/** Runs the daemon's program once more, to remove what the cluster owns in Docker. */
function purgeDocker(paths: ClusterPaths): void {
  const [program, ...args] = daemonCommand(["--name", paths.name, "--purge"]);
  const result = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (result.status !== 0) throw new CommandError(`what cluster ${paths.name} owns in Docker could not be removed: ${result.stderr.trim()}`);
}
