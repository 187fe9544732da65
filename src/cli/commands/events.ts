// Behaviour: k8s.io/kubectl/pkg/cmd/events/events.go.
import type { Event } from "../../api/generated/types/core/v1.ts";
import { formatApiVersion, type UnstructuredObject } from "../../api/object.ts";
import { events as eventsResource } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import { defineCommand } from "../command.ts";
import { intervalOf } from "../describe/events.ts";
import { CommandError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { allNamespacesFlag, chunkSizeFlag } from "../flag-groups.ts";
import { boolFlag, stringFlag, stringSliceFlag } from "../flags.ts";
import type { IO } from "../io.ts";
import { changeFormats, noPrinter, objectPrinter, printFlags } from "../print-flags.ts";
import type { ObjectPrinter } from "../printers/printer.ts";
import { layOut, tableSettings } from "../printers/tab-writer.ts";
import { ageOf, escapeTerminal } from "../printers/table.ts";
import { readTuple } from "../resource-arguments.ts";

interface EventsOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly fieldSelector: string;
  readonly types: readonly string[];
  readonly chunkSize: number;
  readonly watch: boolean;
  readonly noHeaders: boolean;
  /** Undefined for the table. */
  readonly printer: ObjectPrinter | undefined;
}

export default defineCommand({
  use: `events [(-o|--output=)${changeFormats.join("|")}] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]`,
  summary: "List events",
  description: "Prints a table of the most recent events, the last one at the end.",
  examples: `
    # The events of the namespace
    kubectl events

    # Those of a pod, and further ones as they come
    kubectl events --for pod/web-0 --watch

    # Warnings only
    kubectl events --types=Warning`,
  flags: {
    ...printFlags,
    ...allNamespacesFlag,
    ...chunkSizeFlag,
    for: stringFlag("Only events of this object (TYPE/NAME)."),
    "no-headers": boolFlag("Leave the header line out."),
    types: stringSliceFlag("Only events of these types (Normal, Warning)."),
    watch: boolFlag("Watch for further events.", { shorthand: "w" }),
  },
  async toOptions(factory, _args, { values }): Promise<EventsOptions> {
    const { name: namespace } = await factory.namespace();
    const fieldSelector = values.for === "" ? "" : await selectorOf(values.for, factory);
    const printer = values.output === "" && values.template === "" ? undefined : await objectPrinter(values);
    if (values.output !== "" && printer === undefined) throw noPrinter(values.output, changeFormats);
    return {
      client: await factory.client(),
      namespace,
      allNamespaces: values["all-namespaces"],
      fieldSelector,
      types: values.types,
      chunkSize: values["chunk-size"],
      watch: values.watch,
      noHeaders: values["no-headers"],
      printer,
    };
  },
  validate({ types }) {
    if (!types.every((type) => /^(?:normal|warning)$/i.test(type))) throw new CommandError("valid --types are Normal or Warning");
  },
  run: (options, io) => (options.watch ? watchEvents(options, io) : listEvents(options, io)),
});

async function selectorOf(word: string, factory: Factory): Promise<string> {
  if (!word.includes("/")) throw new CommandError("--for must be in resource/name form");
  const { resource, name } = readTuple(word);
  const mapping = await (await factory.mapper()).resource(resource);
  return `involvedObject.apiVersion=${formatApiVersion(mapping)},involvedObject.kind=${mapping.kind},involvedObject.name=${name}`;
}

function isWanted({ type }: Event, { types }: EventsOptions): boolean {
  return types.length === 0 || types.some((wanted) => wanted.toLowerCase() === type?.toLowerCase());
}

async function listEvents(options: EventsOptions, io: IO): Promise<void> {
  const resource = options.client.resource(eventsResource, options.allNamespaces ? "" : options.namespace);
  const found: Event[] = [];
  let next: string | undefined;
  do {
    const page = await resource.list({ fieldSelector: options.fieldSelector, limit: options.chunkSize, ...(next && { continue: next }) });
    found.push(...page.items);
    next = page.metadata.continue;
  } while (next);
  const shown = found.filter((event) => isWanted(event, options)).sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
  if (shown.length === 0) return io.err(options.allNamespaces ? "No events found.\n" : `No events found in ${options.namespace} namespace.\n`);
  if (options.printer !== undefined) {
    const list = { apiVersion: "v1", kind: "EventList", metadata: {}, items: shown } as unknown as UnstructuredObject;
    return io.out(options.printer.print(list));
  }
  const lines = shown.map((event) => lineOf(event, options, io));
  io.out(layOut(`${options.noHeaders ? "" : header(options)}${lines.join("")}`, tableSettings));
}

async function watchEvents(options: EventsOptions, io: IO): Promise<void> {
  const resource = options.client.resource(eventsResource, options.allNamespaces ? "" : options.namespace);
  const widths: number[] = [];
  let headed = options.noHeaders;
  for await (const { type, object } of resource.watch({ fieldSelector: options.fieldSelector }, io.signal)) {
    if (type === "DELETED" || type === "BOOKMARK" || !isWanted(object, options)) continue;
    if (options.printer !== undefined) io.out(options.printer.print(object as unknown as UnstructuredObject));
    else io.out(layOut(`${headed ? "" : header(options)}${lineOf(object, options, io)}`, tableSettings, widths));
    headed = true;
  }
}

function timeOf(event: Event): string {
  return event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? "";
}

function header({ allNamespaces }: EventsOptions): string {
  return `${allNamespaces ? "NAMESPACE\t" : ""}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`;
}

function lineOf(event: Event, { allNamespaces }: EventsOptions, io: IO): string {
  const { kind = "", name = "" } = event.involvedObject;
  const cells = [event.type ?? "", event.reason ?? "", `${kind}/${name}`, (event.message ?? "").trim()].map(escapeTerminal);
  const interval = intervalOf(event, { age: (timestamp) => ageOf(timestamp, io.clock) });
  return `${[...(allNamespaces ? [event.metadata.namespace ?? ""] : []), interval, ...cells].join("\t")}\n`;
}
