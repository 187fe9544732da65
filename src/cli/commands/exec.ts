// Behaviour: k8s.io/kubectl/pkg/cmd/exec/exec.go.
import type { UnstructuredObject } from "../../api/object.ts";
import { pods } from "../../api/resource-refs.ts";
import { resourcePath } from "../../client/resource-path.ts";
import { type CommandArguments, defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { attachablePod, repeatedQuery } from "../exec/pod-choice.ts";
import type { Factory } from "../factory.ts";
import { type Flags, boolFlag, durationFlag, stringFlag, stringSliceFlag } from "../flags.ts";
import { chooseContainer } from "../pod-containers.ts";
import { findResources, isList } from "../resource-query.ts";

const flags = {
  container: stringFlag("Container name. The default container, or the first, if omitted.", { shorthand: "c" }),
  filename: stringSliceFlag("File that names the object to exec into.", { shorthand: "f" }),
  "pod-running-timeout": durationFlag("How long (like 5s, 2m, or 3h, higher than zero) to wait until a pod is running.", { default: 60_000, defaultText: "1m0s" }),
  quiet: boolFlag("Print nothing but what the command prints.", { shorthand: "q" }),
  stdin: boolFlag("Pass standard input to the container.", { shorthand: "i" }),
  tty: boolFlag("Standard input is a terminal.", { shorthand: "t" }),
};

interface ExecOptions {
  readonly factory: Factory;
  readonly resource: string;
  readonly filenames: readonly string[];
  readonly command: readonly string[];
  readonly container: string;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
  readonly podTimeoutMs: number;
}

export default defineCommand({
  use: "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
  summary: "Execute a command in a container",
  examples: `
    # A command
    kubectl exec web-0 -- date

    # A shell, with the terminal
    kubectl exec -it web-0 -c proxy -- sh

    # In the first pod of a deployment
    kubectl exec deployment/web -- env`,
  flags,
  toOptions,
  validate({ resource, filenames, command }) {
    if (resource === "" && filenames.length === 0) throw new CommandError("pod, type/name or --filename must be specified");
    if (command.length === 0) throw new CommandError("you must specify at least one command for the container");
  },
  run: exec,
});

function toOptions(factory: Factory, args: CommandArguments, { values }: Flags<typeof flags>): ExecOptions {
  const { dashAt } = args;
  if (dashAt !== 0 && dashAt !== 1 && (args.length > 1 || (args.length > 0 && values.filename.length > 0))) {
    throw new UsageError("exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead");
  }
  if (values["pod-running-timeout"] <= 0) throw new UsageError("--pod-running-timeout must be higher than zero");
  return {
    factory,
    resource: dashAt === 0 ? "" : (args[0] ?? ""),
    filenames: values.filename,
    command: dashAt === undefined ? [] : args.slice(dashAt),
    container: values.container,
    stdin: values.stdin,
    tty: values.tty,
    quiet: values.quiet,
    podTimeoutMs: values["pod-running-timeout"],
  };
}

async function exec({ factory, resource, filenames, command, container, stdin, tty, quiet, podTimeoutMs }: ExecOptions): Promise<void> {
  const { io } = factory;
  const object = await findOne(factory, resource, filenames);
  const pod = await attachablePod(factory, object, podTimeoutMs);
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed") throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const name = container === "" ? chooseContainer(pod, "", io, quiet) : container;
  const { processStreams, runStreams, usesTerminal } = await import("../exec/streams.ts");
  const terminal = usesTerminal({ stdin, tty, quiet }, io);
  const query = repeatedQuery([
    ...command.map((word) => ["command", word] as const),
    ["container", name],
    ["stdin", stdin],
    ["stdout", true],
    ["stderr", !terminal],
    ["tty", terminal],
  ]);
  const { metadata } = pod;
  const { streams, restore } = processStreams(stdin, terminal, io);
  try {
    await runStreams(await factory.transport(), `${resourcePath(pods, metadata.namespace ?? "", metadata.name, "exec")}?${query}`, streams, io);
  } finally {
    restore();
  }
}

async function findOne(factory: Factory, resource: string, filenames: readonly string[]): Promise<UnstructuredObject> {
  const result = await findResources(factory, {
    ...(resource === "" ? {} : { type: "pods", args: [resource] }),
    files: { filenames, kustomize: "", recursive: false },
    namespace: await factory.namespace(),
  });
  const infos = await result.infos();
  const [info] = infos;
  if (info?.object === undefined || infos.length > 1 || isList(info.object)) throw new CommandError("cannot exec into multiple objects at a time");
  return info.object;
}
