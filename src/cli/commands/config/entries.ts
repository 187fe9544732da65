// Behaviour: k8s.io/kubectl/pkg/cmd/config: clusters and users listed and deleted.
import { defineCommand } from "../../command.ts";
import { CommandError, HelpError, UsageError } from "../../errors.ts";
import type { IO } from "../../io.ts";
import { KubeconfigEdit } from "../../kubeconfig-edit.ts";

type EntryList = "clusters" | "users";

async function printNames(edit: KubeconfigEdit, list: EntryList, io: IO): Promise<void> {
  io.out(`NAME\n${[...edit.config[list].keys()].sort().map((name) => `${name}\n`).join("")}`);
}

function checkPresent(edit: KubeconfigEdit, list: EntryList, kind: string, name: string): void {
  if (!edit.config[list].has(name)) throw new CommandError(`cannot delete ${kind} ${name}, not in ${edit.defaultFile}`);
}

async function deleteEntry(edit: KubeconfigEdit, list: EntryList, kind: string, name: string, io: IO): Promise<void> {
  edit.remove(list, name);
  io.out(`deleted ${kind} ${name} from ${edit.defaultFile}\n`);
}

export const getClusters = defineCommand({
  use: "get-clusters",
  summary: "Display clusters defined in the kubeconfig",
  flags: {},
  toOptions: (factory) => new KubeconfigEdit(factory),
  run: (edit, io) => printNames(edit, "clusters", io),
});

export const getUsers = defineCommand({
  use: "get-users",
  summary: "Display users defined in the kubeconfig",
  flags: {},
  toOptions: (factory) => new KubeconfigEdit(factory),
  run: (edit, io) => printNames(edit, "users", io),
});

export const deleteCluster = defineCommand({
  use: "delete-cluster NAME",
  summary: "Delete the specified cluster from the kubeconfig",
  flags: {},
  toOptions(factory, args) {
    if (args.length !== 1) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "" };
  },
  validate: ({ edit, name }) => checkPresent(edit, "clusters", "cluster", name),
  run: ({ edit, name }, io) => deleteEntry(edit, "clusters", "cluster", name, io),
});

export const deleteUser = defineCommand({
  use: "delete-user NAME",
  summary: "Delete the specified user from the kubeconfig",
  flags: {},
  toOptions(factory, args) {
    if (args.length !== 1) throw new UsageError("user to delete is required");
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "" };
  },
  validate: ({ edit, name }) => checkPresent(edit, "users", "user", name),
  run: ({ edit, name }, io) => deleteEntry(edit, "users", "user", name, io),
});
