// Behaviour: k8s.io/kubectl/pkg/cmd/set/helper.go (CalculatePatches): changes typed objects by the patch between before and after.
import { formatApiVersion, type UnstructuredObject } from "../../api/object.ts";
import { cloneJson, type JsonObject } from "../../api/patch/json-value.ts";
import { createTwoWayMergePatch } from "../../api/patch/strategic-merge-diff.ts";
import { builtInPatchSchema } from "../built-in-patch-schema.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { type DryRun, dryRunFlag, fieldManagerFlag, filenameFlags, filenameOptions, readDryRun, selectorFlag } from "../flag-groups.ts";
import { type FlagValues, boolFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { typedPrinter } from "../printers/typed.ts";
import { type ResourceInfo, findResources } from "../resource-query.ts";
import type { ResourceMapping } from "../rest-mapper.ts";

/** The flags of every `set` command. */
export const setFlags = {
  ...printFlags,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-set"),
  ...filenameFlags("File, folder or address that names the objects."),
  all: boolFlag("Select all objects of the types in the namespace."),
  local: boolFlag("Change the files' objects without the server."),
};

/** What all `set` commands have in common. */
export interface TypedChange {
  readonly factory: Factory;
  readonly infos: readonly ResourceInfo[];
  readonly printer: ObjectPrinter;
  readonly dryRun: DryRun;
  readonly local: boolean;
  readonly fieldManager: string;
}

/** Reads the flags and finds the objects that `words` name. */
export async function prepareChange(
  factory: Factory,
  words: readonly string[],
  values: FlagValues<typeof setFlags> & Partial<FlagValues<typeof selectorFlag>>,
  operation: string,
): Promise<TypedChange> {
  const dryRun = readDryRun(values["dry-run"], factory.io);
  const printer = typedPrinter(await changePrinter(values, operation, dryRun), values);
  const { local } = values;
  const result = await findResources(factory, {
    files: filenameOptions(values),
    namespace: await factory.namespace(),
    flatten: true,
    continueOnError: true,
    ...(local ? { local } : { args: words, allowEmptySelector: values.all, labelSelector: values.selector ?? "", latest: true }),
  });
  return { factory, infos: await result.infos(), printer, dryRun, local, fieldManager: values["field-manager"] };
}

/** Throws for --local together with --dry-run=server. */
export function checkLocal({ local, dryRun }: Pick<TypedChange, "local" | "dryRun">): void {
  if (local && dryRun === "server") throw new CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
}

/** How objects are changed. */
export interface ChangeSteps {
  /** Changes the object in place; false leaves it out. Throws why it cannot be changed. */
  mutate(object: UnstructuredObject, info: ResourceInfo): boolean | Promise<boolean>;
  /** Stands before a failure of the server. */
  readonly failure: string;
  /** Send and print objects that are as they should be already. */
  readonly sendUnchanged?: boolean;
  /** Failures that `mutate` found on the way without ending there. */
  readonly errors?: readonly unknown[];
  /** Called after an object was changed on the server. */
  afterPatch?(): void;
}

/** Changes every object; failures are told at the end. */
export async function changeObjects({ factory, infos, printer, dryRun, local, fieldManager }: TypedChange, steps: ChangeSteps): Promise<void> {
  const failures: unknown[] = [];
  const changes: { info: ResourceInfo; after: UnstructuredObject; patch?: JsonObject; error?: unknown }[] = [];
  for (const info of infos) {
    const before = info.object as UnstructuredObject;
    const after = cloneJson(before);
    try {
      if (await steps.mutate(after, info)) changes.push({ info, after, patch: twoWayPatch(before, after, info.mapping) });
    } catch (error) {
      changes.push({ info, after, error });
    }
  }
  failures.push(...(steps.errors ?? []));
  const writer = local ? undefined : new ObjectWriter(await factory.transport(), { dryRun, fieldManager });
  for (const { info, after, patch, error } of changes) {
    if (patch === undefined) failures.push(new CommandError(`error: ${objectName(info)} ${messageOf(error)}\n`));
    else if (Object.keys(patch).length === 0 && steps.sendUnchanged !== true) continue;
    else if (writer === undefined || dryRun === "client") factory.io.out(printer.print(after));
    else {
      try {
        const actual = await writer.patch(info, "application/strategic-merge-patch+json", patch);
        steps.afterPatch?.();
        factory.io.out(printer.print(actual));
      } catch (reason) {
        failures.push(reason instanceof FatalChange ? reason : new CommandError(`${steps.failure}${messageOf(reason)}`));
      }
    }
  }
  if (failures.length > 0) throw new ErrorList(failures);
}

/** A failure that is told in its own words. */
export class FatalChange extends CommandError {}

/** "deployments/web": how failures name an object. */
function objectName({ mapping, name }: ResourceInfo): string {
  return `${mapping.resource}/${name}`;
}

/** The strategic merge patch between two states of a built-in object. */
export function twoWayPatch(before: UnstructuredObject, after: UnstructuredObject, mapping: ResourceMapping): JsonObject {
  const schema = builtInPatchSchema(mapping);
  if (schema === undefined) throw new CommandError(`no kind ${JSON.stringify(mapping.kind)} is registered for version ${JSON.stringify(formatApiVersion(mapping))}`);
  return createTwoWayMergePatch(before, after, schema);
}
