// skiff daemon: the daemon in the foreground, for supervisors and containers.
import { chosenCluster } from "../cluster/cluster-choice.ts";
import { checkDaemonFlags, daemonArguments, daemonFlags } from "../cluster/daemon-flags.ts";
import { daemonCommand } from "../cluster/daemon-process.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";

export default defineCommand({
  use: "daemon",
  summary: "Run the local cluster's daemon in the foreground",
  description: "Runs the daemon of a local cluster as this process, logging to standard error, until it is told to stop (SIGTERM, SIGINT).",
  flags: daemonFlags,
  toOptions(factory, args, { values }) {
    if (args.length > 0) throw new UsageError(`daemon takes no arguments, and was given ${JSON.stringify(args[0])}`);
    checkDaemonFlags(values);
    const { name } = chosenCluster(factory.io.env, factory.globals.name);
    return { args: daemonArguments(name, values) };
  },
  async run({ args }) {
    const [program, ...words] = daemonCommand(args);
    if (process.execve === undefined) throw new CommandError("this platform cannot replace a process: run it in the background with `skiff up`");
    process.execve(program, [program, ...words], process.env);
  },
});
