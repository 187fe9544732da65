// Behaviour: k8s.io/kubectl/pkg/cmd/config: the subcommands about contexts.
import type { KubeconfigEntries } from "../../../client/kubeconfig.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, ErrorList, HelpError } from "../../errors.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import { KubeconfigEdit } from "../../kubeconfig-edit.ts";
import { layOut, tableSettings } from "../../printers/tab-writer.ts";

export const currentContext = defineCommand({
  use: "current-context",
  summary: "Display the current-context",
  flags: {},
  toOptions: (factory) => new KubeconfigEdit(factory).config,
  run(config, io) {
    if (config.currentContext === "") throw new CommandError("current-context is not set");
    io.out(`${config.currentContext}\n`);
    return Promise.resolve();
  },
});

export const getContexts = defineCommand({
  use: "get-contexts [(-o|--output=)name)]",
  summary: "Describe one or many contexts",
  examples: `
    # All contexts
    kubectl config get-contexts

    # One context
    kubectl config get-contexts my-context`,
  flags: {
    "no-headers": boolFlag("Leave the header line out."),
    output: stringFlag("Output format. One of: (name).", { shorthand: "o" }),
  },
  toOptions: (factory, names, { values }) => ({ config: new KubeconfigEdit(factory).config, names, ...values }),
  validate({ output }) {
    if (output !== "" && output !== "name") {
      throw new CommandError(`--output ${output} is not available in kubectl config get-contexts; resetting to default output format`);
    }
  },
  run({ config, names, output, "no-headers": noHeaders }, io) {
    const missing = names.filter((name) => !config.contexts.has(name));
    const shown = (names.length === 0 ? [...config.contexts.keys()] : names.filter((name) => config.contexts.has(name))).sort();
    const nameOnly = output === "name";
    const rows = shown.map((name) => {
      const { cluster = "", user = "", namespace = "" } = config.contexts.get(name)?.value ?? {};
      return nameOnly ? [name] : [config.currentContext === name ? "*" : " ", name, cluster, user, namespace];
    });
    const header = nameOnly || noHeaders ? [] : [["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]];
    io.out(layOut([...header, ...rows].map((cells) => `${cells.join("\t")}\n`).join(""), tableSettings));
    if (missing.length > 0) throw new ErrorList(missing.map((name) => new CommandError(`context ${name} not found`)));
    return Promise.resolve();
  },
});

export const useContext = defineCommand({
  use: "use-context CONTEXT_NAME",
  aliases: ["use"],
  summary: "Set the current-context in a kubeconfig file",
  examples: `
    # Use the local cluster's context
    kubectl config use-context skiff`,
  flags: {},
  toOptions(factory, args) {
    if (args.length !== 1) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "" };
  },
  validate({ edit, name }) {
    if (name === "") throw new CommandError("empty context names are not allowed");
    if (!edit.config.contexts.has(name)) throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
  },
  run({ edit, name }, io) {
    edit.setCurrentContext(name);
    io.out(`Switched to context ${JSON.stringify(name)}.\n`);
    return Promise.resolve();
  },
});

export const setContext = defineCommand({
  use: "set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
  summary: "Set a context entry in kubeconfig",
  description: "Fields of an entry that exists are merged with those that are given.",
  examples: `
    # Another default namespace
    kubectl config set-context --current --namespace=web`,
  flags: {
    cluster: stringFlag("Cluster of the context."),
    current: boolFlag("Change the current context."),
    namespace: stringFlag("Namespace of the context.", { shorthand: "n" }),
    user: stringFlag("User of the context."),
  },
  toOptions(factory, args, { values, changed }) {
    if (args.length > 1) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    const given: KubeconfigEntries["contexts"] = {
      ...(changed("cluster") && { cluster: values.cluster }),
      ...(changed("user") && { user: values.user }),
      ...(changed("namespace") && { namespace: values.namespace }),
    };
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "", current: values.current, given };
  },
  validate({ name, current, edit }) {
    if (name === "" && !current) throw new CommandError("you must specify a non-empty context name or --current");
    if (name !== "" && current) throw new CommandError("you cannot specify both a context name and --current");
    if (current && edit.config.currentContext === "") throw new CommandError("no current context is set");
  },
  run({ edit, name, current, given }, io) {
    const chosen = current ? edit.config.currentContext : name;
    const present = edit.config.contexts.get(chosen);
    edit.set("contexts", chosen, { cluster: "", user: "", ...present?.value, ...given });
    io.out(`Context ${JSON.stringify(chosen)} ${present === undefined ? "created" : "modified"}.\n`);
    return Promise.resolve();
  },
});

export const deleteContext = defineCommand({
  use: "delete-context NAME",
  summary: "Delete the specified context from the kubeconfig",
  flags: {},
  toOptions(factory, args) {
    if (args.length !== 1) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "" };
  },
  validate({ edit, name }) {
    if (!edit.config.contexts.has(name)) throw new CommandError(`cannot delete context ${name}, not in ${edit.defaultFile}`);
  },
  run({ edit, name }, io) {
    if (edit.config.currentContext === name) io.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n');
    edit.remove("contexts", name);
    io.out(`deleted context ${name} from ${edit.defaultFile}\n`);
    return Promise.resolve();
  },
});

export const renameContext = defineCommand({
  use: "rename-context CONTEXT_NAME NEW_NAME",
  summary: "Rename a context from the kubeconfig file",
  flags: {},
  toOptions(factory, args) {
    if (args.length !== 2) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "", newName: args[1] ?? "" };
  },
  validate({ edit, name, newName }) {
    if (newName === "") throw new CommandError("You must specify a new non-empty context name");
    if (!edit.config.contexts.has(name)) throw new CommandError(`cannot rename the context ${JSON.stringify(name)}, it's not in ${edit.defaultFile}`);
    if (edit.config.contexts.has(newName)) {
      throw new CommandError(`cannot rename the context ${JSON.stringify(name)}, the context ${JSON.stringify(newName)} already exists in ${edit.defaultFile}`);
    }
  },
  run({ edit, name, newName }, io) {
    edit.change(edit.config.contexts.get(name)?.file ?? edit.defaultFile, (file) => file.rename("contexts", name, newName));
    if (edit.config.currentContext === name) edit.setCurrentContext(newName);
    io.out(`Context ${JSON.stringify(name)} renamed to ${JSON.stringify(newName)}.\n`);
    return Promise.resolve();
  },
});
