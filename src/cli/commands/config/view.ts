// Behaviour: k8s.io/kubectl/pkg/cmd/config/view.go and k8s.io/client-go/tools/clientcmd/api/v1 (order of fields).
import { readFileSync } from "node:fs";
import type { UnstructuredObject } from "../../../api/object.ts";
import { type Kubeconfig, type KubeconfigUser, resolveReference } from "../../../client/kubeconfig.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, UsageError } from "../../errors.ts";
import { boolFlag, stringFlag } from "../../flags.ts";
import { KubeconfigEdit } from "../../kubeconfig-edit.ts";
import { changeFormats, noPrinter, objectPrinter, printFlags } from "../../print-flags.ts";

const CLUSTER_FIELDS = ["server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority", "certificate-authority-data", "proxy-url", "disable-compression", "extensions"] as const;
const USER_FIELDS = [
  "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile", "as", "as-uid", "as-groups", "as-user-extra",
  "username", "password", "auth-provider", "exec", "extensions",
] as const;
const CONTEXT_FIELDS = ["cluster", "user", "namespace", "extensions"] as const;
const EXEC_FIELDS = ["command", "args", "env", "apiVersion", "installHint", "provideClusterInfo", "interactiveMode"] as const;
const OMITTED = "DATA+OMITTED";
const REDACTED = "REDACTED";

/** How the configuration is shown. */
interface ViewOptions {
  readonly config: Kubeconfig;
  readonly context: string;
  readonly raw: boolean;
  readonly flatten: boolean;
  readonly minify: boolean;
}

export default defineCommand({
  use: "view [flags]",
  summary: "Display merged kubeconfig settings or a specified kubeconfig file",
  description: "Secrets are left out unless --raw is given.",
  examples: `
    # The merged configuration
    kubectl config view

    # Only what the current context needs, with its certificates inside
    kubectl config view --minify --flatten --raw`,
  flags: {
    ...printFlags,
    flatten: boolFlag("Put what other files hold into the output."),
    merge: boolFlag("Merge all kubeconfig files.", { default: true }),
    minify: boolFlag("Leave out what the current context does not need."),
    output: stringFlag(`Output format. One of: (${changeFormats.join(", ")}).`, { shorthand: "o", default: "yaml" }),
    raw: boolFlag("Show certificates, keys, tokens and passwords."),
  },
  async toOptions(factory, args, { values }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(" ")}]`);
    if (!values.merge && factory.globals.kubeconfig === "") throw new CommandError("if merge==false a precise file must be specified");
    const { config } = new KubeconfigEdit(factory);
    const view = { config, context: factory.globals.context || config.currentContext, raw: values.raw, flatten: values.flatten, minify: values.minify };
    return { view, format: values.output, printer: values.output === "json" ? undefined : await objectPrinter(values) };
  },
  run({ view, format, printer }, io) {
    const shown = configView(view);
    if (format !== "json" && printer === undefined) throw noPrinter(format, changeFormats);
    io.out(printer === undefined ? `${JSON.stringify(shown, undefined, 4)}\n` : printer.print(shown as unknown as UnstructuredObject));
    return Promise.resolve();
  },
});

function configView(options: ViewOptions): Record<string, unknown> {
  const { config, context, minify } = options;
  const chosen = config.contexts.get(context)?.value;
  if (minify && context === "") throw new CommandError("current-context must exist in order to minify");
  if (minify && chosen === undefined) throw new CommandError(`cannot locate context ${context}`);
  const keep = (names: Iterable<string>, only: string | undefined) => [...names].filter((name) => !minify || name === only).sort();
  const list = <T>(entries: T[]): T[] | null => (entries.length === 0 ? null : entries);
  return {
    kind: "Config",
    apiVersion: "v1",
    ...(Object.keys(config.preferences).length > 0 && { preferences: config.preferences }),
    clusters: list(keep(config.clusters.keys(), chosen?.cluster).map((name) => ({ name, cluster: clusterView(name, options) }))),
    users: list(keep(config.users.keys(), chosen?.user).map((name) => ({ name, user: userView(name, options) }))),
    contexts: list(keep(config.contexts.keys(), context).map((name) => ({ name, context: contextView(name, options) }))),
    "current-context": context,
  };
}

function clusterView(name: string, { config, flatten, raw }: ViewOptions): unknown {
  const located = config.clusters.get(name);
  const cluster = { ...located?.value };
  const authority = cluster["certificate-authority"];
  if (flatten && authority && !cluster["certificate-authority-data"] && located !== undefined) {
    cluster["certificate-authority-data"] = readFileSync(resolveReference(authority, located.file)).toString("base64");
    delete cluster["certificate-authority"];
  }
  if (!raw && !flatten && cluster["certificate-authority-data"]) cluster["certificate-authority-data"] = OMITTED;
  return ordered(cluster, CLUSTER_FIELDS);
}

function userView(name: string, { config, flatten, raw }: ViewOptions): unknown {
  const located = config.users.get(name);
  const user: KubeconfigUser = { ...located?.value };
  for (const field of ["client-certificate", "client-key"] as const) {
    const path = user[field];
    const data = `${field}-data` as const;
    if (flatten && path && !user[data] && located !== undefined) {
      user[data] = readFileSync(resolveReference(path, located.file)).toString("base64");
      delete user[field];
    }
    if (!raw && !flatten && user[data]) user[data] = OMITTED;
  }
  if (!raw && user.token) user.token = REDACTED;
  if (!raw && user.password) user.password = REDACTED;
  if (user.exec !== undefined) user.exec = ordered({ args: null, env: null, provideClusterInfo: false, ...user.exec }, EXEC_FIELDS);
  return ordered(user, USER_FIELDS);
}

function contextView(name: string, { config }: ViewOptions): unknown {
  return ordered({ cluster: "", user: "", ...config.contexts.get(name)?.value }, CONTEXT_FIELDS);
}

/** The fields that are set, in the order of Go's struct. */
function ordered<T extends object>(value: T, fields: readonly (keyof T)[]): T {
  return Object.fromEntries(fields.filter((field) => value[field] !== undefined).map((field) => [field, value[field]])) as T;
}
