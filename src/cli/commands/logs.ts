// Behaviour: k8s.io/kubectl/pkg/cmd/logs/logs.go: the command line of logs.
import { isNotFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { defineCommand } from "../command.ts";
import { CommandError, UsageError, standardMessage } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { selectorFlag } from "../flag-groups.ts";
import { type FlagValues, type Flags, boolFlag, durationFlag, intFlag, stringFlag } from "../flags.ts";
import { type LogSelection, logRequests } from "../logs/requests.ts";
import { type LogOutput, printLogs } from "../logs/run.ts";
import { findResources } from "../resource-query.ts";

const USAGE = "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]";
const SELECTOR_TAIL = 10;

const flags = {
  ...selectorFlag,
  "all-containers": boolFlag("Get the logs of all containers of the pods."),
  "all-pods": boolFlag("Get the logs of all pods of a workload, with a prefix each."),
  container: stringFlag("Print the logs of this container.", { shorthand: "c" }),
  follow: boolFlag("Go on printing as the log grows.", { shorthand: "f" }),
  "ignore-errors": boolFlag("Go on with the other logs when one cannot be read."),
  "insecure-skip-tls-verify-backend": boolFlag("Do not check the identity of the kubelet that the logs come from."),
  "limit-bytes": intFlag("Bytes of log at most; 0 means all."),
  "max-log-requests": intFlag("How many logs may be followed at once with a selector.", { default: 5 }),
  "pod-running-timeout": durationFlag("How long (like 5s, 2m, or 3h, higher than zero) to wait until a pod is running.", { default: 20_000, defaultText: "20s" }),
  prefix: boolFlag("Begin each line with the pod and container that it is from."),
  previous: boolFlag("Print the logs of the container's previous run.", { shorthand: "p" }),
  since: durationFlag("Only what is newer than this (5s, 2m, 3h). Not together with --since-time."),
  "since-time": stringFlag("Only what is newer than this time (RFC 3339). Not together with --since."),
  tail: intFlag("Lines from the end. -1 means all, with a selector 10.", { default: -1 }),
  timestamps: boolFlag("Begin each line with its time."),
};

interface LogsOptions {
  readonly object: UnstructuredObject;
  readonly selection: LogSelection;
  readonly output: LogOutput;
}

export default defineCommand({
  use: USAGE,
  summary: "Print the logs for a container in a pod",
  description: "For a pod with several containers the first one's log is printed unless -c names another.",
  examples: `
    # A pod
    kubectl logs web-0

    # One of its containers, as the log grows
    kubectl logs -f web-0 -c proxy

    # The run before the last restart
    kubectl logs -p web-0

    # The last lines of all pods with a label
    kubectl logs -l app=web --all-containers --prefix --tail=20

    # A deployment's pod
    kubectl logs deployment/web --since=1h`,
  flags,
  toOptions,
  async run({ object, selection, output }) {
    await printLogs(await logRequests(object, selection), output);
  },
});

async function toOptions(factory: Factory, args: readonly string[], flagged: Flags<typeof flags>): Promise<LogsOptions> {
  const { values } = flagged;
  const [resource = "", inline] = args;
  const usage = `expected '${USAGE}'.\nPOD or TYPE/NAME is a required argument for the logs command`;
  if (args.length > 2 || (args.length === 0 && values.selector === "")) throw new UsageError(usage);
  if (args.length === 1 && values.selector !== "") throw new UsageError("only a selector (-l) or a POD name is allowed");
  if (values["pod-running-timeout"] <= 0) throw new CommandError("--pod-running-timeout must be higher than zero");
  const container = inline ?? values.container;
  const parameters = logParameters(flagged);
  const object = await findObject(factory, resource, values.selector);
  check(values, container, flagged.changed("container"), args);
  const prefix = values.prefix || values["all-pods"];
  const podTimeoutMs = values["pod-running-timeout"];
  return {
    object,
    selection: { factory, container, allContainers: values["all-containers"], allPods: values["all-pods"], podTimeoutMs, parameters },
    output: { factory, follow: values.follow, ignoreErrors: values["ignore-errors"], prefix, maxRequests: values["max-log-requests"], podTimeoutMs },
  };
}

/** PodLogOptions as query parameters. */
function logParameters({ values, changed }: Flags<typeof flags>): LogSelection["parameters"] {
  const sinceSeconds = Math.round(values.since / 1000);
  const tail = values.selector !== "" && values.tail === -1 && !changed("tail") ? SELECTOR_TAIL : values.tail;
  return {
    follow: values.follow,
    previous: values.previous,
    timestamps: values.timestamps,
    insecureSkipTLSVerifyBackend: values["insecure-skip-tls-verify-backend"],
    sinceTime: values["since-time"] === "" ? undefined : sinceTime(values["since-time"]),
    sinceSeconds: values.since === 0 ? undefined : sinceSeconds,
    limitBytes: values["limit-bytes"] === 0 ? undefined : values["limit-bytes"],
    tailLines: tail === -1 ? undefined : tail,
  };
}

function sinceTime(text: string): string {
  const epochMs = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(epochMs)) throw new CommandError(timeProblem(text));
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** What is wrong with a time, in the words of Go's time.Parse. */
function timeProblem(text: string): string {
  const parts: readonly [RegExp, string][] = [[/^\d{4}/, "2006"], [/^-/, "-"], [/^\d\d/, "01"], [/^-/, "-"], [/^\d\d/, "02"], [/^T/, "T"], [/^\d\d/, "15"], [/^:/, ":"], [/^\d\d/, "04"], [/^:/, ":"], [/^\d\d/, "05"], [/^(?:Z|[+-]\d\d:\d\d)/, "Z07:00"]];
  let rest = text;
  for (const [pattern, layout] of parts) {
    const match = pattern.exec(rest);
    if (match === null) return `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(layout)}`;
    rest = rest.slice(match[0].length);
  }
  return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`;
}

async function findObject(factory: Factory, resource: string, selector: string): Promise<UnstructuredObject> {
  const namespace = await factory.namespace();
  const query = selector === "" ? { type: "pods", args: [resource] } : { args: ["pods"], labelSelector: selector };
  const result = await findResources(factory, { ...query, namespace, singleType: true });
  const [info] = await result.infos().catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    const message = standardMessage(error)?.replace(/^Error from server \(NotFound\): /, "");
    throw new CommandError(`error from server (NotFound): ${message} in namespace ${JSON.stringify(namespace.name)}`);
  });
  if (info?.object === undefined) throw new CommandError("expected a resource");
  if (selector !== "" && (info.object["items"] as unknown[]).length === 0) factory.io.err(`No resources found in ${namespace.name} namespace.\n`);
  return info.object;
}

function check(values: FlagValues<typeof flags>, container: string, named: boolean, args: readonly string[]): void {
  if (values["since-time"] !== "" && values.since !== 0) throw new CommandError("at most one of `sinceTime` or `sinceSeconds` may be specified");
  if (values["all-containers"] && container !== "") throw new CommandError(`--all-containers=true should not be specified with container name ${container}`);
  if (named && args.length === 2) throw new CommandError("only one of -c or an inline [CONTAINER] arg is allowed");
  if (values["limit-bytes"] < 0) throw new CommandError("--limit-bytes must be greater than 0");
  if (values.since < 0) throw new CommandError("--since must be greater than 0");
  if (values.tail < -1) throw new CommandError("--tail must be greater than or equal to -1");
}
