// Behaviour: k8s.io/kubectl/pkg/cmd/attach/attach.go: the command line of attach.
import { type AttachOptions, attachTo } from "../attach/run.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { attachablePod } from "../exec/pod-choice.ts";
import type { Factory } from "../factory.ts";
import { boolFlag, durationFlag, stringFlag } from "../flags.ts";
import { findResources, isList } from "../resource-query.ts";

interface AttachCommandOptions extends Omit<AttachOptions, "pod"> {
  readonly args: readonly string[];
  readonly podTimeoutMs: number;
}

export default defineCommand({
  use: "attach (POD | TYPE/NAME) -c CONTAINER",
  summary: "Attach to a running container",
  description: "What the container's process writes is printed here; with -i its input comes from here.",
  examples: `
    # The output of a pod
    kubectl attach web-0

    # With the terminal
    kubectl attach -it shell -c main`,
  flags: {
    container: stringFlag("Container name. The default container, or the first, if omitted.", { shorthand: "c" }),
    "detach-keys": stringFlag("Keys that end the session and leave the process running.", { default: "ctrl-p,ctrl-q" }),
    "pod-running-timeout": durationFlag("How long (like 5s, 2m, or 3h, higher than zero) to wait until a pod is running.", { default: 60_000, defaultText: "1m0s" }),
    quiet: boolFlag("Print nothing but what the process prints.", { shorthand: "q" }),
    stdin: boolFlag("Pass standard input to the container.", { shorthand: "i" }),
    tty: boolFlag("Standard input is a terminal.", { shorthand: "t" }),
  },
  toOptions(factory, args, { values }): AttachCommandOptions {
    if (values["pod-running-timeout"] <= 0) throw new UsageError("--pod-running-timeout must be higher than zero");
    return {
      factory,
      args,
      container: values.container,
      stdin: values.stdin,
      tty: values.tty,
      quiet: values.quiet,
      detachKeys: values["detach-keys"],
      podTimeoutMs: values["pod-running-timeout"],
    };
  },
  validate({ args }) {
    if (args.length === 0) throw new CommandError("at least 1 argument is required for attach");
    if (args.length > 2) throw new CommandError(`expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(" ")}]`);
  },
  async run(options) {
    const pod = await findPod(options.factory, options.args, options.podTimeoutMs);
    const phase = pod.status?.phase;
    if (phase === "Succeeded" || phase === "Failed") throw new CommandError(`cannot attach a container in a completed pod; current phase is ${phase}`);
    await attachTo({ ...options, pod });
  },
});

async function findPod(factory: Factory, args: readonly string[], timeoutMs: number) {
  const [first = "", second] = args;
  const query = second === undefined ? { type: "pods", args: [first] } : { type: first, args: [second] };
  const infos = await (await findResources(factory, { ...query, namespace: await factory.namespace() })).infos();
  const object = infos[0]?.object;
  if (infos.length !== 1 || object === undefined || isList(object)) throw new CommandError("cannot attach to multiple objects at a time");
  return attachablePod(factory, object, timeoutMs);
}
