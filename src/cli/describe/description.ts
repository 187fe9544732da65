// Behaviour: k8s.io/kubectl/pkg/describe (PrefixWriter, printLabelsMultiline and its siblings): how a description is written.
import type { LabelSelector } from "../../api/generated/types/meta/v1.ts";
import { formatLabelSelector } from "../../api/label-selector.ts";
import type { Clock } from "../../util/clock.ts";
import { humanDuration } from "../../util/duration.ts";
import { describeSettings, layOut } from "../printers/tab-writer.ts";
import { escapeTerminal } from "../printers/table.ts";

const MAX_ANNOTATION_LENGTH = 140;
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The text of a description as it grows; columns are laid out at its end, or at `flush`. */
export class Description {
  readonly clock: Clock;
  private finished = "";
  private pending = "";

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Appends text as it is, at a level of indentation. */
  write(level: number, text: string): void {
    this.pending += escapeTerminal("  ".repeat(level) + text);
  }

  /** A line "title:  value"; a value that is not there prints as nothing. */
  field(level: number, title: string, value: unknown): void {
    this.write(level, `${title}:\t${value ?? ""}\n`);
  }

  /** A line of cells. */
  row(level: number, ...cells: readonly unknown[]): void {
    this.write(level, `${cells.map((cell) => String(cell ?? "")).join("\t")}\n`);
  }

  /** The two lines above a table: titles and dashes. */
  header(level: number, ...titles: readonly string[]): void {
    this.row(level, ...titles);
    this.row(level, ...titles.map((title) => "-".repeat(title.length)));
  }

  /** One item a line behind the title, or "<none>". */
  multiline(title: string, items: readonly string[], indent = ""): void {
    const lines = items.length === 0 ? ["<none>"] : items;
    for (const [index, item] of lines.entries()) this.write(0, `${indent}${index === 0 ? `${title}:` : ""}\t${item}\n`);
  }

  /** Labels, one a line. */
  labels(title: string, labels: Readonly<Record<string, string>> | undefined, indent = ""): void {
    this.multiline(title, sortedPairs(labels, "="), indent);
  }

  /** Annotations, one a line, long ones and those of several lines below their key. */
  annotations(title: string, annotations: Readonly<Record<string, string>> | undefined): void {
    const keys = Object.keys(annotations ?? {}).filter((key) => key !== LAST_APPLIED).sort();
    this.write(0, `${title}:\t${keys.length === 0 ? "<none>\n" : ""}`);
    for (const [index, key] of keys.entries()) {
      if (index > 0) this.write(0, "\t");
      const value = (annotations?.[key] ?? "").replace(/\n$/, "");
      if (Buffer.byteLength(value) + Buffer.byteLength(key) + 2 <= MAX_ANNOTATION_LENGTH && !value.includes("\n")) this.write(0, `${key}: ${value}\n`);
      else {
        this.write(0, `${key}:\n`);
        for (const line of value.split("\n")) this.write(0, `\t  ${shorten(line, MAX_ANNOTATION_LENGTH - 2)}\n`);
      }
    }
  }

  /** Lays out what was written so far; what follows has columns of its own. */
  flush(): void {
    this.finished += layOut(this.pending, describeSettings);
    this.pending = "";
  }

  /** What was written since the last `flush`, its columns still apart by tabs. */
  get unaligned(): string {
    return this.pending;
  }

  /** How long ago a timestamp was, or "<unknown>". */
  age(timestamp: string | null | undefined): string {
    return timestamp === undefined || timestamp === null ? "<unknown>" : humanDuration(this.clock.now() - Date.parse(timestamp));
  }

  /** The whole description. */
  toString(): string {
    this.flush();
    return this.finished;
  }
}

/** "key=value" for each entry, in order of the keys. */
export function sortedPairs(entries: Readonly<Record<string, string>> | undefined, separator: string): string[] {
  return Object.keys(entries ?? {}).sort().map((key) => `${key}${separator}${entries?.[key] ?? ""}`);
}

/** "a=1,b=2", or "<none>". */
export function joinedLabels(labels: Readonly<Record<string, string>> | undefined): string {
  return sortedPairs(labels, "=").join(",") || "<none>";
}

/** A label selector's text, "<none>" for an empty one, "<error>" for one that is none. */
export function selectorText(selector: LabelSelector | undefined): string {
  try {
    return formatLabelSelector(selector);
  } catch {
    return "<error>";
  }
}

/** A timestamp in RFC 1123 with the local time zone's offset: "Mon, 02 Jan 2006 15:04:05 -0700". */
export function longTime(timestamp: string | null | undefined): string {
  if (timestamp === undefined || timestamp === null) return "Mon, 01 Jan 0001 00:00:00 +0000";
  const date = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const day = `${DAYS[date.getDay()]}, ${two(date.getDate())} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

/** "True", "False" or "<unset>". */
export function boolText(value: boolean | undefined): string {
  if (value === undefined) return "<unset>";
  return value ? "True" : "False";
}

/** The text up to `length` bytes, "..." where it was longer. */
export function shorten(text: string, length: number): string {
  const bytes = Buffer.from(text);
  return bytes.length > length ? `${bytes.subarray(0, length).toString("utf8")}...` : text;
}
