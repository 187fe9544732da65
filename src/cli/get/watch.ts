// Behaviour: k8s.io/kubectl/pkg/cmd/get/get.go (watch): the list first, then every change as it comes.
import { isNotFound } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { withQuery } from "../../client/resource-path.ts";
import { watchEvents } from "../../client/watch-stream.ts";
import { CommandError } from "../errors.ts";
import { layOut, tableSettings } from "../printers/tab-writer.ts";
import { type Printable, isTable } from "../printers/table.ts";
import { type ResourceInfo, findResources, isList } from "../resource-query.ts";
import { objectPath } from "../rest-mapper.ts";
import { type GetOptions, getQuery } from "./options.ts";
import { isHumanReadable, otherPrinter, tablePrinter } from "./printers.ts";

/** Prints what is there (not with --watch-only) and then what changes, until the server or the user ends it. */
export async function runWatch(options: GetOptions): Promise<void> {
  const { factory, outputWatchEvents } = options;
  const query = getQuery(options);
  const result = await findResources(factory, { ...query, chunkSize: options.chunkSize, singleType: true });
  let infos: ResourceInfo[];
  try {
    infos = await result.infos();
  } catch (error) {
    if (isNotFound(error) && options.ignoreNotFound) return;
    throw error;
  }
  const [info] = infos;
  if (info?.object === undefined) throw new CommandError("no resources were found to watch");
  if (infos.length > 1) throw new CommandError(`watch is only supported on individual resources and resource collections - ${infos.length} resources were found`);
  const { object, mapping } = info;
  const human = isHumanReadable(options.print);
  const printer = human ? tablePrinter(options.print, factory.io, mapping, options.allNamespaces && mapping.namespaced, false) : await otherPrinter(options.print);
  const widths: number[] = [];
  const print = (printable: Printable) => {
    const text = printer.print(printable);
    factory.io.out(human ? layOut(text, tableSettings, widths) : text);
  };
  const list = info.name === "";
  const present: UnstructuredObject[] = isList(object) ? itemsOf(object) : [object];
  for (const one of present) {
    const printable = options.watchOnly ? withoutRows(one) : one;
    if (printable !== undefined) print(outputWatchEvents ? { type: "ADDED", object: printable } : printable);
  }
  const path = withQuery(objectPath(mapping, info.namespace), {
    ...query.parameters,
    ...(list ? { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector } : { fieldSelector: `metadata.name=${info.name}` }),
    resourceVersion: list ? object.metadata.resourceVersion : "0",
    watch: true,
  });
  let show = list;
  const request = { method: "GET", path, ...(query.accept !== undefined && { headers: { accept: query.accept } }) } as const;
  for await (const event of watchEvents<UnstructuredObject>(await factory.transport(), request, mapping, factory.io.signal)) {
    const shown = show ? event.object : withoutRows(event.object);
    if (shown !== undefined) print(outputWatchEvents ? { type: event.type, object: shown } : shown);
    show = true;
  }
}

function itemsOf(list: UnstructuredObject): UnstructuredObject[] {
  const kind = list.kind.replace(/List$/, "");
  return (list.items as UnstructuredObject[]).map((item) => ({ ...item, apiVersion: item.apiVersion ?? list.apiVersion, kind: item.kind ?? kind }));
}

/** What of an object is printed when its content is not wanted: a Table's columns, nothing of others. */
function withoutRows(object: UnstructuredObject): UnstructuredObject | undefined {
  return isTable(object) ? ({ ...object, rows: [] } as unknown as UnstructuredObject) : undefined;
}
