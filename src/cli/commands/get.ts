// Behaviour: k8s.io/kubectl/pkg/cmd/get/get.go.
import { defineCommand } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { allNamespacesFlag, chunkSizeFlag, fieldSelectorFlag, filenameFlags, filenameOptions, selectorFlag } from "../flag-groups.ts";
import { type FlagValues, boolFlag, stringFlag, stringSliceFlag } from "../flags.ts";
import type { GetOptions } from "../get/options.ts";
import { runGet } from "../get/run.ts";
import { getFormats } from "../get/printers.ts";
import { printFlags } from "../print-flags.ts";

const flags = {
  ...printFlags,
  ...allNamespacesFlag,
  ...chunkSizeFlag,
  ...fieldSelectorFlag,
  ...filenameFlags("File, folder or address that names the objects to get."),
  ...selectorFlag,
  output: stringFlag(`Output format. One of: (${getFormats.join(", ")}).`, { shorthand: "o" }),
  "ignore-not-found": boolFlag("Say nothing of objects that do not exist, and exit with 0."),
  "label-columns": stringSliceFlag("Labels to show as columns, separated by commas.", { shorthand: "L" }),
  "no-headers": boolFlag("Leave the header line out of tables."),
  "output-watch-events": boolFlag("Print watch events with --watch or --watch-only; objects that exist come as ADDED."),
  raw: stringFlag("Path to request from the server as it stands."),
  "server-print": boolFlag("Have the server make the table.", { default: true }),
  "show-kind": boolFlag("Show the type before each name."),
  "show-labels": boolFlag("Show all labels in the last column."),
  "sort-by": stringFlag("JSONPath of the field to sort lists by, e.g. '{.metadata.name}'."),
  subresource: stringFlag("Get this subresource of the object."),
  watch: boolFlag("Watch for changes after the list.", { shorthand: "w" }),
  "watch-only": boolFlag("Watch for changes without the list."),
};

type GetFlags = FlagValues<typeof flags>;

async function toOptions(factory: Factory, args: readonly string[], values: GetFlags): Promise<GetOptions> {
  checkFlags(values);
  const files = filenameOptions(values);
  const watches = values.watch || values["watch-only"];
  if (values.raw !== "" && (args.length > 0 || values.filename.length > 0)) throw new CommandError("arguments may not be passed when --raw is specified");
  if (values.raw === "" && !watches && args.length === 0 && values.filename.length === 0 && values.kustomize === "") {
    factory.io.err('You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n');
    throw new UsageError('Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).');
  }
  if (values["sort-by"] !== "" && values["watch-only"]) factory.io.err("warning: --watch-only requested, --sort-by will be ignored\n");
  else if (values["sort-by"] !== "" && values.watch) factory.io.err("warning: --watch requested, --sort-by will be ignored for watch events received\n");
  const namespace = await factory.namespace();
  return {
    factory,
    args,
    files,
    print: values,
    namespace: values["all-namespaces"] ? { name: namespace.name, explicit: false } : namespace,
    allNamespaces: values["all-namespaces"],
    labelSelector: values.selector,
    fieldSelector: values["field-selector"],
    chunkSize: values["chunk-size"],
    subresource: values.subresource,
    ignoreNotFound: values["ignore-not-found"],
    raw: values.raw,
    sortBy: values["sort-by"],
    watch: watches,
    watchOnly: values["watch-only"],
    outputWatchEvents: values["output-watch-events"],
    serverPrint: values["server-print"],
  };
}

function checkFlags(values: GetFlags): void {
  const { raw, output } = values;
  const watches = values.watch || values["watch-only"];
  if (raw !== "") {
    if (watches || values.selector !== "") throw new CommandError("--raw may not be specified with other flags that filter the server request or alter the output");
    if (output !== "") throw new CommandError("--raw and --output are mutually exclusive");
    if (!raw.startsWith("/")) throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`);
  }
  if (values["show-labels"] && output !== "" && output !== "wide") throw new CommandError(`--show-labels option cannot be used with ${output} printer`);
  if (values["label-columns"].length > 0 && output.startsWith("custom-columns")) throw new CommandError(`--label-columns option cannot be used with ${output} printer`);
  if (values["output-watch-events"] && !watches) throw new CommandError("--output-watch-events option can only be used with --watch or --watch-only");
}

export default defineCommand({
  use: `get [(-o|--output=)${getFormats.join("|")}] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]`,
  summary: "Display one or many resources",
  description: "Without -o the server's own table is shown. Types may be several, separated by commas; objects may be named one by one as TYPE/NAME.",
  examples: `
    # All pods of the namespace
    kubectl get pods

    # Deployments and services of all namespaces, with more columns
    kubectl get deployments,services -A -o wide

    # One pod as YAML
    kubectl get pod web-0 -o yaml

    # A single field
    kubectl get pod web-0 -o jsonpath='{.status.podIP}'

    # Columns of one's own
    kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image

    # Follow changes
    kubectl get pods -w`,
  flags,
  toOptions: (factory, args, { values }) => toOptions(factory, args, values),
  run: (options) => runGet(options),
});
