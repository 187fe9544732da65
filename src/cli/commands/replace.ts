// Behaviour: k8s.io/kubectl/pkg/cmd/replace/replace.go.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UnstructuredObject } from "../../api/object.ts";
import { savedConfig } from "../apply/saved-config.ts";
import { defineCommand } from "../command.ts";
import { deletionFlags, readCascade } from "../delete/delete-flags.ts";
import { CommandError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { dryRunFlag, fieldManagerFlag, filenameFlags, filenameOptions, readDryRun, readValidation, saveConfigFlag, validateFlag } from "../flag-groups.ts";
import { type FlagValues, boolFlag, stringFlag } from "../flags.ts";
import { readStdin } from "../io.ts";
import { ObjectWriter, withSource } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { type ResourceQuery, findResources } from "../resource-query.ts";

const WAIT_MS = 5 * 60_000;

const flags = {
  ...printFlags,
  ...deletionFlags,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-replace"),
  ...filenameFlags("File, folder or address that holds the objects."),
  ...saveConfigFlag,
  ...validateFlag,
  raw: stringFlag("Path to PUT the file to as it stands."),
  subresource: stringFlag("Replace this subresource of the object."),
  wait: boolFlag("Wait until deleted objects are gone."),
};

interface ReplaceOptions {
  readonly factory: Factory;
  readonly values: FlagValues<typeof flags>;
  readonly query: ResourceQuery;
  readonly writer: ObjectWriter;
  readonly printer: ObjectPrinter;
  readonly dryRun: ReturnType<typeof readDryRun>;
}

export default defineCommand({
  use: "replace -f FILENAME",
  summary: "Replace a resource by file name or stdin",
  description: "The whole object must be given. With --force it is deleted and created anew.",
  examples: `
    # From a file
    kubectl replace -f web.yaml

    # Deleted and created anew
    kubectl replace --force -f web.yaml`,
  flags,
  async toOptions(factory, _args, { values }): Promise<ReplaceOptions> {
    const fieldValidation = readValidation(values.validate);
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const printer = await changePrinter(values, "replaced", dryRun);
    if (values.filename.length === 0 && values.kustomize === "") throw new CommandError("must specify one of -f and -k");
    return {
      factory,
      values,
      dryRun,
      printer,
      writer: new ObjectWriter(await factory.transport(), { dryRun, fieldManager: values["field-manager"], fieldValidation }),
      query: {
        files: filenameOptions(values),
        namespace: await factory.namespace(),
        subresource: values.subresource,
        flatten: true,
        continueOnError: true,
        validate: fieldValidation !== "Ignore",
      },
    };
  },
  validate({ values, dryRun }) {
    const { force, raw, filename } = values;
    if (values["grace-period"] >= 0 && !force) throw new CommandError("--grace-period must have --force specified");
    if (values.timeout !== 0 && !force) throw new CommandError("--timeout must have --force specified");
    if (force && dryRun !== "none") throw new CommandError("--dry-run can not be used when --force is set");
    if (raw === "") return;
    if (filename.length !== 1) throw new CommandError("--raw can only use a single local file or stdin");
    if (/^https?:\/\//.test(filename[0] ?? "")) throw new CommandError("--raw cannot read from a url");
    if (values.recursive) throw new CommandError("--raw and --recursive are mutually exclusive");
    if (values.output !== "") throw new CommandError("--raw and --output are mutually exclusive");
    if (!raw.startsWith("/")) throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`);
  },
  async run(options) {
    const { factory, values } = options;
    if (values.raw !== "") return (await import("../raw-request.ts")).replaceRaw(factory, values.raw, values.filename[0] ?? "");
    await (values.force ? recreate(options) : replace(options));
  },
});

async function replace({ factory, values, query, writer, printer, dryRun }: ReplaceOptions): Promise<void> {
  const result = await findResources(factory, query);
  await result.visit(async (info) => {
    const object = savedConfig(info.object as UnstructuredObject, values["save-config"]);
    const replaced =
      dryRun === "client" ? object : await writer.replace(info, object, values.subresource).catch((error: unknown) => Promise.reject(withSource("replacing", info.source, error)));
    factory.io.out(printer.print(replaced));
  });
}

/** --force: standard input is kept in a file, as it is read twice. */
async function recreate(options: ReplaceOptions): Promise<void> {
  const { factory, values } = options;
  if (!values.filename.includes("-")) return recreateFiles(options);
  const folder = mkdtempSync(join(tmpdir(), "kubectl_replace_"));
  try {
    const path = join(folder, "resource.stdin");
    writeFileSync(path, await readStdin(factory.io));
    const filenames = values.filename.map((name) => (name === "-" ? path : name));
    await recreateFiles({ ...options, query: { ...options.query, files: { ...filenameOptions(values), filenames } } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recreateFiles({ factory, values, query, writer, printer }: ReplaceOptions): Promise<void> {
  const { deleteResult } = await import("../delete/run.ts");
  const given = values["grace-period"];
  await deleteResult(
    {
      factory,
      propagationPolicy: readCascade(values.cascade, factory.io),
      gracePeriod: given === 0 ? 1 : given,
      dryRun: "none",
      ignoreNotFound: true,
      wait: true,
      timeoutMs: values.timeout === 0 ? WAIT_MS : values.timeout,
      output: values.output,
      warnClusterScope: false,
    },
    await findResources(factory, { ...query, validate: false }),
  );
  let count = 0;
  const result = await findResources(factory, query);
  await result.visit(async (info) => {
    const created = await writer.create(info, savedConfig(info.object as UnstructuredObject, values["save-config"]));
    count += 1;
    factory.io.out(printer.print(created));
  });
  if (count === 0) throw new CommandError("no objects passed to replace");
}
