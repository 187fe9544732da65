// Behaviour: k8s.io/kubectl/pkg/cmd/config/set_credentials.go.
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { KubeconfigUser } from "../../../client/kubeconfig.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, HelpError } from "../../errors.ts";
import { type FlagValues, boolFlag, stringArrayFlag, stringFlag, stringSliceFlag } from "../../flags.ts";
import { KubeconfigEdit } from "../../kubeconfig-edit.ts";

const flags = {
  "auth-provider": stringFlag("Auth provider of the user."),
  "auth-provider-arg": stringSliceFlag("key=value arguments of the auth provider; 'key-' removes one."),
  "client-certificate": stringFlag("Client certificate file of the user."),
  "client-key": stringFlag("Client key file of the user."),
  "embed-certs": boolFlag("Put the bytes of certificate and key into the kubeconfig."),
  "exec-api-version": stringFlag("API version of the exec credential plugin."),
  "exec-arg": stringSliceFlag("Arguments of the exec credential plugin."),
  "exec-command": stringFlag("Command of the exec credential plugin."),
  "exec-env": stringArrayFlag("key=value environment of the exec credential plugin; 'key-' removes one."),
  "exec-interactive-mode": stringFlag("Interactive mode of the exec credential plugin."),
  "exec-provide-cluster-info": boolFlag("Tell the exec credential plugin about the cluster."),
  password: stringFlag("Password of the user."),
  token: stringFlag("Bearer token of the user."),
  username: stringFlag("User name for basic authentication."),
};

type KubeconfigExec = NonNullable<KubeconfigUser["exec"]>;
type Values = FlagValues<typeof flags>;
type Changed = (name: keyof typeof flags) => boolean;

export default defineCommand({
  use: "set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]",
  summary: "Set a user entry in kubeconfig",
  description: "Fields of an entry that exists are merged with those that are given. A bearer token and basic authentication exclude each other.",
  flags,
  toOptions(factory, args, { values, changed }) {
    if (args.length !== 1) throw new HelpError(`unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), name: args[0] ?? "", values, changed };
  },
  validate({ name, values }) {
    if (name === "") throw new CommandError("you must specify a non-empty user name");
    const methods = [...(values.token === "" ? [] : ["--token"]), ...(values.username === "" && values.password === "" ? [] : ["--username/--password"])];
    if (methods.length > 1) throw new CommandError(`you cannot specify more than one authentication method at the same time: ${methods.join(", ")}`);
    checkFiles(values);
    const mode = values["exec-interactive-mode"];
    if (mode !== "" && !["IfAvailable", "Never", "Always"].includes(mode)) throw new CommandError("invalid interactive mode type, can be only IfAvailable, Never, Always");
  },
  run({ edit, name, values, changed }, io) {
    edit.set("users", name, modifiedUser({ ...edit.config.users.get(name)?.value }, values, changed));
    io.out(`User ${JSON.stringify(name)} set.\n`);
    return Promise.resolve();
  },
});

function checkFiles(values: Values): void {
  if (!values["embed-certs"]) return;
  const given = (["client-certificate", "client-key"] as const).filter((flag) => values[flag] !== "");
  if (given.length === 0) throw new CommandError("you must specify a --client-certificate or --client-key to embed");
  for (const flag of given) {
    const path = values[flag];
    if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new CommandError(`could not stat ${flag} file ${path}: stat ${path}: no such file or directory`);
  }
}

function modifiedUser(user: KubeconfigUser, values: Values, changed: Changed): KubeconfigUser {
  for (const flag of ["client-certificate", "client-key"] as const) {
    if (!changed(flag)) continue;
    const embed = values["embed-certs"];
    user[flag] = embed ? undefined : resolve(values[flag]);
    user[`${flag}-data`] = embed ? readFileSync(values[flag]).toString("base64") : undefined;
  }
  if (changed("token")) user.token = values.token;
  if (changed("username")) user.username = values.username;
  if (changed("password")) user.password = values.password;
  if (values.token !== "") {
    delete user.username;
    delete user.password;
  } else if (values.username !== "" || values.password !== "") {
    delete user.token;
    delete user.tokenFile;
  }
  if (values["auth-provider"] !== "") {
    const config = edited(user["auth-provider"]?.config ?? {}, values["auth-provider-arg"]);
    user["auth-provider"] = { name: values["auth-provider"], ...(Object.keys(config).length > 0 && { config }) };
  }
  const exec = modifiedExec(user.exec, values, changed);
  if (exec !== undefined) user.exec = exec;
  return user;
}

function modifiedExec(present: KubeconfigExec | undefined, values: Values, changed: Changed): KubeconfigExec | undefined {
  const exec: KubeconfigExec | undefined = values["exec-command"] === "" ? present && { ...present } : { args: null, env: null, provideClusterInfo: false, ...present, command: values["exec-command"] };
  if (exec === undefined) return undefined;
  if (values["exec-api-version"] !== "") exec.apiVersion = values["exec-api-version"];
  if (changed("exec-arg")) exec.args = [...values["exec-arg"]];
  if (changed("exec-interactive-mode")) exec.interactiveMode = values["exec-interactive-mode"];
  if (changed("exec-provide-cluster-info")) exec.provideClusterInfo = values["exec-provide-cluster-info"];
  if (changed("exec-env")) {
    const env = edited(Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])), values["exec-env"]);
    exec.env = Object.entries(env).map(([name, value]) => ({ name, value }));
  }
  return exec;
}

/** Sets "key=value" and removes "key-". */
function edited(present: Readonly<Record<string, string>>, changes: readonly string[]): Record<string, string> {
  const result = { ...present };
  for (const change of changes) {
    const equals = change.indexOf("=");
    if (equals !== -1) result[change.slice(0, equals)] = change.slice(equals + 1);
    else if (change.endsWith("-")) delete result[change.slice(0, -1)];
    else throw new CommandError(`Error: cannot parse argument ${change}`);
  }
  return result;
}
