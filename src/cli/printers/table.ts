// Behaviour: k8s.io/cli-runtime/pkg/printers/tableprinter.go: server-side Tables as text, with the columns that flags add.
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import type { Clock } from "../../util/clock.ts";
import { humanDuration } from "../../util/duration.ts";
import { goText } from "./go-values.ts";
import type { Table, TableColumnDefinition, TableRow } from "./table-types.ts";

/** What flags ask of a table. */
export interface TableOptions {
  readonly noHeaders: boolean;
  readonly wide: boolean;
  readonly withNamespace: boolean;
  /** Prefix of names ("pod", "deployment.apps") with --show-kind. */
  readonly kind?: string;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
}

/** An object, a list or Table of objects, or a watch event around one. */
export type Printable = UnstructuredObject | { readonly type: string; readonly object: UnstructuredObject };

const EVENT_TYPES: Readonly<Record<string, string>> = { ADDED: "ADDED   ", MODIFIED: "MODIFIED", DELETED: "DELETED ", ERROR: "ERROR   " };

/** A column that is put before or behind the server's. */
interface ExtraColumn {
  readonly header: string;
  readonly before: boolean;
  value(object: KubernetesObject | undefined): string | undefined;
}

/** Prints Tables one after the other as lines of tab-separated cells; headers come when the columns change. */
export class TablePrinter {
  private readonly options: TableOptions;
  private readonly clock: Clock;
  private columns: readonly TableColumnDefinition[] = [];
  private printedHeaders = false;
  private lastKind = "";

  constructor(options: TableOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
  }

  /** The lines of a Table, or of an object that the server sent instead. */
  print(printable: Printable): string {
    const event = isEvent(printable) ? printable : undefined;
    const object = isEvent(printable) ? printable.object : printable;
    const extras = this.extraColumns(event?.type);
    return isTable(object) ? this.printTable(object, extras) : this.printObject(object, extras);
  }

  private printTable(table: Table, extras: readonly ExtraColumn[]): string {
    const given = table.columnDefinitions ?? [];
    const same = given.length === 0 || JSON.stringify(given) === JSON.stringify(this.columns);
    const noHeaders = this.options.noHeaders || (this.printedHeaders && same);
    if (!same) {
      this.columns = given;
      this.printedHeaders = false;
    }
    const rows = table.rows ?? [];
    if (rows.length === 0) return "";
    this.printedHeaders = true;
    const shown = [...this.columns.keys()].filter((index) => this.options.wide || (this.columns[index]?.priority ?? 0) === 0);
    const nameColumn = this.options.kind === undefined ? -1 : this.columns.findIndex(({ format, type }) => format === "name" && type === "string");
    const lines = noHeaders ? [] : [headerLine(shown.map((index) => this.columns[index]?.name ?? ""), extras)];
    for (const row of rows) lines.push(this.rowLine(row, shown, nameColumn, extras));
    return `${lines.join("\n")}\n`;
  }

  private rowLine(row: TableRow, shown: readonly number[], nameColumn: number, extras: readonly ExtraColumn[]): string {
    const { object } = row;
    const cells = row.cells;
    const own = shown.filter((index) => index < cells.length).map((index) => cellText(index === nameColumn ? `${this.options.kind}/${goText(cells[index])}` : cells[index]));
    return joinRow(own, extras, object?.metadata === undefined ? undefined : object);
  }

  /** Name and age, for a server that knows no Tables, or status, reason and message. */
  private printObject(object: UnstructuredObject, extras: readonly ExtraColumn[]): string {
    const status = object.kind === "Status";
    const kind = status ? "status" : "object";
    const lines = this.lastKind !== kind && this.lastKind !== "" && !this.options.noHeaders ? [""] : [];
    if (this.lastKind !== kind && !this.options.noHeaders) lines.push(headerLine(status ? ["Status", "Reason", "Message"] : ["Name", "Age"], extras));
    this.lastKind = kind;
    const items = Array.isArray(object.items) ? (object.items as UnstructuredObject[]) : [object];
    for (const item of items) {
      const cells = status ? [object.status, object.reason, object.message] : [this.nameOf(item), ageOf(item.metadata?.creationTimestamp, this.clock)];
      lines.push(joinRow(cells.map((cell) => goText(cell ?? "")), extras, item));
    }
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }

  private nameOf(object: UnstructuredObject): string {
    return this.options.kind === undefined ? (object.metadata?.name ?? "") : `${this.options.kind}/${object.metadata?.name ?? ""}`;
  }

  private extraColumns(eventType: string | undefined): ExtraColumn[] {
    const { withNamespace, labelColumns, showLabels } = this.options;
    const extras: ExtraColumn[] = [];
    if (eventType !== undefined) extras.push({ header: "EVENT", before: true, value: () => EVENT_TYPES[eventType] ?? eventType });
    if (withNamespace) extras.push({ header: "NAMESPACE", before: true, value: (object) => object?.metadata.namespace ?? "" });
    for (const label of labelColumns) {
      extras.push({ header: (label.split("/").at(-1) ?? "").toUpperCase(), before: false, value: (object) => object?.metadata.labels?.[label] ?? "" });
    }
    if (showLabels) extras.push({ header: "LABELS", before: false, value: (object) => (object === undefined ? "" : formatLabels(object.metadata.labels)) });
    return extras;
  }
}

function headerLine(names: readonly string[], extras: readonly ExtraColumn[]): string {
  const headers = (before: boolean) => extras.filter((extra) => extra.before === before).map(({ header }) => header);
  return [...headers(true), ...names.map((name) => name.toUpperCase()), ...headers(false)].join("\t");
}

function joinRow(cells: readonly string[], extras: readonly ExtraColumn[], object: KubernetesObject | undefined): string {
  const values = (before: boolean) => extras.filter((extra) => extra.before === before).map((extra) => cellText(extra.value(object) ?? ""));
  return [...values(true), ...cells, ...values(false)].join("\t");
}

/** A cell up to its first line break, control characters made visible. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  const text = goText(cell);
  const end = text.search(/[\f\n\r]/);
  return escapeTerminal(end === -1 ? text : text.slice(0, end)) + (end === -1 ? "" : "...");
}

/** Makes escape sequences and carriage returns visible. */
export function escapeTerminal(text: string): string {
  return text.replaceAll("\u001b", "^[").replaceAll("\r", "\\r");
}

/** "a=1,b=2", or "<none>". */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).sort();
  return pairs.length === 0 ? "<none>" : pairs.join(",");
}

/** How long ago a timestamp was, or "<unknown>". */
export function ageOf(timestamp: string | null | undefined, clock: Clock): string {
  return timestamp === undefined || timestamp === null ? "<unknown>" : humanDuration(clock.now() - Date.parse(timestamp));
}

/** Whether the server answered with a Table. */
export function isTable(object: object): object is Table {
  const { kind, apiVersion } = object as { kind?: string; apiVersion?: string };
  return kind === "Table" && (apiVersion === "meta.k8s.io/v1" || apiVersion === "meta.k8s.io/v1beta1");
}

/** Whether a watch event is meant rather than an object. */
export function isEvent(printable: Printable): printable is { readonly type: string; readonly object: UnstructuredObject } {
  return !("kind" in printable) && "object" in printable;
}
