// skiff daemon: the daemon in the foreground, for supervisors and containers.
import { chosenCluster } from "../cluster/cluster-choice.ts";
import { daemonCommand } from "../cluster/daemon-process.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { intFlag } from "../flags.ts";

export default defineCommand({
  use: "daemon",
  summary: "Run the local cluster's daemon in the foreground",
  description: "Runs the daemon of a local cluster as this process, logging to standard error, until it is told to stop (SIGTERM, SIGINT).",
  flags: {
    nodes: intFlag("How many nodes the cluster has; 0 leaves an existing cluster's as they are, and gives a new one 1."),
    port: intFlag("HTTPS port of the API server on loopback; 0 takes the last one, or a free one from 6443 on."),
  },
  toOptions(factory, args, { values }) {
    if (args.length > 0) throw new UsageError(`daemon takes no arguments, and was given ${JSON.stringify(args[0])}`);
    return { paths: chosenCluster(factory.io.env, factory.globals.name), nodes: values.nodes, port: values.port };
  },
  async run({ paths, nodes, port }) {
    const args = ["--name", paths.name, ...(nodes > 0 ? ["--nodes", String(nodes)] : []), ...(port > 0 ? ["--port", String(port)] : [])];
    const [program, ...words] = daemonCommand(args);
    if (process.execve === undefined) throw new CommandError("this platform cannot replace a process: run it in the background with `skiff up`");
    process.execve(program, [program, ...words], process.env);
  },
});
