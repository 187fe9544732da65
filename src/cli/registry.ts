// Every command by name, each loaded when it is asked for. A new command is a file in commands/ and a line here.
import type { CommandEntry } from "./command.ts";

/** Commands that help lists under one heading. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

/** The commands, in the order of help. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: "Basic Commands (Beginner)",
    commands: [],
  },
  {
    title: "Basic Commands (Intermediate)",
    commands: [],
  },
  {
    title: "Deploy Commands",
    commands: [],
  },
  {
    title: "Cluster Management Commands",
    commands: [],
  },
  {
    title: "Troubleshooting and Debugging Commands",
    commands: [],
  },
  {
    title: "Advanced Commands",
    commands: [],
  },
  {
    title: "Settings Commands",
    commands: [],
  },
  {
    title: "Other Commands",
    commands: [],
  },
];
