// Behaviour: k8s.io/kubectl/pkg/cmd/diff/diff.go: what apply would change, shown by a program that compares folders.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isNotFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { Patcher } from "../apply/patcher.ts";
import { defineCommand } from "../command.ts";
import { CommandError, ErrorList, ExitError, describeError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { filenameFlags, filenameOptions, selectorFlag } from "../flag-groups.ts";
import { type Flags, boolFlag, stringFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { withoutManagedFields } from "../printers/printer.ts";
import { formatYaml } from "../printers/yaml.ts";
import { type ResourceInfo, type ResourceQuery, findResources } from "../resource-query.ts";
import { getObject } from "../resource-requests.ts";

interface DiffOptions {
  readonly factory: Factory;
  readonly query: ResourceQuery;
  readonly writer: ObjectWriter;
  readonly serverSide: boolean;
  readonly forceConflicts: boolean;
  readonly managedFields: boolean;
}

const flags = {
  ...filenameFlags("File, folder or address that holds the configuration."),
  ...selectorFlag,
  "field-manager": stringFlag("Name of the manager of the fields that would change.", { default: "kubectl-client-side-apply" }),
  "force-conflicts": boolFlag("Have a server-side apply take the fields that others manage."),
  "server-side": boolFlag("Have the server do the merging."),
  "show-managed-fields": boolFlag("Compare managed fields too."),
};

export default defineCommand({
  use: "diff -f FILENAME",
  summary: "Diff the live version against a would-be applied version",
  description: "Exit code 0 means no difference, 1 differences, more than 1 a failure. KUBECTL_EXTERNAL_DIFF names another program than diff -u -N.",
  examples: `
    # A file
    kubectl diff -f web.yaml

    # Standard input
    cat web.yaml | kubectl diff -f -`,
  flags,
  async toOptions(factory, args, { values, changed }: Flags<typeof flags>): Promise<DiffOptions> {
    if (args.length > 0) throw new ExitError(2, `error: Unexpected args: [${args.join(" ")}]\nSee 'kubectl diff -h' for help and examples`);
    if (values.filename.length === 0 && values.kustomize === "") throw new ExitError(2, "error: must specify one of -f and -k");
    const serverSide = values["server-side"];
    if (values["force-conflicts"] && !serverSide) throw new ExitError(2, "error: --force-conflicts only works with --server-side");
    const fieldManager = serverSide && !changed("field-manager") ? "kubectl" : values["field-manager"];
    return {
      factory,
      query: { files: filenameOptions(values), namespace: await factory.namespace(), labelSelector: values.selector, flatten: true, continueOnError: true },
      writer: new ObjectWriter(await factory.transport(), { dryRun: "server", fieldManager }),
      serverSide,
      forceConflicts: values["force-conflicts"],
      managedFields: values["show-managed-fields"],
    };
  },
  async run(options) {
    try {
      return await diff(options);
    } catch (error) {
      throw error instanceof ExitError ? error : new ExitError(2, describeError(error));
    }
  },
});

async function diff(options: DiffOptions): Promise<number> {
  const { factory, query, writer } = options;
  const folders = ["LIVE-", "MERGED-"].map((prefix) => mkdtempSync(join(tmpdir(), prefix)));
  const [live = "", merged = ""] = folders;
  const patcher = new Patcher({ factory, writer, overwrite: true, openApi: true, force: false, deletion: {}, timeoutMs: 0 });
  try {
    const result = await findResources(factory, query);
    await result.visit(async (info) => {
      const before = await current(factory, info);
      const after = await mergedObject(options, patcher, info, before);
      const name = fileName(info);
      const [shownBefore, shownAfter] = info.mapping.kind === "Secret" ? masked(before, after) : [before, after];
      if (shownBefore !== undefined) writeFileSync(join(live, name), text(shownBefore, options));
      writeFileSync(join(merged, name), text(shownAfter, options));
    });
    return compare(factory, live, merged);
  } catch (error) {
    throw error instanceof ErrorList ? error : new ErrorList([error]);
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}

async function current(factory: Factory, info: ResourceInfo): Promise<UnstructuredObject | undefined> {
  try {
    return await getObject(await factory.transport(), info);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function mergedObject({ writer, serverSide, forceConflicts }: DiffOptions, patcher: Patcher, info: ResourceInfo, before: UnstructuredObject | undefined): Promise<UnstructuredObject> {
  const object = info.object as UnstructuredObject;
  if (serverSide) return writer.patch(info, "application/apply-patch+yaml", object, { force: forceConflicts });
  if (before === undefined) return writer.create(info, object);
  // What was applied last has annotations, though empty: without them here they would be taken for removed.
  const modified = { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations } } };
  return (await patcher.patch(info, before, modified)).object;
}

/** "apps.v1.Deployment.default.web". */
function fileName({ mapping, namespace, name }: ResourceInfo): string {
  const group = mapping.group === "" ? "" : `${mapping.group}.`;
  return `${group}${mapping.version}.${mapping.kind}.${namespace}.${name}`;
}

function text(object: UnstructuredObject, { managedFields }: DiffOptions): string {
  return formatYaml(withoutManagedFields(object, managedFields));
}

/** Secrets' values are not shown, only whether they differ. */
function masked(before: UnstructuredObject | undefined, after: UnstructuredObject): [UnstructuredObject | undefined, UnstructuredObject] {
  const dataOf = (object: UnstructuredObject | undefined) => (object?.["data"] ?? {}) as Record<string, string>;
  const hide = (object: UnstructuredObject, other: UnstructuredObject | undefined, when: string): UnstructuredObject => {
    if (object["data"] === undefined) return object;
    const data = Object.fromEntries(Object.entries(dataOf(object)).map(([key, value]) => [key, dataOf(other)[key] === undefined || dataOf(other)[key] === value ? "***" : `*** (${when})`]));
    return { ...object, data };
  };
  return [before === undefined ? undefined : hide(before, after, "before"), hide(after, before, "after")];
}

function compare({ io }: Factory, live: string, merged: string): number {
  const [program = "diff", ...words] = (io.env["KUBECTL_EXTERNAL_DIFF"] || "diff -u -N").split(/\s+/);
  const { status, stdout, stderr, error } = spawnSync(program, [...words, live, merged], { encoding: "utf8", maxBuffer: 1 << 30 });
  if (error !== undefined) throw new CommandError(`failed to run ${JSON.stringify(program)}: ${error.message}`);
  io.out(stdout);
  io.err(stderr);
  if (status === 1) return 1;
  if (status !== 0) throw new ExitError(status ?? 2, `error: exit status ${status}`);
  return 0;
}
