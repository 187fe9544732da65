// Behaviour: k8s.io/kubectl/pkg/cmd/options/options.go.
import { defineCommand } from "../command.ts";
import { globalFlags } from "../global-flags.ts";
import { globalHelp } from "../help.ts";

export default defineCommand({
  use: "options",
  summary: "Print the list of flags inherited by all commands",
  flags: {},
  toOptions: () => globalFlags,
  run(flags, io) {
    io.out(globalHelp(flags));
    return Promise.resolve();
  },
});
