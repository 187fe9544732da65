// Behaviour: Go's time.Parse and metav1.Time, MicroTime: RFC 3339 in, UTC out, and Go's words for what is not a time.

/** A text that is not a time; the message is Go's. */
export class TimeError extends Error {
  override readonly name = "TimeError";
}

const SECONDS_LAYOUT = "2006-01-02T15:04:05Z07:00";
const MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
const CANONICAL = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A time in UTC, to the second: "2026-01-02T03:04:05Z"; throws a TimeError. */
export function normalizeTime(text: string): string {
  if (CANONICAL.test(text) && !Number.isNaN(Date.parse(text)) && Number(text.slice(8, 10)) <= 28) return text;
  return `${parse(text, SECONDS_LAYOUT).iso}Z`;
}

/** A time in UTC, to the microsecond: "2026-01-02T03:04:05.000006Z"; throws a TimeError. */
export function normalizeMicroTime(text: string): string {
  const { iso, fraction } = parse(text, MICRO_LAYOUT);
  return `${iso}.${fraction.slice(0, 6).padEnd(6, "0")}Z`;
}

/** The text of a time given in seconds since the epoch; undefined outside the years 0 to 9999. */
export function formatSeconds(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return undefined;
  const text = date.toISOString();
  return text.length === 24 ? text.slice(0, 19) : undefined;
}

function parse(text: string, layout: string): { iso: string; fraction: string } {
  const reader = new Reader(text, layout);
  const year = reader.digits(4, "2006");
  reader.literal("-");
  const month = reader.digits(2, "01");
  if (month < 1 || month > 12) throw reader.outOfRange("month");
  reader.literal("-");
  const day = reader.digits(2, "02");
  reader.literal("T");
  const hour = reader.digits(2, "15");
  if (hour > 23) throw reader.outOfRange("hour");
  reader.literal(":");
  const minute = reader.digits(2, "04");
  if (minute > 59) throw reader.outOfRange("minute");
  reader.literal(":");
  const second = reader.digits(2, "05");
  if (second > 59) throw reader.outOfRange("second");
  const fraction = layout === MICRO_LAYOUT ? reader.match(/^[.,][0-9]{6}(?![0-9])/, ".000000").slice(1) : reader.optional(/^[.,][0-9]+/).slice(1);
  const zone = reader.match(/^(?:Z|[+-][0-9]{2}:[0-9]{2})/, "Z07:00");
  reader.end();
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day < 1 || day > (month === 2 && leap ? 29 : (DAYS[month - 1] ?? 31))) throw reader.outOfRange("day");
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const iso = formatSeconds(date.getTime() / 1000 - offsetSeconds(zone));
  if (iso === undefined) throw new TimeError(`parsing time ${JSON.stringify(text)}: year outside of range [0,9999]`);
  return { iso, fraction };
}

function offsetSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const seconds = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}

/** Eats a text along a layout. */
class Reader {
  private readonly text: string;
  private readonly layout: string;
  private rest: string;

  constructor(text: string, layout: string) {
    this.text = text;
    this.layout = layout;
    this.rest = text;
  }

  digits(count: number, element: string): number {
    return Number(this.match(new RegExp(`^[0-9]{${count}}`), element));
  }

  literal(character: string): void {
    this.match(new RegExp(`^${character}`), character);
  }

  match(pattern: RegExp, element: string): string {
    const found = pattern.exec(this.rest)?.[0];
    if (found === undefined) {
      throw new TimeError(`parsing time ${this.quoted(this.text)} as "${this.layout}": cannot parse ${this.quoted(this.rest)} as "${element}"`);
    }
    this.rest = this.rest.slice(found.length);
    return found;
  }

  optional(pattern: RegExp): string {
    const found = pattern.exec(this.rest)?.[0] ?? "";
    this.rest = this.rest.slice(found.length);
    return found;
  }

  end(): void {
    if (this.rest !== "") throw new TimeError(`parsing time ${this.quoted(this.text)}: extra text: ${this.quoted(this.rest)}`);
  }

  outOfRange(what: string): TimeError {
    return new TimeError(`parsing time ${this.quoted(this.text)}: ${what} out of range`);
  }

  private quoted(text: string): string {
    return JSON.stringify(text);
  }
}
