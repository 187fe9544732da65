// Behaviour: k8s.io/kubectl/pkg/cmd/delete/delete.go.
import { defineCommand } from "../command.ts";
import { deletionFlags, readCascade } from "../delete/delete-flags.ts";
import { type DeleteRequest, deleteResult, ignoring, kindOf, locationOf } from "../delete/run.ts";
import { CommandError } from "../errors.ts";
import { allNamespacesFlag, dryRunFlag, fieldSelectorFlag, filenameFlags, filenameOptions, readDryRun, selectorFlag } from "../flag-groups.ts";
import { type Flags, boolFlag, stringFlag } from "../flags.ts";
import { type ResourceInfo, type ResourceQuery, type ResourceResult, findResources } from "../resource-query.ts";
import { printWarning } from "../warning-printer.ts";

const flags = {
  ...allNamespacesFlag,
  ...deletionFlags,
  ...dryRunFlag,
  ...fieldSelectorFlag,
  ...filenameFlags("File, folder or address that names the objects to delete."),
  ...selectorFlag,
  all: boolFlag("Delete all objects of the types in the namespace."),
  "ignore-not-found": boolFlag('Treat objects that do not exist as deleted. "true" unless said otherwise when --all or a selector is given.'),
  interactive: boolFlag("Delete only what the user confirms.", { shorthand: "i" }),
  now: boolFlag("Have the objects shut down at once (same as --grace-period=1)."),
  output: stringFlag('Output mode. Use "-o name" for the short form (resource/name).', { shorthand: "o" }),
  raw: stringFlag("Path to send a DELETE to as it stands."),
  wait: boolFlag("Wait until the objects are gone. This waits for finalizers.", { default: true }),
};

interface DeleteCommandOptions {
  readonly request: DeleteRequest;
  readonly query: ResourceQuery;
  /** Undefined with --raw. */
  readonly result: ResourceResult | undefined;
  readonly interactive: boolean;
  readonly raw: string;
  readonly filenames: readonly string[];
}

export default defineCommand({
  use: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
  summary: "Delete resources by file names, stdin, resources and names, or by resources and label selector",
  description: "Only one of names, files and selectors may be given. Pods end gracefully unless --force says otherwise.",
  examples: `
    # What a manifest names
    kubectl delete -f web.yaml

    # Two pods
    kubectl delete pod web-0 web-1

    # By label, services with them
    kubectl delete pods,services -l app=web

    # At once
    kubectl delete pod web-0 --now

    # All pods of the namespace
    kubectl delete pods --all`,
  flags,
  toOptions,
  validate,
  async run({ request, query, result, interactive, raw, filenames }) {
    const { factory } = request;
    if (result === undefined) return (await import("../raw-request.ts")).deleteRaw(factory, raw, filenames[0]);
    if (!interactive) {
      await deleteResult(request, result);
      return;
    }
    const confirmed = await confirm(request, await findResources(factory, query));
    if (confirmed !== undefined) await deleteResult({ ...request, confirmed }, result);
  },
});

async function toOptions(factory: DeleteRequest["factory"], args: readonly string[], { values, changed }: Flags<typeof flags>): Promise<DeleteCommandOptions> {
  const namespace = await factory.namespace();
  const bulk = values.all || values.selector !== "" || values["field-selector"] !== "";
  const propagationPolicy = readCascade(values.cascade, factory.io);
  if (values.now && values["grace-period"] !== -1) throw new CommandError("--now and --grace-period cannot be specified together");
  let gracePeriod = values.now ? 1 : values["grace-period"];
  if (gracePeriod === 0 && !values.force) gracePeriod = 1;
  if (values.force && gracePeriod < 0) gracePeriod = 0;
  const dryRun = readDryRun(values["dry-run"], factory.io);
  const query: ResourceQuery = {
    args,
    files: filenameOptions(values),
    namespace,
    allNamespaces: values["all-namespaces"],
    labelSelector: values.selector,
    fieldSelector: values["field-selector"],
    selectAll: values.all,
    requireObject: false,
    flatten: true,
    continueOnError: true,
  };
  // What is wrong with the words is said before anything else.
  const result = values.raw === "" ? await findResources(factory, query) : undefined;
  checkModes(factory, values, gracePeriod);
  return {
    request: {
      factory,
      propagationPolicy,
      gracePeriod,
      dryRun,
      ignoreNotFound: bulk && !changed("ignore-not-found") ? true : values["ignore-not-found"],
      wait: values.wait,
      timeoutMs: values.timeout,
      output: values.output,
      warnClusterScope: namespace.explicit && !values["all-namespaces"],
    },
    query,
    result,
    interactive: values.interactive,
    raw: values.raw,
    filenames: values.filename,
  };
}

function checkModes(factory: DeleteRequest["factory"], values: Flags<typeof flags>["values"], gracePeriod: number): void {
  if (values.output !== "" && values.output !== "name") throw new CommandError(`unexpected -o output mode: ${values.output}. We only support '-o name'`);
  if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
  if (values.all && values["field-selector"] !== "") throw new CommandError("cannot set --all and --field-selector at the same time");
  if (gracePeriod > 0 && values.force) throw new CommandError("--force and --grace-period greater than 0 cannot be specified together");
  if (gracePeriod === 0 && values.force) {
    printWarning(factory.io, "Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
  }
  if (values.raw === "") return;
  if (values.interactive) throw new CommandError("--interactive can not be used with --raw");
  if (values.filename.length > 1) throw new CommandError("--raw can only use a single local file or stdin");
  if (/^https?:\/\//.test(values.filename[0] ?? "")) throw new CommandError("--raw cannot read from a url");
  if (values.recursive) throw new CommandError("--raw and --recursive are mutually exclusive");
  if (values.output !== "") throw new CommandError("--raw and --output are mutually exclusive");
}

function validate({ raw }: DeleteCommandOptions): void {
  if (raw !== "" && !raw.startsWith("/")) throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`);
}

/** Shows what would go and asks; the locations of what may, undefined when nothing may. */
async function confirm({ factory: { io }, ignoreNotFound }: DeleteRequest, preview: Awaited<ReturnType<typeof findResources>>): Promise<Set<string> | undefined> {
  const infos: ResourceInfo[] = [];
  await ignoring(ignoreNotFound, () => preview.visit((info) => void infos.push(info)));
  if (infos.length === 0) {
    io.out("No resources found\n");
    return undefined;
  }
  io.out(`You are about to delete the following ${infos.length} resource(s):\n`);
  for (const info of infos) io.out(`${kindOf(info)}/${info.name}\n`);
  io.out("Do you want to continue? (y/N): ");
  const { readLine } = await import("../prompt.ts");
  if ((await readLine(io)).trim().toLowerCase() === "y") return new Set(infos.map(locationOf));
  io.out("deletion is cancelled\n");
  return undefined;
}
