// Behaviour: github.com/spf13/cobra (Find, suggestions) and k8s.io/kubectl/pkg/cmd/cmd.go: from the words typed to a command's run.
import type { Command, CommandArguments, CommandEntry } from "./command.ts";
import { FlagError, argumentPlaces, parseCommandLine } from "./command-line.ts";
import { BrokenPipe, CommandError, type Ending, ExitError, HelpError, PrintError, endingOf } from "./errors.ts";
import type { Factory } from "./factory.ts";
import type { FlagTable, Flags } from "./flags.ts";
import { type GlobalFlags, globalFlags } from "./global-flags.ts";
import type { IO } from "./io.ts";
import { commandGroups, localClusterCommands } from "./registry.ts";

/** What a run needs besides the words. */
export interface ProgramContext {
  readonly io: IO;
  /** The name that the program was invoked by. */
  readonly program: "skiff" | "kubectl";
  /** Makes the factory of one command. */
  makeFactory(setup: FactorySetup): Factory & { readonly warnings: number; close(): void };
}

/** What a factory is made of. */
export interface FactorySetup {
  readonly io: IO;
  readonly program: "skiff" | "kubectl";
  readonly commandPath: string;
  readonly globals: GlobalFlags;
}

/** A command found by its words. */
interface Found {
  readonly command: Command;
  /** "get", "config view". */
  readonly path: string;
  /** The words that are not the command's name. */
  readonly rest: readonly string[];
}

/** What completion scripts call. */
const COMPLETE = "__complete";

const allCommands: readonly CommandEntry[] = commandGroups.flatMap(({ commands }) => commands);

/** Runs one command line; resolves with the exit code. Never throws but for a broken pipe. */
export async function runProgram(words: readonly string[], context: ProgramContext): Promise<number> {
  const { io } = context;
  let path = "kubectl";
  try {
    if (words[0] === COMPLETE) return await printCompletions(words.slice(1), context);
    const found = await findCommand(words, context);
    if (typeof found === "number") return found;
    path = `${isOwn(found.path) ? context.program : "kubectl"} ${found.path}`;
    return await runFound(found, path, context);
  } catch (error) {
    if (error instanceof BrokenPipe) throw error;
    if (error instanceof PrintError) io.out(error.output);
    const ending = flagEnding(error, path) ?? endingOf(error, path);
    io.err(ending.message);
    return ending.exitCode;
  }
}

/** Answers a shell's completion script. */
async function printCompletions(words: readonly string[], context: ProgramContext): Promise<number> {
  const { io, program } = context;
  const { values } = parseCommandLine(globalFlags, []).flags;
  const factory = context.makeFactory({ io, program, commandPath: program, globals: values as unknown as GlobalFlags });
  try {
    const { completions } = await import("./completions.ts");
    io.out((await completions(factory, allCommands, words)).map((word) => `${word}\n`).join(""));
    return 0;
  } finally {
    factory.close();
  }
}

/** Whether a command is none of kubectl's: its messages need not be either. */
function isOwn(name: string): boolean {
  return localClusterCommands.commands.some((entry) => entry.name === name);
}

function flagEnding(error: unknown, path: string): Ending | undefined {
  return error instanceof FlagError ? { message: `error: ${error.message}\nSee '${path} --help' for usage.\n`, exitCode: 1 } : undefined;
}

async function runFound({ command, path: name, rest }: Found, path: string, context: ProgramContext): Promise<number> {
  const { io, program } = context;
  const line = parseCommandLine({ ...globalFlags, ...command.flags }, rest, command.passThrough);
  for (const flag of line.deprecated) io.err(`Flag --${flag} has been deprecated, ${command.flags[flag]?.deprecated}\n`);
  if (line.help || (command.execute === undefined && line.args.length === 0)) {
    const { commandHelp } = await import("./help.ts");
    const help = commandHelp(command, `${program} ${name}`, program);
    if (line.help) io.out(help);
    else io.err(help);
    return line.help ? 0 : 1;
  }
  if (command.execute === undefined) {
    throw new ExitError(1, `error: unknown command ${JSON.stringify(line.args.join(" "))}\nSee '${path} -h' for help and examples`);
  }
  // A command's own flag hides the global one of that name: `create rolebinding --user` does not say who asks.
  const globals = Object.fromEntries(Object.entries(globalFlags).map(([key, { default: unset }]) => [key, Object.hasOwn(command.flags, key) ? unset : line.flags.values[key]])) as unknown as GlobalFlags;
  const factory = context.makeFactory({ io, program, commandPath: path, globals });
  const args: CommandArguments = Object.assign([...line.args], { dashAt: line.dashAt });
  try {
    const exitCode = await command.execute(factory, args, line.flags as Flags<FlagTable>);
    if (globals["warnings-as-errors"] && factory.warnings > 0) throw new CommandError(`${factory.warnings} warning${factory.warnings === 1 ? "" : "s"} received`);
    return exitCode;
  } catch (error) {
    if (error instanceof HelpError) {
      const { commandHelp } = await import("./help.ts");
      io.out(commandHelp(command, `${program} ${name}`, program));
    }
    const hint = factory.hint();
    if (hint === undefined) throw error;
    const ending = endingOf(error, path);
    throw new ExitError(ending.exitCode, `${ending.message}${hint}\n`);
  } finally {
    factory.close();
  }
}

/** Follows the words down the tree of commands; a number is the exit code of what was answered on the way. */
async function findCommand(words: readonly string[], { io, program }: ProgramContext): Promise<Found | number> {
  const entries = allCommands;
  let place = argumentPlaces(globalFlags, words)[0];
  if (place === undefined || (words[place] === "help" && words[place + 1] === undefined)) {
    const line = parseCommandLine(globalFlags, place === undefined ? words : []);
    const { programHelp } = await import("./help.ts");
    if (line.args.length === 0) io.out(programHelp(commandGroups, program));
    return 0;
  }
  const asked = words[place] === "help";
  let rest = asked ? [...words.slice(0, place), ...words.slice(place + 1), "--help"] : [...words];
  const first = rest[place] ?? "";
  const entry = entryOf(entries, first);
  if (entry === undefined) throw new ExitError(1, unknownCommand(first, entries));
  let command = (await entry.load()).default;
  let path = entry.name;
  rest.splice(place, 1);
  while (command.commands !== undefined) {
    place = argumentPlaces({ ...globalFlags, ...command.flags }, rest)[0];
    const next = place === undefined ? undefined : entryOf(command.commands, rest[place] ?? "");
    if (place === undefined || next === undefined) break;
    rest = rest.toSpliced(place, 1);
    command = (await next.load()).default;
    path = `${path} ${next.name}`;
  }
  return { command, path, rest };
}

function entryOf(entries: readonly CommandEntry[], word: string): CommandEntry | undefined {
  return entries.find(({ name }) => name === word) ?? entries.find(({ aliases }) => aliases?.includes(word) === true);
}

function unknownCommand(word: string, entries: readonly CommandEntry[]): string {
  const near = entries.filter(({ name, hidden }) => hidden !== true && (distance(word, name) <= 2 || name.toLowerCase().startsWith(word.toLowerCase())));
  const hint = near.length === 0 ? "" : `\n\nDid you mean this?\n${near.map(({ name }) => `\t${name}\n`).join("")}`;
  return `error: unknown command ${JSON.stringify(word)} for "kubectl"${hint}`;
}

/** How many letters to insert, delete or replace (Levenshtein), case aside. */
function distance(one: string, other: string): number {
  const a = one.toLowerCase();
  const b = other.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
