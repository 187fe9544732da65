// The contract of a command: a file in commands/ exports one as its default, and the registry loads it when it is asked for.
import type { Factory } from "./factory.ts";
import type { FlagTable, Flags } from "./flags.ts";
import type { IO } from "./io.ts";

/** A command that the registry knows by name before its module is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** Not in the list of commands. */
  readonly hidden?: boolean;
  /** Loads the command's module. */
  load(): Promise<{ default: Command }>;
}

/** Commands that help lists under one heading. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

/** What every command says of itself. */
export interface CommandText {
  /** The usage line without the parent's path: "get TYPE [NAME]". Its first word is the command's name. */
  readonly use: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** Paragraphs after the summary, without it. */
  readonly description?: string;
  /** Lines of "# what it does" and "kubectl ..." in turn. */
  readonly examples?: string;
  /** Leaves the "[flags]"/"[options]" tail of the usage line out. */
  readonly hidden?: boolean;
}

/** A command as the framework runs it: either it has subcommands or it runs. */
export interface Command extends CommandText {
  readonly flags: FlagTable;
  /** Subcommands by order of help; a command that has some and no `execute` prints its help. */
  readonly commands?: readonly CommandEntry[];
  /** Leave words after the first argument alone, flags or not (`exec POD -- COMMAND` needs it not: "--" does that). */
  readonly passThrough?: boolean;
  /** Parsed flags and arguments in, exit code out. */
  execute?(factory: Factory, args: CommandArguments, flags: Flags<FlagTable>): Promise<number>;
}

/** The arguments that are no flags. */
export interface CommandArguments extends ReadonlyArray<string> {
  /** How many arguments stand before "--"; undefined without "--". */
  readonly dashAt?: number | undefined;
}

/** A command in its three steps. */
export interface CommandSteps<F extends FlagTable, O> extends CommandText {
  readonly flags: F;
  /** Makes the command's options of what was typed and of what the factory knows (namespace, client); no side effects. */
  toOptions(factory: Factory, args: CommandArguments, flags: Flags<F>): O | Promise<O>;
  /** Throws what is wrong with the options: UsageError, CommandError. */
  validate?(options: O): void;
  /** Does it. Resolves with the exit code when that is not 0; throws what failed. */
  run(options: O, io: IO): Promise<number | void>;
}

/** Makes a command of its three steps. */
export function defineCommand<const F extends FlagTable, O>(steps: CommandSteps<F, O>): Command {
  return {
    ...steps,
    async execute(factory, args, flags) {
      const options = await steps.toOptions(factory, args, flags as unknown as Flags<F>);
      steps.validate?.(options);
      return (await steps.run(options, factory.io)) ?? 0;
    },
  };
}

/** Makes a command that only groups others. */
export function defineGroup(text: CommandText, commands: readonly CommandEntry[]): Command {
  return { ...text, flags: {}, commands };
}

/** An entry for a subcommand that stands in the group's own file. */
export function inlineEntry(command: Command): CommandEntry {
  const [name = ""] = command.use.split(" ");
  return { name, summary: command.summary, ...(command.aliases && { aliases: command.aliases }), load: async () => ({ default: command }) };
}
