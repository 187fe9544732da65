// Behaviour: what k8s.io/kubectl/pkg/cmd/label and pkg/cmd/annotate have in common: entries of an object's metadata are set and removed.
import { type UnstructuredObject, parseApiVersion } from "../api/object.ts";
import { CommandError } from "./errors.ts";
import type { Factory } from "./factory.ts";
import { type DryRun, allNamespacesFlag, dryRunFlag, fieldManagerFlag, fieldSelectorFlag, filenameFlags, filenameOptions, selectorFlag } from "./flag-groups.ts";
import { type FlagValues, boolFlag, stringFlag } from "./flags.ts";
import { ObjectWriter } from "./object-writer.ts";
import { changePrinter, printFlags } from "./print-flags.ts";
import { type ResourceInfo, findResources } from "./resource-query.ts";

/** The entries to set and to remove. */
export interface MetadataChange {
  readonly added: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** The flags of `label` and `annotate`. */
export function metadataFlags(fieldManager: string, what: "labels" | "annotations") {
  return {
    ...printFlags,
    ...allNamespacesFlag,
    ...dryRunFlag,
    ...fieldManagerFlag(fieldManager),
    ...fieldSelectorFlag,
    ...filenameFlags(`File, folder or address that names the objects whose ${what} change.`),
    ...selectorFlag,
    all: boolFlag("Select all objects of the types in the namespace."),
    list: boolFlag(`Print the ${what} instead.`),
    local: boolFlag("Change the files' objects without the server."),
    overwrite: boolFlag(`Replace ${what} that are there.`),
    "resource-version": stringFlag("Change the object only if this is its present resource version. For one object only."),
  };
}

/** What `label` or `annotate` was asked for. */
export interface MetadataOptions {
  readonly factory: Factory;
  readonly resources: readonly string[];
  readonly values: FlagValues<ReturnType<typeof metadataFlags>>;
  readonly dryRun: DryRun;
  readonly change: MetadataChange;
  readonly field: "labels" | "annotations";
}

/** Throws where the flags do not go together. */
export function checkMetadataOptions({ resources, values, dryRun, change }: MetadataOptions, { what, example }: { what: string; example: string }): void {
  if (values.all && values.selector !== "") throw new CommandError("cannot set --all and --selector at the same time");
  if (values.all && values["field-selector"] !== "") throw new CommandError("cannot set --all and --field-selector at the same time");
  const hasFiles = values.filename.length > 0 || values.kustomize !== "";
  const json = example.replace(".yaml", ".json");
  if (values.local) {
    if (dryRun === "server") throw new CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    if (resources.length > 0) throw new CommandError(`can only use local files by -f ${example} or --filename=${json} when --local=true is set`);
    if (!hasFiles) throw new CommandError(`one or more files must be specified as -f ${example} or --filename=${json}`);
  } else if (resources.length === 0 && !hasFiles) {
    throw new CommandError("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  if (change.added.size === 0 && change.removed.length === 0 && !values.list) throw new CommandError(`at least one ${what} update is required`);
}

/** What differs between the two commands. */
export interface MetadataSteps {
  /** Throws when entries would be overwritten. */
  refuse(present: Readonly<Record<string, string>>, added: ReadonlyMap<string, string>): void;
  /** Hears of an entry to remove that is not there. */
  missing(key: string): void;
  /** What is printed; `shorter` when the object's JSON became shorter. */
  operation(difference: { changed: boolean; shorter: boolean }): string;
  /** The object that is printed: as it was changed here, or the server's answer. */
  printed(changed: UnstructuredObject, answer: UnstructuredObject): UnstructuredObject;
}

/** Changes every object found, or lists its entries. */
export async function changeMetadata(options: MetadataOptions, steps: MetadataSteps): Promise<void> {
  const { factory, resources, values, dryRun } = options;
  const { local } = values;
  const result = await findResources(factory, {
    files: filenameOptions(values),
    namespace: await factory.namespace(),
    flatten: true,
    continueOnError: true,
    ...(local
      ? { local }
      : {
          args: resources,
          allowEmptySelector: values.all,
          labelSelector: values.selector,
          fieldSelector: values["field-selector"],
          allNamespaces: values["all-namespaces"],
          latest: true,
        }),
  });
  if (!result.singleItemImplied && values["resource-version"] !== "") throw new CommandError("--resource-version may only be used with a single resource");
  const writer = local ? undefined : new ObjectWriter(await factory.transport(), { dryRun, fieldManager: values["field-manager"] });
  await result.visit(async (info) => {
    const { changed, patch, difference } = changedObject(options, steps, info.object as UnstructuredObject);
    if (values.list) return listEntries(options, info, changed, result.singleItemImplied);
    let answer = changed;
    if (writer !== undefined && dryRun !== "client") {
      for (const key of options.change.removed) if (!Object.hasOwn(entriesOf(info.object as UnstructuredObject, options.field), key)) steps.missing(key);
      answer = await writer.patch(info, "application/merge-patch+json", patch);
    }
    factory.io.out((await changePrinter(values, steps.operation(difference), dryRun)).print(steps.printed(changed, answer)));
  });
}

function entriesOf(object: UnstructuredObject, field: MetadataOptions["field"]): Readonly<Record<string, string>> {
  return object.metadata[field] ?? {};
}

function changedObject({ change, field, values }: MetadataOptions, steps: MetadataSteps, object: UnstructuredObject) {
  const present = entriesOf(object, field);
  if (!values.overwrite) steps.refuse(present, change.added);
  const added = [...change.added].filter(([key, value]) => present[key] !== value);
  const removed = change.removed.filter((key) => Object.hasOwn(present, key));
  const entries: Record<string, string> = { ...present, ...Object.fromEntries(added) };
  for (const key of removed) delete entries[key];
  const version = values["resource-version"] === "" ? {} : { resourceVersion: values["resource-version"] };
  const delta: Record<string, string | null> = { ...Object.fromEntries(added), ...Object.fromEntries(removed.map((key) => [key, null])) };
  const empties = Object.keys(present).length > 0 && Object.keys(entries).length === 0;
  const patch = Object.keys(delta).length === 0 && values["resource-version"] === "" ? {} : { metadata: { ...version, ...(Object.keys(delta).length > 0 && { [field]: empties ? null : delta }) } };
  const changed = { ...object, metadata: { ...object.metadata, [field]: entries } };
  const [before, after] = [object, changed].map(({ metadata }) => JSON.stringify(metadata));
  const shorter = Buffer.byteLength(after ?? "") < Buffer.byteLength(before ?? "");
  return { changed, patch, difference: { changed: added.length + removed.length > 0 || object.metadata[field] === undefined, shorter } };
}

function listEntries({ factory, field }: MetadataOptions, { name }: ResourceInfo, object: UnstructuredObject, single: boolean): void {
  const group = parseApiVersion(object.apiVersion)?.group ?? "";
  const entries = entriesOf(object, field);
  const lines = Object.keys(entries).sort().map((key) => `${single ? "" : " "}${key}=${entries[key]}\n`);
  factory.io.out(`${single ? "" : `Listing ${field} for ${object.kind}.${group}/${name}:\n`}${lines.join("")}`);
}
