// Behaviour: k8s.io/kubectl/pkg/cmd/get/get.go (Run, printGeneric).
import { isNotFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { requestBody } from "../../client/rest-client.ts";
import { CommandError, ErrorList } from "../errors.ts";
import { layOut, tableSettings } from "../printers/tab-writer.ts";
import { type TablePrinter, isTable } from "../printers/table.ts";
import { type ResourceInfo, type ResourceQuery, findResources } from "../resource-query.ts";
import type { ResourceMapping } from "../rest-mapper.ts";
import { type GetOptions, getQuery } from "./options.ts";
import { isHumanReadable, otherPrinter, tablePrinter } from "./printers.ts";
import { sortBy, sortTable } from "./sorting.ts";

/** Gets, prints, and watches when asked to. */
export async function runGet(options: GetOptions): Promise<void> {
  if (options.raw !== "") return printRaw(options);
  if (options.watch) return (await import("./watch.ts")).runWatch(options);
  const query: ResourceQuery = {
    ...getQuery(options),
    chunkSize: options.sortBy === "" ? options.chunkSize : 0,
    subresource: options.subresource,
    continueOnError: true,
    flatten: true,
  };
  return isHumanReadable(options.print) ? printTables(options, query) : printObjects(options, query);
}

async function printRaw({ factory, raw }: GetOptions): Promise<void> {
  const transport = await factory.transport();
  const stream = await transport.stream({ method: "GET", path: raw }, factory.io.signal);
  if (stream.status >= 400) {
    await requestBody(transport, { method: "GET", path: raw });
  }
  for await (const chunk of stream.chunks) factory.io.out(chunk);
}

/** Collects what a query finds, and its errors apart; those of missing objects only when they matter. */
async function collect(options: GetOptions, query: ResourceQuery): Promise<{ infos: ResourceInfo[]; errors: unknown[]; single: boolean; listed: boolean }> {
  const infos: ResourceInfo[] = [];
  const result = await findResources(options.factory, query);
  try {
    await result.visit((info) => void infos.push(info));
    return { infos, errors: [], single: result.singleItemImplied, listed: false };
  } catch (error) {
    const all = error instanceof ErrorList ? error.errors : [error];
    return { infos, errors: options.ignoreNotFound ? all.filter((one) => !isNotFound(one)) : [...all], single: result.singleItemImplied, listed: error instanceof ErrorList };
  }
}

async function printTables(options: GetOptions, query: ResourceQuery): Promise<void> {
  const { factory, allNamespaces } = options;
  const { infos: found, errors, listed } = await collect(options, query);
  const infos = options.sortBy === "" ? found : sortInfos(found, options.sortBy);
  const kinds = new Set(infos.map(({ mapping }) => mapping));
  const out = new GroupedOutput(!options.print["no-headers"], (text) => factory.io.out(text));
  let namespacedOnly = !allNamespaces;
  let printer: TablePrinter | undefined;
  let last: ResourceMapping | undefined;
  for (const { mapping, object } of infos) {
    namespacedOnly &&= mapping.namespaced;
    if (printer === undefined || last !== mapping) {
      out.nextGroup();
      printer = tablePrinter(options.print, factory.io, mapping, allNamespaces && mapping.namespaced, kinds.size > 1);
      last = mapping;
    }
    if (object !== undefined) out.write(printer.print(object));
  }
  out.end();
  if (!out.wrote && !options.ignoreNotFound && errors.length === 0) {
    factory.io.err(namespacedOnly ? `No resources found in ${options.namespace.name} namespace.\n` : "No resources found\n");
  }
  if (errors.length > 0) throw new ErrorList(listed ? [new ErrorList(errors)] : errors);
}

function sortInfos(infos: readonly ResourceInfo[], field: string): ResourceInfo[] {
  const tables = infos.filter(({ object }) => object !== undefined && isTable(object));
  if (tables.length > 0 && tables.length < infos.length) throw new CommandError("sorting is not supported on mixed Table and non-Table object lists");
  if (tables.length > 0) {
    return infos.map((info) => ({ ...info, object: info.object !== undefined && isTable(info.object) ? (sortTable(info.object, field) as unknown as UnstructuredObject) : info.object }) as ResourceInfo);
  }
  return infos.length < 2 ? [...infos] : sortBy(infos, field, ({ object }) => object);
}

/** Lays out one table a group, with an empty line between groups that have headers. */
class GroupedOutput {
  wrote = false;
  private readonly separate: boolean;
  private readonly send: (text: string) => void;
  private pending = "";
  private group = 0;

  constructor(separate: boolean, send: (text: string) => void) {
    this.separate = separate;
    this.send = send;
  }

  write(text: string): void {
    this.pending += text;
  }

  nextGroup(): void {
    this.end();
    this.group += 1;
  }

  end(): void {
    if (this.pending === "") return;
    const blank = this.separate && this.wrote ? "\n" : "";
    this.send(blank + layOut(this.pending, tableSettings));
    this.wrote = true;
    this.pending = "";
  }
}

async function printObjects(options: GetOptions, query: ResourceQuery): Promise<void> {
  const { infos, errors, single } = await collect(options, query);
  if (single && errors.length > 0) throw new ErrorList(errors);
  if (infos.length === 0 && options.ignoreNotFound) {
    if (errors.length > 0) throw new ErrorList(errors);
    return;
  }
  const printer = await otherPrinter(options.print);
  const objects = infos.map(({ object }) => object).filter((object) => object !== undefined);
  const [only] = objects;
  const printed = single && objects.length === 1 && only !== undefined ? only : listOf(objects, options.sortBy);
  options.factory.io.out(printer.print(printed));
  if (errors.length > 0) throw new ErrorList(errors);
}

/** Several objects as one v1 List. */
function listOf(objects: readonly UnstructuredObject[], field: string): UnstructuredObject {
  const items = field === "" || objects.length === 0 ? objects : sortBy(objects, field, (object) => object);
  return { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items } as unknown as UnstructuredObject;
}
