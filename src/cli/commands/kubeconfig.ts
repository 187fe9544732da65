// skiff kubeconfig: the cluster's own kubeconfig, or where it is.
import { existsSync, readFileSync } from "node:fs";
import { chosenCluster, skiffCommand } from "../cluster/cluster-choice.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { boolFlag } from "../flags.ts";

export default defineCommand({
  use: "kubeconfig",
  summary: "Print the local cluster's kubeconfig",
  examples: `# Use the cluster with any other tool
export KUBECONFIG=$(kubectl kubeconfig --path)`,
  flags: { path: boolFlag("Print the file's path instead of its content.") },
  toOptions(factory, args, { values }) {
    if (args.length > 0) throw new UsageError(`kubeconfig takes no arguments, and was given ${JSON.stringify(args[0])}`);
    return { paths: chosenCluster(factory.io.env, factory.globals.name), path: values.path };
  },
  async run({ paths, path }, io) {
    if (!existsSync(paths.kubeconfig)) throw new CommandError(`there is no cluster ${paths.name}: run \`${skiffCommand("up", paths.name)}\``);
    io.out(path ? `${paths.kubeconfig}\n` : readFileSync(paths.kubeconfig));
  },
});
