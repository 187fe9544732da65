// Behaviour: github.com/spf13/pflag: flag types, their defaults, how their values are read and their parse errors worded.
import { parseDuration } from "../util/duration.ts";

/** One flag of a command; its name is its key in the command's table. */
export interface FlagSpec<T> {
  /** One sentence for the help text. */
  readonly usage: string;
  /** One letter. */
  readonly shorthand?: string;
  readonly default: T;
  /** How the default reads in help. */
  readonly defaultText: string;
  /** The value of a flag given bare (`--watch`, `--dry-run`); without it a bare flag takes the next argument. */
  readonly bare?: string;
  /** Not in help. */
  readonly hidden?: boolean;
  /** Sentence that follows "Flag --x has been deprecated, ". */
  readonly deprecated?: string;
  /** Takes in one value; `previous` is undefined at the flag's first use. Throws FlagValueError. */
  read(text: string, previous: T | undefined): T;
}

/** The flags of a command by name, without dashes. */
export type FlagTable = Readonly<Record<string, FlagSpec<unknown>>>;

/** The values of a command's flags by name. */
export type FlagValues<F extends FlagTable> = { readonly [K in keyof F]: F[K] extends FlagSpec<infer T> ? T : never };

/** A command line's flags after parsing. */
export interface Flags<F extends FlagTable> {
  readonly values: FlagValues<F>;
  /** Whether the flag was given, whatever its value. */
  changed(name: keyof F & string): boolean;
}

/** Why a value cannot be read, in the words of Go's strconv. */
export class FlagValueError extends Error {
  override readonly name = "FlagValueError";
}

interface FlagOptions<T> {
  shorthand?: string;
  default?: T;
  bare?: string;
  hidden?: boolean;
  deprecated?: string;
}

function flag<T>(usage: string, options: FlagOptions<T>, zero: T, defaultText: (value: T) => string, read: FlagSpec<T>["read"]): FlagSpec<T> {
  const value = options.default ?? zero;
  return { usage, ...options, default: value, defaultText: defaultText(value), read };
}

/** A text. */
export function stringFlag(usage: string, options: FlagOptions<string> = {}): FlagSpec<string> {
  return flag(usage, options, "", (value) => `'${value}'`, (text) => text);
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  1: true, t: true, T: true, true: true, TRUE: true, True: true,
  0: false, f: false, F: false, false: false, FALSE: false, False: false,
};

/** Yes or no; bare means yes. */
export function boolFlag(usage: string, options: FlagOptions<boolean> = {}): FlagSpec<boolean> {
  return flag(usage, { bare: "true", ...options }, false, String, (text) => {
    const value = BOOLEANS[text];
    if (value === undefined) throw new FlagValueError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
    return value;
  });
}

function readInteger(text: string, bits: 32 | 64, parser: string): number {
  if (!/^[+-]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]*|0[bB][01]+|[1-9][0-9]*)$/.test(text)) {
    throw new FlagValueError(`strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const digits = text.replace(/^[+-]/, "");
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = text.startsWith("-") ? -magnitude : magnitude;
  if (BigInt.asIntN(bits, value) !== value) {
    throw new FlagValueError(`strconv.${parser}: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return Number(value);
}

/** A whole number. */
export function intFlag(usage: string, options: FlagOptions<number> & { bits?: 32 | 64 } = {}): FlagSpec<number> {
  const { bits = 64, ...rest } = options;
  return flag(usage, rest, 0, String, (text) => readInteger(text, bits, "ParseInt"));
}

/** A Go duration ("1m30s"), in milliseconds; the default's text is given as kubectl shows it. */
export function durationFlag(usage: string, options: FlagOptions<number> & { defaultText?: string } = {}): FlagSpec<number> {
  const { defaultText = "0s", ...rest } = options;
  return flag(usage, rest, 0, () => defaultText, (text) => {
    const value = parseDuration(text);
    if (value === undefined) throw new FlagValueError(durationProblem(text));
    return value;
  });
}

/** What is wrong with a text that is no duration, in the words of Go's time.ParseDuration. */
export function durationProblem(text: string): string {
  const quoted = JSON.stringify(text);
  const broken = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))*(?:[0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)/.exec(text);
  if (broken === null) return `time: invalid duration ${quoted}`;
  const unit = broken[1] ?? "";
  return unit === "" ? `time: missing unit in duration ${quoted}` : `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
}

/** Texts, several in one value separated by commas (with CSV's quotes), the flag repeatable. */
export function stringSliceFlag(usage: string, options: FlagOptions<readonly string[]> = {}): FlagSpec<readonly string[]> {
  return flag(usage, options, [], (value) => `[${value.join(",")}]`, (text, previous = []) => [...previous, ...readCsv(text)]);
}

/** Texts taken as they are, the flag repeatable. */
export function stringArrayFlag(usage: string, options: FlagOptions<readonly string[]> = {}): FlagSpec<readonly string[]> {
  return flag(usage, options, [], (value) => `[${value.join(",")}]`, (text, previous = []) => [...previous, text]);
}

function readCsv(text: string): string[] {
  if (text === "") return [];
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(at));
      if (quoted === null) throw new FlagValueError(`parse error on line 1, column ${text.length + 1}: extraneous or missing " in quoted-field`);
      fields.push((quoted[1] ?? "").replaceAll('""', '"'));
      at += quoted[0].length;
    } else {
      const end = text.indexOf(",", at);
      const field = text.slice(at, end === -1 ? undefined : end);
      const quote = field.indexOf('"');
      if (quote !== -1) throw new FlagValueError(`parse error on line 1, column ${at + quote + 1}: bare " in non-quoted-field`);
      fields.push(field);
      at += field.length;
    }
    if (at >= text.length) return fields;
    if (text[at] !== ",") throw new FlagValueError(`parse error on line 1, column ${at + 1}: extraneous or missing " in quoted-field`);
    at += 1;
  }
}
