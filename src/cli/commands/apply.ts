// Behaviour: k8s.io/kubectl/pkg/cmd/apply/apply.go: the command line of apply.
import type { Command } from "../command.ts";
import { defineCommand } from "../command.ts";
import type { ApplyOptions } from "../apply/run.ts";
import { deleteBody, deletionFlags, readCascade } from "../delete/delete-flags.ts";
import { CommandError, UsageError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { dryRunFlag, filenameFlags, filenameOptions, readDryRun, readValidation, selectorFlag, validateFlag } from "../flag-groups.ts";
import { type Flags, boolFlag, stringArrayFlag, stringFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { printFlags } from "../print-flags.ts";

const flags = {
  ...printFlags,
  ...deletionFlags,
  ...dryRunFlag,
  ...filenameFlags("File, folder or address that holds the configuration to apply."),
  ...selectorFlag,
  ...validateFlag,
  all: boolFlag("Select all objects of the types in the namespace."),
  "field-manager": stringFlag("Name of the manager of the fields that this changes.", { default: "kubectl-client-side-apply" }),
  "force-conflicts": boolFlag("Have a server-side apply take the fields that others manage."),
  "openapi-patch": boolFlag("Take merge keys of kinds that are not built in from the server's OpenAPI.", { default: true }),
  overwrite: boolFlag("Settle conflicts between the new and the live configuration in favour of the new one.", { default: true }),
  prune: boolFlag("Delete objects that were applied once and are not in the files any more. Together with -l or --all."),
  "prune-allowlist": stringArrayFlag("Only prune these types: <group/version/kind>."),
  "server-side": boolFlag("Have the server do the merging."),
  subresource: stringFlag("Apply to this subresource of the object. Only with --server-side."),
  wait: boolFlag("Wait until deleted objects are gone."),
};

const apply = defineCommand({
  use: "apply (-f FILENAME | -k DIRECTORY)",
  summary: "Apply a configuration to a resource by file name or stdin",
  description: "Objects must have names. Those that do not exist are created; from those that do, what was applied before and is not in the files any more is removed, and what others set stays.",
  examples: `
    # A file
    kubectl apply -f web.yaml

    # Standard input
    cat web.yaml | kubectl apply -f -

    # A folder with all that is below it
    kubectl apply -R -f manifests/

    # What would be sent
    kubectl apply -f web.yaml --dry-run=client -o yaml

    # Merged by the server
    kubectl apply --server-side -f web.yaml`,
  flags,
  toOptions,
  async run(options) {
    const { runApply } = await import("../apply/run.ts");
    await runApply(options);
  },
});

const command: Command = {
  ...apply,
  commands: [
    { name: "view-last-applied", summary: "View the latest last-applied-configuration annotations of a resource/object", load: () => import("./apply/view-last-applied.ts") },
    { name: "set-last-applied", summary: "Set the last-applied-configuration annotation on a live object to match the contents of a file", load: () => import("./apply/set-last-applied.ts") },
  ],
};

export default command;

async function toOptions(factory: Factory, args: readonly string[], { values, changed }: Flags<typeof flags>): Promise<ApplyOptions> {
  if (args.length > 0) throw new UsageError(`Unexpected args: [${args.join(" ")}]`);
  const dryRun = readDryRun(values["dry-run"], factory.io);
  const propagationPolicy = readCascade(values.cascade, factory.io);
  if (values.filename.length === 0 && values.kustomize === "") throw new CommandError("must specify one of -f and -k");
  const fieldValidation = readValidation(values.validate);
  const mapper = await factory.mapper();
  const mappings = values.prune ? await (await import("../apply/prune.ts")).readAllowList(mapper, values["prune-allowlist"]) : [];
  check(values, dryRun);
  const serverSide = values["server-side"];
  const fieldManager = serverSide && !changed("field-manager") ? "kubectl" : values["field-manager"];
  const writer = new ObjectWriter(await factory.transport(), { dryRun, fieldManager, fieldValidation });
  const deletion = deleteBody(values["grace-period"], propagationPolicy);
  return {
    factory,
    query: { files: filenameOptions(values), namespace: await factory.namespace(), labelSelector: values.selector, flatten: true, continueOnError: true, validate: fieldValidation !== "Ignore" },
    print: values,
    dryRun,
    writer,
    fieldManager,
    serverSide,
    forceConflicts: values["force-conflicts"],
    subresource: values.subresource,
    deletion,
    async makePatcher() {
      const { Patcher } = await import("../apply/patcher.ts");
      return new Patcher({
        factory,
        writer,
        overwrite: values.overwrite,
        openApi: values["openapi-patch"],
        force: values.force,
        deletion,
        timeoutMs: values.timeout,
      });
    },
    ...(values.prune && { prune: { mappings, labelSelector: values.selector } }),
  };
}

function check(values: Flags<typeof flags>["values"], dryRun: string): void {
  const serverSide = values["server-side"];
  if (values["force-conflicts"] && !serverSide) throw new CommandError("--force-conflicts only works with --server-side");
  if (dryRun === "client" && serverSide) throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  if (serverSide && values.force) throw new CommandError("--force cannot be used with --server-side");
  if (dryRun === "server" && values.force) throw new CommandError("--dry-run=server cannot be used with --force");
  if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
  if (values.prune) {
    if (values.force) throw new CommandError("--force cannot be used with --prune");
    if (!values.all && values.selector === "") {
      throw new CommandError(
        "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector",
      );
    }
    if (serverSide) throw new CommandError("--prune is in alpha and doesn't currently work on objects created by server-side apply");
  }
  if (values.subresource !== "" && !serverSide) throw new CommandError("--subresource can only be specified for --server-side");
}
