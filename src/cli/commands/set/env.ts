// Behaviour: k8s.io/kubectl/pkg/cmd/set/set_env.go.
import type { Container, EnvVar } from "../../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../../api/object.ts";
import { defineCommand } from "../../command.ts";
import { printWarning } from "../../warning-printer.ts";
import { CommandError, messageOf } from "../../errors.ts";
import type { Factory } from "../../factory.ts";
import { filenameOptions, readDryRun, selectorFlag } from "../../flag-groups.ts";
import { type FlagValues, boolFlag, stringArrayFlag, stringFlag, stringSliceFlag } from "../../flags.ts";
import { findResources } from "../../resource-query.ts";
import { type EnvChange, changedEnv, readEnvWords, splitEnvWords } from "../../set/env-words.ts";
import { EnvValues, sourceText } from "../../set/env-values.ts";
import { podSpecOf, selectContainers } from "../../set/pod-spec.ts";
import { FatalChange, changeObjects, prepareChange, setFlags } from "../../set/typed-change.ts";

const flags = {
  ...setFlags,
  ...selectorFlag,
  containers: stringFlag("Names of the containers, '*' for any letters; all if omitted.", { shorthand: "c", default: "*" }),
  env: stringArrayFlag("Variable to set: KEY=VALUE.", { shorthand: "e" }),
  from: stringFlag("Config map or secret to take variables from: TYPE/NAME."),
  keys: stringSliceFlag("Only these keys of --from."),
  list: boolFlag("Print the variables instead."),
  overwrite: boolFlag("Replace values that are there.", { default: true }),
  prefix: stringFlag("Put this before the names."),
  resolve: boolFlag("With --list: print the values that come from config maps and secrets."),
};

type EnvFlags = FlagValues<typeof flags>;

export default defineCommand({
  use: "env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
  summary: "Update environment variables on a pod template",
  description: "KEY- removes a variable; '-' reads lines of KEY=VALUE from standard input.",
  examples: `
    # Set a variable
    kubectl set env deployment/web COLOUR=blue

    # Remove one
    kubectl set env deployment/web COLOUR-

    # All keys of a secret
    kubectl set env --from=secret/password deployment/web

    # What is set
    kubectl set env deployment/web --list`,
  flags,
  toOptions(factory, args, { values }) {
    if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
    const { resources, changes } = splitEnvWords(args);
    return { factory, resources, changes, values, dryRun: readDryRun(values["dry-run"], factory.io) };
  },
  validate({ resources, values, dryRun }) {
    if (values.local && dryRun === "server") throw new CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    if (values.filename.length === 0 && resources.length === 0) {
      throw new CommandError("one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if (values.list && values.output !== "") throw new CommandError("--list and --output may not be specified together");
    if (values.keys.length > 0 && values.from === "") throw new CommandError("when specifying --keys, a configmap or secret must be provided with --from");
  },
  run: (options) => setEnv(options),
});

interface EnvOptions {
  readonly factory: Factory;
  readonly resources: readonly string[];
  readonly changes: readonly string[];
  readonly values: EnvFlags;
}

async function setEnv({ factory, resources, changes, values }: EnvOptions): Promise<void> {
  const read = await readEnvWords([...values.env, ...changes], factory.io);
  const imported = values.from === "" ? [] : await variablesFrom(factory, values);
  const set = [...read.set, ...imported].map((variable) => ({ ...variable, name: `${values.prefix}${variable.name}` }));
  const change: EnvChange = { set, remove: read.remove };
  const prepared = await prepareChange(factory, resources, values, "env updated");
  const lookup = new EnvValues(await factory.client(), (await factory.namespace()).name);
  const steps = {
    failure: "failed to patch env update to pod template: ",
    mutate: (object: UnstructuredObject) => changeContainers(factory, values, change, object, lookup),
    afterPatch() {
      if (set.length === 0 && changes.length === 0) throw new FatalChange("at least one environment variable must be provided");
    },
  };
  if (!values.list) return changeObjects(prepared, steps);
  for (const { object } of prepared.infos) {
    try {
      await steps.mutate(structuredClone(object as UnstructuredObject));
    } catch {
      // With --list a failure is told by what was printed of it.
    }
  }
}

async function changeContainers(factory: Factory, values: EnvFlags, change: EnvChange, object: UnstructuredObject, lookup: EnvValues): Promise<boolean> {
  const containers = selectContainers(podSpecOf(object), values.containers);
  if (containers.length === 0) {
    printWarning(factory.io, `${object.kind}/${object.metadata.name} does not have any containers matching ${JSON.stringify(values.containers)}`);
  }
  let complete = true;
  for (const container of containers) {
    if (!values.overwrite) refuseOverwrites(container.env ?? [], change.set);
    const env = changedEnv(container.env ?? [], change);
    if (env.length > 0) container.env = env;
    else delete container.env;
    if (values.list) complete = (await listEnv(factory, values.resolve, object, container, lookup)) && complete;
  }
  if (!complete) throw new CommandError("failed to retrieve valueFrom references");
  return true;
}

function refuseOverwrites(existing: readonly EnvVar[], set: readonly EnvVar[]): void {
  for (const { name, value = "" } of set) {
    const present = existing.find((variable) => variable.name === name);
    if (present !== undefined && (present.value ?? "") !== value) throw new CommandError(`'${name}' already has a value (${present.value ?? ""}), and --overwrite is false`);
  }
}

/** Prints a container's variables; resolves with whether all values could be told. */
async function listEnv({ io }: Factory, resolve: boolean, object: UnstructuredObject, container: Container, lookup: EnvValues): Promise<boolean> {
  const failed = new Map<string, string[]>();
  io.out(`# ${object.kind} ${object.metadata.name}, container ${container.name}\n`);
  for (const { name, value = "", valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      io.out(`${name}=${value}\n`);
      continue;
    }
    try {
      io.out(resolve ? `${name}=${await lookup.valueOf(valueFrom, object, container)}\n` : `# ${name} from ${sourceText(valueFrom)}\n`);
    } catch (error) {
      io.out(`# ${name} from ${sourceText(valueFrom)}\n`);
      failed.set(messageOf(error), [...(failed.get(messageOf(error)) ?? []), name]);
    }
  }
  const lines = [...failed].map(([message, names]) => `error retrieving reference for ${names.sort().join(", ")}: ${message}\n`);
  io.err(lines.sort().join(""));
  return failed.size === 0;
}

/** The keys of a config map or secret as variables. */
async function variablesFrom(factory: Factory, values: EnvFlags): Promise<EnvVar[]> {
  const result = await findResources(factory, {
    files: filenameOptions(values),
    namespace: await factory.namespace(),
    flatten: true,
    continueOnError: true,
    ...(values.local ? { local: true } : { args: [values.from], allowEmptySelector: values.all, labelSelector: values.selector, latest: true }),
  });
  const variables: EnvVar[] = [];
  for (const { object, name } of await result.infos()) {
    if (object?.kind !== "Secret" && object?.kind !== "ConfigMap") throw new CommandError("unsupported resource specified in --from");
    for (const key of Object.keys((object["data"] ?? {}) as object).sort()) {
      if (values.keys.length > 0 && !values.keys.includes(key)) continue;
      const valueFrom = object.kind === "Secret" ? { secretKeyRef: { name, key } } : { configMapKeyRef: { name, key } };
      variables.push({ name: variableName(factory, key), valueFrom });
    }
  }
  return variables;
}

function variableName(factory: Factory, key: string): string {
  const name = key.replaceAll(/[^a-zA-Z0-9_]/g, "_").toUpperCase();
  if (name !== key) printWarning(factory.io, `key ${key} transferred to ${name}`);
  return name;
}
