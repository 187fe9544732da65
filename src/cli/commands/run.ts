// Behaviour: k8s.io/kubectl/pkg/cmd/run/run.go: the command line of run.
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { pods, services } from "../../api/resource-refs.ts";
import { type CommandArguments, defineCommand } from "../command.ts";
import { createTyped, requireFlags } from "../create/create-command.ts";
import { deletionFlags, readCascade } from "../delete/delete-flags.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { type DryRun, dryRunFlag, fieldManagerFlag, readDryRun, saveConfigFlag } from "../flag-groups.ts";
import { type FlagValues, type Flags, boolFlag, durationFlag, stringArrayFlag, stringFlag } from "../flags.ts";
import { applyOverrides, overrideFlags } from "../overrides.ts";
import { readPairs } from "../pairs.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { typedPrinter } from "../printers/typed.ts";
import { type PodInput, podOf, readEnv, readLabels, serviceOf } from "../run/pod-object.ts";

const IMAGE = /^(?:[a-zA-Z0-9.-]+(?::[0-9]+)?\/|\[[0-9a-fA-F:]+\](?::[0-9]+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/;

const flags = {
  ...printFlags,
  ...deletionFlags,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-run"),
  ...overrideFlags,
  ...saveConfigFlag,
  annotations: stringArrayFlag("Annotation of the pod: key=value."),
  attach: boolFlag("Attach to the pod when it runs; what -i does too."),
  command: boolFlag("The words are the container's command, not its arguments."),
  "detach-keys": stringFlag("Keys that end the session and leave the process running.", { default: "ctrl-p,ctrl-q" }),
  env: stringArrayFlag("Environment variable of the container: key=value."),
  expose: boolFlag("Create a ClusterIP service for the pod too. Together with --port."),
  image: stringFlag("Image to run."),
  "image-pull-policy": stringFlag("When the image is pulled; the server decides if omitted."),
  labels: stringFlag("Labels of the pod: key=value, separated by commas.", { shorthand: "l" }),
  "leave-stdin-open": boolFlag("Leave the container's input open after the first session."),
  "pod-running-timeout": durationFlag("How long (like 5s, 2m, or 3h, higher than zero) to wait until the pod runs.", { default: 60_000, defaultText: "1m0s" }),
  port: stringFlag("Port that the container listens on."),
  privileged: boolFlag("Run the container in privileged mode."),
  quiet: boolFlag("Leave prompts out.", { shorthand: "q" }),
  restart: stringFlag("The pod's restart policy: Always, OnFailure, Never.", { default: "Always" }),
  rm: boolFlag("Delete the pod after the session."),
  stdin: boolFlag("Keep the container's input open, and attach.", { shorthand: "i" }),
  tty: boolFlag("Give the container a terminal.", { shorthand: "t" }),
  wait: boolFlag("Wait until deleted objects are gone."),
};

type RunFlags = FlagValues<typeof flags>;

interface RunOptions {
  readonly factory: Factory;
  readonly args: CommandArguments;
  readonly values: RunFlags;
  readonly input: Omit<PodInput, "name" | "labels" | "words">;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly attach: boolean;
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
}

export default defineCommand({
  use: 'run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  summary: "Run a particular image on the cluster",
  description: "Creates a pod, and attaches to it when asked to.",
  examples: `
    # A pod
    kubectl run web --image=hello-kubernetes:1.0

    # A shell that goes when it ends
    kubectl run -it shell --image=busybox:1.36 --rm --restart=Never -- sh

    # What would be created
    kubectl run web --image=hello-kubernetes:1.0 --dry-run=client -o yaml`,
  flags,
  toOptions,
  validate,
  run,
});

async function toOptions(factory: Factory, args: CommandArguments, { values, changed }: Flags<typeof flags>): Promise<RunOptions> {
  requireFlags(changed("image") ? [] : ["image"]);
  const annotations = Object.fromEntries(readPairs(values.annotations, "annotations", false).added);
  const labels = readLabels(values.labels);
  const env = readEnv(values.env);
  const restartPolicy = readRestartPolicy(values);
  const imagePullPolicy = values["image-pull-policy"];
  if (!["", "Always", "IfNotPresent", "Never"].includes(imagePullPolicy)) {
    throw new UsageError(`invalid image pull policy: ${imagePullPolicy}`);
  }
  if (values["pod-running-timeout"] <= 0) throw new CommandError("--pod-running-timeout must be higher than zero");
  const dryRun = readDryRun(values["dry-run"], factory.io);
  const { image, command, port, stdin, tty, privileged } = values;
  return {
    factory,
    args,
    values,
    labels,
    dryRun,
    attach: changed("attach") ? values.attach : values.attach || stdin,
    printer: typedPrinter(await changePrinter(values, "created", dryRun), values),
    input: { image, annotations, env, command, port, stdin, stdinOnce: stdin && !values["leave-stdin-open"], tty, privileged, imagePullPolicy, restartPolicy },
  };
}

function readRestartPolicy({ restart, stdin }: RunFlags): string {
  if (restart === "") return stdin ? "OnFailure" : "Always";
  if (!["Always", "OnFailure", "Never"].includes(restart)) throw new UsageError(`invalid restart policy: ${restart}`);
  return restart;
}

function validate({ args, values, attach, dryRun }: RunOptions): void {
  if (args.length === 0 || args.dashAt === 0) throw new UsageError("NAME is required for run");
  if (values.image === "") throw new CommandError("--image is required");
  if (!IMAGE.test(values.image)) throw new CommandError(`Invalid image name ${JSON.stringify(values.image)}: invalid reference format`);
  if (values.tty && !values.stdin) throw new UsageError("-i/--stdin is required for containers with -t/--tty=true");
  if (values.expose && values.port === "") throw new UsageError("--port must be set when exposing a service");
  if (values.port !== "" && !/^[+-]?[0-9]+$/.test(values.port)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(values.port)}: invalid syntax`);
  if (!attach && values.rm) throw new UsageError("--rm should only be used for attached containers");
  if (attach && dryRun !== "none") throw new UsageError("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)");
}

async function run(options: RunOptions): Promise<void> {
  const { factory, args, values, input, attach, dryRun, printer } = options;
  const [name = "", ...words] = args;
  const labels = options.labels ?? { run: name };
  const namespace = await factory.namespace();
  const printed: UnstructuredObject[] = [];
  const collect: ObjectPrinter = { print: (object) => (printed.push(object as UnstructuredObject), "") };
  const writing = { factory, dryRun, printer: collect, fieldManager: values["field-manager"], saveConfig: values["save-config"] && dryRun !== "client", namespace: namespace.name };
  const place = (object: UnstructuredObject) => (dryRun === "client" && namespace.explicit ? { ...object, metadata: { ...object.metadata, namespace: namespace.name } } : object);
  if (values.expose) {
    const service = { kind: "Service", apiVersion: "v1", ...serviceOf(name, options.labels, labels, Number(values.port)) } as unknown as UnstructuredObject;
    await createTyped(place(service), services, writing, "");
  }
  const pod = { kind: "Pod", apiVersion: "v1", ...podOf({ ...input, name, labels, words }) } as unknown as UnstructuredObject;
  const created = await createTyped(place(await applyOverrides(pod, values, pods)), pods, writing, "");
  if (!attach) {
    for (const object of printed) factory.io.out(printer.print(object));
    return;
  }
  const { attachCreated } = await import("../run/attach-created.ts");
  const { stdin, tty, quiet } = values;
  try {
    await attachCreated({
      factory,
      pod: created as Pod,
      stdin,
      tty,
      quiet,
      detachKeys: values["detach-keys"],
      timeoutMs: values["pod-running-timeout"],
      restartPolicy: input.restartPolicy,
      leaveStdinOpen: values["leave-stdin-open"],
    });
  } finally {
    if (values.rm) await removeAll(options, printed);
  }
}

/** --rm. */
async function removeAll({ factory, values }: RunOptions, objects: readonly UnstructuredObject[]): Promise<void> {
  const [{ deleteResult }, { findResources }] = await Promise.all([import("../delete/run.ts"), import("../resource-query.ts")]);
  const propagationPolicy = readCascade(values.cascade, factory.io);
  for (const { kind, metadata } of objects) {
    const namespace = { name: metadata.namespace ?? "", explicit: false };
    const result = await findResources(factory, { args: [kind.toLowerCase(), metadata.name ?? ""], namespace, flatten: true, continueOnError: true });
    const quiet = { quiet: values.quiet };
    await deleteResult({ factory, propagationPolicy, gracePeriod: -1, dryRun: "none", ignoreNotFound: true, wait: false, timeoutMs: 0, output: values.output, warnClusterScope: false, ...quiet }, result);
  }
}
