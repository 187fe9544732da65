// Behaviour: k8s.io/kubectl/pkg/cmd/create: what the commands that create one typed object have in common.
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import { LAST_APPLIED_ANNOTATION } from "../../api/patch/last-applied.ts";
import type { WriteOptions } from "../../client/client.ts";
import { type Command, type CommandArguments, type CommandText, defineCommand } from "../command.ts";
import { CommandError, ExitError, UsageError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { type DryRun, dryRunFlag, fieldManagerFlag, readDryRun, readValidation, saveConfigFlag, validateFlag } from "../flag-groups.ts";
import type { FlagTable, FlagValues, Flags } from "../flags.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { formatOrderedJson } from "../printers/json.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { asTyped, typedPrinter } from "../printers/typed.ts";

/** The flags of every command that creates one object. */
export const createFlags = { ...printFlags, ...saveConfigFlag, ...validateFlag, ...dryRunFlag, ...fieldManagerFlag("kubectl-create") };

/** What an object is made of. */
export interface CreateInput<F extends FlagTable> {
  readonly factory: Factory;
  readonly name: string;
  /** The words after the name, e.g. a container's command. */
  readonly rest: readonly string[];
  readonly values: FlagValues<F>;
  changed(name: keyof F & string): boolean;
  /** "" unless --namespace was given: the object then carries it. */
  readonly namespace: string;
}

/** A command that creates one typed object. */
export interface CreateSteps<F extends FlagTable> extends CommandText {
  readonly flags: F;
  /** Flags without which the command does not begin. */
  readonly required?: readonly (keyof F & string)[];
  readonly resource: ResourceRef;
  /** Stands before a failure of the server, e.g. "failed to create deployment: ". */
  readonly failure?: string;
  /** Says how many names there must be, where that is not one. */
  validate?(input: CreateInput<F>): void;
  /** The object without kind and apiVersion. */
  build(input: CreateInput<F>): object | Promise<object>;
}

/** Makes a command that creates one typed object. */
export function defineCreate<const F extends FlagTable>(steps: CreateSteps<F>): Command {
  const flags = { ...createFlags, ...steps.flags };
  return defineCommand({
    ...steps,
    flags,
    validate: undefined,
    async toOptions(factory, args: CommandArguments, flagged) {
      requireFlags((steps.required ?? []).filter((name) => !flagged.changed(name)));
      const name = nameOf(args);
      const common = flagged.values as unknown as FlagValues<typeof createFlags>;
      const dryRun = readDryRun(common["dry-run"], factory.io);
      const printer = typedPrinter(await changePrinter(common, "created", dryRun), common);
      const fieldValidation = readValidation(common.validate);
      const { name: namespace, explicit } = await factory.namespace();
      const { values, changed } = flagged as unknown as Flags<F>;
      const input: CreateInput<F> = { factory, name, rest: args.slice(1), values, changed, namespace: explicit && steps.resource.namespaced ? namespace : "" };
      steps.validate?.(input);
      return { input, writing: { factory, dryRun, printer, fieldValidation, fieldManager: common["field-manager"], saveConfig: common["save-config"], namespace } };
    },
    async run({ input, writing }) {
      const { resource, failure = "" } = steps;
      const { group, version, kind } = resource;
      const built = (await steps.build(input)) as object;
      const object = { apiVersion: group === "" ? version : `${group}/${version}`, kind, ...built } as unknown as UnstructuredObject;
      await createTyped(object, resource, writing, failure);
    },
  });
}

/** Throws when flags are missing. */
export function requireFlags(missing: readonly string[]): void {
  if (missing.length > 0) throw new ExitError(1, `error: required flag(s) ${missing.map((name) => JSON.stringify(name)).join(", ")} not set`);
}

/** The one NAME among the arguments before "--". */
export function nameOf(args: CommandArguments): string {
  const count = args.dashAt ?? args.length;
  if (count !== 1) throw new UsageError(`exactly one NAME is required, got ${count}`);
  return args[0] ?? "";
}

/** How a typed object is created and printed. */
export interface TypedWriting {
  readonly factory: Factory;
  readonly dryRun: DryRun;
  readonly printer: ObjectPrinter;
  readonly fieldValidation?: WriteOptions["fieldValidation"];
  readonly fieldManager: string;
  readonly saveConfig: boolean;
  readonly namespace: string;
}

/** Creates an object unless it is a dry run of the client's, and prints it; a failure begins with `failure`. */
export async function createTyped(object: UnstructuredObject, resource: ResourceRef, writing: TypedWriting, failure: string): Promise<KubernetesObject> {
  const { factory, dryRun, printer, namespace, fieldValidation, fieldManager, saveConfig } = writing;
  const annotated = saveConfig ? withSavedConfig(object) : object;
  let created = annotated;
  if (dryRun !== "client") {
    const client = (await factory.client()).resource(resource as ResourceRef<UnstructuredObject>, resource.namespaced ? namespace : "");
    try {
      created = await client.create(annotated, { fieldManager, dryRun: dryRun === "server", ...(fieldValidation !== undefined && { fieldValidation }) });
    } catch (error) {
      throw failure === "" ? error : new CommandError(`${failure}${messageOf(error)}`);
    }
  }
  factory.io.out(printer.print(created));
  return created;
}

/** --save-config: the object with the annotation that apply would write. */
export function withSavedConfig(object: UnstructuredObject): UnstructuredObject {
  const { [LAST_APPLIED_ANNOTATION]: _, ...annotations } = object.metadata.annotations ?? {};
  const plain = { ...object, metadata: { ...object.metadata } };
  if (Object.keys(annotations).length > 0) plain.metadata.annotations = annotations;
  else delete plain.metadata.annotations;
  const value = `${formatOrderedJson(asTyped(plain), "")}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [LAST_APPLIED_ANNOTATION]: value } } };
}

/** The metadata of an object that carries its namespace only when it was given. */
export function metadataOf(name: string, namespace: string): { name: string; namespace?: string } {
  return { name, ...(namespace !== "" && { namespace }) };
}

