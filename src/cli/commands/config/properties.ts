// Behaviour: k8s.io/kubectl/pkg/cmd/config (set.go, unset.go, navigation_step_parser.go): values at dotted paths.
import type { KubeconfigEntries } from "../../../client/kubeconfig.ts";
import { defineCommand } from "../../command.ts";
import { CommandError, HelpError } from "../../errors.ts";
import { boolFlag } from "../../flags.ts";
import { KubeconfigEdit } from "../../kubeconfig-edit.ts";

const TEXTS: Readonly<Record<keyof KubeconfigEntries, readonly string[]>> = {
  clusters: ["server", "tls-server-name", "certificate-authority", "certificate-authority-data", "proxy-url"],
  users: ["client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile", "as", "as-uid", "username", "password"],
  contexts: ["cluster", "user", "namespace"],
};
const BOOLEANS: Readonly<Record<string, readonly string[]>> = { clusters: ["insecure-skip-tls-verify", "disable-compression"], users: [], contexts: [] };

/** A property's place: an entry's field, an entry, or a field of the file. */
interface Place {
  readonly list?: keyof KubeconfigEntries;
  readonly name?: string;
  readonly field?: string;
}

/** Names of entries may hold dots: the field is what stands behind the last dot that a field's name follows. */
function readPlace(property: string): Place {
  if (property === "current-context") return { field: property };
  if (property === "preferences.colors") return { field: property };
  const [list = "", ...rest] = property.split(".");
  if (!Object.hasOwn(TEXTS, list)) throw new CommandError(`unable to parse ${property} after [] at api.Config`);
  const key = list as keyof KubeconfigEntries;
  const path = rest.join(".");
  const field = [...TEXTS[key], ...(BOOLEANS[key] ?? [])].find((candidate) => path.endsWith(`.${candidate}`));
  return field === undefined ? { list: key, name: path } : { list: key, name: path.slice(0, -field.length - 1), field };
}

export const setProperty = defineCommand({
  use: "set PROPERTY_NAME PROPERTY_VALUE",
  summary: "Set an individual value in a kubeconfig file",
  description: "PROPERTY_NAME is a path of names separated by dots, e.g. clusters.my-cluster.server. Values of binary fields are base64 unless --set-raw-bytes is given.",
  examples: `
    # The address of a cluster
    kubectl config set clusters.my-cluster.server https://1.2.3.4`,
  flags: { "set-raw-bytes": boolFlag("Take the value of a binary field as it stands, not as base64.") },
  toOptions(factory, args, { values }) {
    if (args.length !== 2) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), property: args[0] ?? "", value: args[1] ?? "", raw: values["set-raw-bytes"] };
  },
  validate({ property, value }) {
    if (value === "") throw new CommandError("you cannot use set to unset a property");
    if (property === "") throw new CommandError("you must specify a property");
  },
  run({ edit, property, value, raw }, io) {
    const { list, name, field } = readPlace(property);
    if (property === "current-context") edit.setCurrentContext(value);
    else if (list === undefined) edit.change(edit.defaultFile, (file) => file.setAt(property.split("."), readBoolean(value)));
    else if (name === undefined || field === undefined) throw new CommandError(`can't set a map to a value: map[${[...edit.config[list].keys()].sort().join(" ")}]`);
    else edit.set(list, name, { ...edit.config[list].get(name)?.value, [field]: fieldValue(list, field, value, raw) } as KubeconfigEntries[typeof list]);
    io.out(`Property ${JSON.stringify(property)} set.\n`);
    return Promise.resolve();
  },
});

function fieldValue(list: keyof KubeconfigEntries, field: string, value: string, raw: boolean): string | boolean {
  if (BOOLEANS[list]?.includes(field) === true) return readBoolean(value);
  if (!field.endsWith("-data")) return value;
  if (raw) return Buffer.from(value).toString("base64");
  if (Buffer.from(value, "base64").toString("base64").replaceAll("=", "") !== value.replaceAll("=", "")) {
    throw new CommandError("error decoding input value: illegal base64 data at input byte 0");
  }
  return value;
}

function readBoolean(value: string): boolean {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(value)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/.test(value)) return false;
  throw new CommandError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}

export const unsetProperty = defineCommand({
  use: "unset PROPERTY_NAME",
  summary: "Unset an individual value in a kubeconfig file",
  description: "PROPERTY_NAME is a path of names separated by dots.",
  examples: `
    # The current context
    kubectl config unset current-context`,
  flags: {},
  toOptions(factory, args) {
    if (args.length !== 1) throw new HelpError(`Unexpected args: [${args.join(" ")}]`);
    return { edit: new KubeconfigEdit(factory), property: args[0] ?? "" };
  },
  validate({ property }) {
    if (property === "") throw new CommandError("you must specify a property");
  },
  run({ edit, property }, io) {
    unset(edit, property);
    io.out(`Property ${JSON.stringify(property)} unset.\n`);
    return Promise.resolve();
  },
});

function unset(edit: KubeconfigEdit, property: string): void {
  const { list, name = "", field } = readPlace(property);
  if (property === "current-context") return edit.setCurrentContext("");
  if (list === undefined) return edit.change(edit.defaultFile, (file) => file.setAt(property.split("."), undefined));
  if (field !== undefined) {
    const present = edit.config[list].get(name)?.value;
    if (present !== undefined) edit.set(list, name, { ...present, [field]: undefined } as KubeconfigEntries[typeof list]);
    return;
  }
  for (const entry of name === "" ? [...edit.config[list].keys()] : [name]) edit.remove(list, entry);
}
