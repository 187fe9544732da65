// Behaviour: k8s.io/kubectl/pkg/util/templates: how help is laid out.
import type { Command, CommandEntry, CommandGroup } from "./command.ts";
import type { FlagSpec, FlagTable } from "./flags.ts";

/** The help of one command; `path` is the command's with its parents', e.g. "kubectl config view". */
export function commandHelp(command: Command, path: string, program: string): string {
  const parent = path.split(" ").slice(0, -1).join(" ");
  const sections = [
    [`${command.summary}.`, command.description].filter((text) => text !== undefined).join("\n\n "),
    command.aliases !== undefined && command.aliases.length > 0 ? `Aliases:\n${[path.split(" ").at(-1), ...command.aliases].join(", ")}` : undefined,
    command.examples === undefined ? undefined : `Examples:\n${indent(command.examples, program)}`,
    command.commands === undefined ? undefined : `Available Commands:\n${commandList(command.commands)}`,
    Object.keys(command.flags).length === 0 ? undefined : `Options:\n${flagList(command.flags)}`,
    `Usage:\n  ${usageLine(command, parent)}`,
    command.commands === undefined
      ? `Use "${program} options" for a list of global command-line options (applies to all commands).`
      : `Use "${path} <command> --help" for more information about a given command.\nUse "${program} options" for a list of global command-line options (applies to all commands).`,
  ];
  return `${sections.filter((section) => section !== undefined).join("\n\n")}\n`;
}

/** The help of the program itself: its commands, group by group. */
export function programHelp(groups: readonly CommandGroup[], program: string): string {
  const lists = groups.filter(({ commands }) => commands.some(({ hidden }) => hidden !== true)).map(({ title, commands }) => `${title}:\n${commandList(commands)}`);
  return `${[
    `${program} controls a Kubernetes cluster.`,
    ...lists,
    `Usage:\n  ${program} [flags] [options]`,
    `Use "${program} <command> --help" for more information about a given command.\nUse "${program} options" for a list of global command-line options (applies to all commands).`,
  ].join("\n\n")}\n`;
}

/** The flags that every command takes. */
export function globalHelp(flags: FlagTable): string {
  return `The following options can be passed to any command:\n\n${flagList(flags)}\n`;
}

function usageLine(command: Command, parent: string): string {
  const line = `${parent} ${command.use}`.trim();
  const withFlags = Object.keys(command.flags).length > 0 && !line.includes("[flags]") ? `${line} [flags]` : line;
  return `${withFlags} [options]`;
}

function commandList(commands: readonly CommandEntry[]): string {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  const width = Math.max(...shown.map(({ name }) => name.length), 15);
  return shown.map(({ name, summary }) => `  ${name.padEnd(width)} ${summary}`).join("\n");
}

function flagList(flags: FlagTable): string {
  return Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, flag]) => `    ${flagTitle(name, flag)}=${flag.defaultText}:\n\t${flag.usage}`)
    .join("\n\n");
}

function flagTitle(name: string, { shorthand }: FlagSpec<unknown>): string {
  return shorthand === undefined ? `--${name}` : `-${shorthand}, --${name}`;
}

function indent(text: string, program: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `  ${line.trim().replace(/^kubectl /, `${program} `)}`.trimEnd())
    .join("\n");
}
