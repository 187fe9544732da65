// Behaviour: k8s.io/kubectl/pkg/cmd/apply/apply.go: applies one object after the other, by a patch made here or on the server.
import { StatusError, isConflict, isNotFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { isJsonObject } from "../../api/patch/json-value.ts";
import { LAST_APPLIED_ANNOTATION, lastAppliedAnnotation } from "../../api/patch/last-applied.ts";
import { CommandError, ErrorList, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import type { DryRun } from "../flag-groups.ts";
import type { DeleteBody, ObjectWriter } from "../object-writer.ts";
import { withSource } from "../object-writer.ts";
import { type PrintOptions, changePrinter } from "../print-flags.ts";
import { listPrinter } from "../printers/typed.ts";
import { type ResourceInfo, type ResourceQuery, findResources } from "../resource-query.ts";
import { getObject } from "../resource-requests.ts";
import type { ResourceMapping } from "../rest-mapper.ts";
import { type Patcher, describeInfo } from "./patcher.ts";
import { annotated } from "./saved-config.ts";

/** What `apply` was asked for. */
export interface ApplyOptions {
  readonly factory: Factory;
  readonly query: ResourceQuery;
  readonly print: PrintOptions;
  readonly dryRun: DryRun;
  readonly writer: ObjectWriter;
  readonly fieldManager: string;
  readonly serverSide: boolean;
  readonly forceConflicts: boolean;
  readonly subresource: string;
  readonly deletion: DeleteBody;
  makePatcher(): Promise<Patcher>;
  /** Set with --prune: the types to look through, those of the default list when empty. */
  readonly prune?: { readonly mappings: readonly ResourceMapping[]; readonly labelSelector: string };
}

const CONFLICT_ADVICE = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/** Applies every object of the files, then prints them or prunes as asked. */
export async function runApply(options: ApplyOptions): Promise<void> {
  const { infos, errors } = await collect(options);
  if (infos.length === 0 && errors.length === 0) throw new CommandError("no objects passed to apply");
  const patcher = await options.makePatcher();
  const visited: Visited = { uids: new Set(), namespaces: new Set(options.query.namespace.explicit ? [options.query.namespace.name] : []) };
  const applied: UnstructuredObject[] = [];
  for (const info of infos) {
    if (info.mapping.namespaced) visited.namespaces.add(info.namespace);
    try {
      const { object, operation } = await applyOne(options, patcher, info, visited);
      applied.push(object);
      if (!printsObjects(options)) await report(options, object, operation);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new ErrorList(errors.flatMap((error) => (error instanceof ErrorList ? error.errors : [error])));
  if (printsObjects(options)) await printApplied(options, applied);
  if (options.prune !== undefined) await pruneRest(options, options.prune, visited);
}

interface Visited {
  readonly uids: Set<string>;
  readonly namespaces: Set<string>;
}

interface Applied {
  readonly object: UnstructuredObject;
  readonly operation: string;
}

async function collect({ factory, query }: ApplyOptions): Promise<{ infos: ResourceInfo[]; errors: unknown[] }> {
  const infos: ResourceInfo[] = [];
  const errors: unknown[] = [];
  const result = await findResources(factory, query);
  try {
    await result.visit((info) => void infos.push(info));
  } catch (error) {
    errors.push(error);
  }
  return { infos, errors };
}

async function applyOne(options: ApplyOptions, patcher: Patcher, info: ResourceInfo, visited: Visited): Promise<Applied> {
  const { object } = info;
  if (object === undefined) throw new CommandError("no objects passed to apply");
  if (info.name === "" && (object.metadata.generateName ?? "") !== "") {
    throw new CommandError(`from ${object.metadata.generateName}: cannot use generate name with apply`);
  }
  return options.serverSide ? applyOnServer(options, info, object, visited) : applyHere(options, patcher, info, object, visited);
}

async function applyHere(options: ApplyOptions, patcher: Patcher, info: ResourceInfo, object: UnstructuredObject, visited: Visited): Promise<Applied> {
  const { factory, writer, dryRun } = options;
  const { io } = factory;
  const modified = annotated(object);
  let current: UnstructuredObject;
  try {
    current = await getObject(await factory.transport(), info);
  } catch (error) {
    if (!isNotFound(error)) throw withSource(`retrieving current configuration of:\n${describeInfo(info)}\nfrom server for:`, info.source, error);
    const fresh = withoutNulls(modified) as UnstructuredObject;
    const created = dryRun === "client" ? fresh : await writer.create(info, fresh).catch((reason: unknown) => Promise.reject(withSource("creating", info.source, reason)));
    visited.uids.add(created.metadata.uid ?? "");
    return { object: created, operation: "created" };
  }
  visited.uids.add(current.metadata.uid ?? "");
  if (lastAppliedAnnotation(current) === undefined) {
    io.err(
      `Warning: resource ${info.mapping.resource}/${info.name} is missing the ${LAST_APPLIED_ANNOTATION} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  }
  if (dryRun === "client") return { object: current, operation: "configured" };
  const { patch, object: patched } = await patcher.patch(info, current, modified);
  warnIfDeleting(factory, patched);
  return { object: patched, operation: patch === "{}" ? "unchanged" : "configured" };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, field]) => (field === null ? [] : [[key, withoutNulls(field)]])));
}

async function applyOnServer(options: ApplyOptions, info: ResourceInfo, object: UnstructuredObject, visited: Visited): Promise<Applied> {
  const { factory, writer, fieldManager, forceConflicts, subresource } = options;
  const send = () => writer.patch(info, "application/apply-patch+yaml", object, { force: forceConflicts, subresource });
  let result: UnstructuredObject;
  try {
    result = await send();
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 415) throw new CommandError(`Server-side apply not available on the server: (${error.message})`);
    if (isConflict(error)) throw new CommandError(`${error.message}${CONFLICT_ADVICE}`);
    throw error;
  }
  result = await migrate(options, info, result, send, fieldManager);
  warnIfDeleting(factory, result);
  visited.uids.add(result.metadata.uid ?? "");
  return { object: result, operation: "serverside-applied" };
}

/** Hands the fields of earlier client-side applies over; failures are only warned of, as the object itself is applied. */
async function migrate(options: ApplyOptions, info: ResourceInfo, object: UnstructuredObject, send: () => Promise<UnstructuredObject>, manager: string): Promise<UnstructuredObject> {
  if (lastAppliedAnnotation(object) === undefined) return object;
  const { factory, writer } = options;
  const warn = (what: string, error: unknown) => factory.io.err(`Warning: ${what}. This is non-fatal and will be retried next time you apply. Error: ${messageOf(error)}\n`);
  const { migrateManagedFields, saveLastApplied } = await import("./field-managers.ts");
  let saved: UnstructuredObject;
  try {
    saved = await saveLastApplied(writer, info, object, manager);
  } catch (error) {
    warn("failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply", error);
    return object;
  }
  let migrated: UnstructuredObject | undefined;
  try {
    migrated = await migrateManagedFields(writer, await factory.transport(), info, saved, manager);
  } catch (error) {
    warn("server rejected managed fields migration to Server-Side Apply", error);
    return saved;
  }
  if (migrated === undefined) return saved;
  try {
    return await send();
  } catch (error) {
    warn("failed to re-apply configuration after performing Server-Side Apply migration", error);
    return migrated;
  }
}

function warnIfDeleting({ io }: Factory, { metadata }: UnstructuredObject): void {
  if (metadata.deletionTimestamp !== undefined) io.err(`Warning: Detected changes to resource ${metadata.name} which is currently being deleted.\n`);
}

/** Whether -o asks for objects, which are printed at the end. */
function printsObjects({ print }: ApplyOptions): boolean {
  return print.output !== "" && print.output !== "name";
}

async function report({ factory, print, dryRun }: ApplyOptions, object: UnstructuredObject, operation: string): Promise<void> {
  factory.io.out((await changePrinter(print, operation, dryRun)).print(object));
}

async function printApplied({ factory, print, dryRun }: ApplyOptions, objects: readonly UnstructuredObject[]): Promise<void> {
  const [only] = objects;
  if (only === undefined) return;
  const printed = objects.length === 1 ? only : ({ kind: "List", apiVersion: "v1", metadata: {}, items: objects } as unknown as UnstructuredObject);
  const printer = objects.length === 1 ? await changePrinter(print, "", dryRun) : listPrinter(await changePrinter(print, "", dryRun), print);
  factory.io.out(printer.print(printed));
}

async function pruneRest(options: ApplyOptions, { mappings, labelSelector }: NonNullable<ApplyOptions["prune"]>, visited: Visited): Promise<void> {
  const { factory, dryRun, deletion } = options;
  const { defaultPruneMappings, prune } = await import("./prune.ts");
  await prune({
    factory,
    mappings: mappings.length > 0 ? mappings : await defaultPruneMappings(await factory.mapper()),
    labelSelector,
    namespaces: visited.namespaces,
    kept: visited.uids,
    dryRun,
    deletion,
    report: (object) => report(options, object, "pruned"),
  });
}
