// Behaviour: github.com/spf13/pflag and cobra: how words become flags and arguments, and what parse errors say. The words are
// put into one canonical form (--name=value) here, and commander takes the flags in from there.
import { CommanderError, Command as CommanderCommand, Option } from "commander";
import { type FlagSpec, type FlagTable, FlagValueError, type Flags } from "./flags.ts";

/** A command line that does not parse; its message is followed by the pointer to --help. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/** A parsed command line. */
export interface ParsedLine {
  readonly flags: Flags<FlagTable>;
  readonly args: readonly string[];
  readonly dashAt: number | undefined;
  readonly help: boolean;
  /** Deprecated flags that were given, by name. */
  readonly deprecated: readonly string[];
}

interface CanonicalLine {
  /** "--name=value", in order. */
  readonly options: string[];
  /** The flags that are among them: making commander know all flags of a command takes longer than to run some commands. */
  readonly names: Set<string>;
  readonly args: string[];
  dashAt: number | undefined;
  help: boolean;
  /** What stopped the reading; the options before it count. */
  problem?: string;
}

/** Parses the words after the command's name by the command's flags. `passThrough` ends the flags at the first argument. */
export function parseCommandLine(table: FlagTable, words: readonly string[], passThrough = false): ParsedLine {
  const line = canonicalLine(table, words, passThrough);
  const given = new Map<string, unknown>();
  const command = new CommanderCommand().exitOverride().helpOption(false).allowExcessArguments();
  for (const name of line.names) {
    const spec = table[name];
    if (spec !== undefined) command.addOption(commanderOption(name, spec, given));
  }
  try {
    command.parse([...line.options, "--", ...line.args], { from: "user" });
  } catch (error) {
    throw error instanceof CommanderError ? new FlagError(error.message) : error;
  }
  if (line.problem !== undefined && !line.help) throw new FlagError(line.problem);
  const values = Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, given.has(name) ? given.get(name) : spec.default]));
  return {
    flags: { values, changed: (name) => given.has(name) },
    args: line.args,
    dashAt: line.dashAt,
    help: line.help,
    deprecated: [...given.keys()].filter((name) => table[name]?.deprecated !== undefined),
  };
}

/** How a parse error names a flag: "-n, --namespace" or "--tail". */
function titleOf(name: string, spec: FlagSpec<unknown>): string {
  return spec.shorthand === undefined ? `--${name}` : `-${spec.shorthand}, --${name}`;
}

function commanderOption(name: string, spec: FlagSpec<unknown>, given: Map<string, unknown>): Option {
  return new Option(`--${name} <value>`, spec.usage).argParser((text) => {
    try {
      given.set(name, spec.read(text, given.get(name)));
    } catch (error) {
      if (!(error instanceof FlagValueError)) throw error;
      throw new FlagError(`invalid argument ${JSON.stringify(text)} for ${JSON.stringify(titleOf(name, spec))} flag: ${error.message}`);
    }
  });
}

function canonicalLine(table: FlagTable, words: readonly string[], passThrough: boolean): CanonicalLine {
  const line: CanonicalLine = { options: [], names: new Set(), args: [], dashAt: undefined, help: false };
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined && line.problem === undefined; word = queue.shift()) {
    if (word === "--") {
      line.dashAt = line.args.length;
      line.args.push(...queue.splice(0));
    } else if (word.startsWith("--")) readLongFlag(table, word, queue, line);
    else if (word.startsWith("-") && word.length > 1) readShortFlags(table, word, queue, line);
    else {
      line.args.push(word);
      if (passThrough) line.args.push(...queue.splice(0));
    }
  }
  return line;
}

function readLongFlag(table: FlagTable, word: string, queue: string[], line: CanonicalLine): void {
  const equals = word.indexOf("=");
  const typed = word.slice(2, equals === -1 ? undefined : equals);
  if (typed === "" || typed.startsWith("-")) {
    line.problem = `bad flag syntax: ${word}`;
    return;
  }
  const name = typed.replaceAll("_", "-");
  const spec = Object.hasOwn(table, name) ? table[name] : undefined;
  if (spec === undefined && name === "help") line.help = true;
  else if (spec === undefined) line.problem = `unknown flag: --${name}`;
  else if (equals !== -1) addOption(name, word.slice(equals + 1), line);
  else if (spec.bare !== undefined) addOption(name, spec.bare, line);
  else takeNext(name, `flag needs an argument: --${name}`, queue, line);
}

function readShortFlags(table: FlagTable, word: string, queue: string[], line: CanonicalLine): void {
  for (let rest = word.slice(1); rest !== ""; ) {
    const letter = rest.slice(0, 1);
    rest = rest.slice(1);
    const [name, spec] = Object.entries(table).find(([, spec]) => spec.shorthand === letter) ?? [];
    if (name === undefined || spec === undefined) {
      if (letter === "h") line.help = true;
      else line.problem = `unknown shorthand flag: '${letter}' in -${letter}${rest}`;
      return;
    }
    if (rest.startsWith("=")) {
      addOption(name, rest.slice(1), line);
      return;
    }
    if (spec.bare !== undefined) addOption(name, spec.bare, line);
    else if (rest !== "") {
      addOption(name, rest, line);
      return;
    } else takeNext(name, `flag needs an argument: '${letter}' in -${letter}`, queue, line);
  }
}

function takeNext(name: string, problem: string, queue: string[], line: CanonicalLine): void {
  const value = queue.shift();
  if (value === undefined) line.problem = problem;
  else addOption(name, value, line);
}

function addOption(name: string, value: string, line: CanonicalLine): void {
  line.options.push(`--${name}=${value}`);
  line.names.add(name);
}

/** The first words that are no flags or flags' values, with their places: where a command's name is looked for (cobra's stripFlags). */
export function argumentPlaces(table: FlagTable, words: readonly string[]): number[] {
  const places: number[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") break;
    if (word.startsWith("--")) {
      if (!word.includes("=") && !isBare(table[word.slice(2)])) at += 1;
    } else if (word.startsWith("-") && word.length > 1) {
      const spec = Object.values(table).find((spec) => spec.shorthand === word[1]);
      if (word.length === 2 && !isBare(spec)) at += 1;
    } else if (word !== "") places.push(at);
  }
  return places;
}

function isBare(spec: FlagSpec<unknown> | undefined): boolean {
  return spec?.bare !== undefined;
}
