// What a shell's completion script asks: the words that can stand where the cursor is.
import type { Command, CommandEntry } from "./command.ts";
import { argumentPlaces } from "./command-line.ts";
import type { Factory } from "./factory.ts";
import { globalFlags } from "./global-flags.ts";
import { objectPath } from "./rest-mapper.ts";
import { requestBody } from "../client/rest-client.ts";

/** Commands whose arguments are names of one type; the others' begin with a type. */
const TYPES: Readonly<Record<string, string>> = { logs: "pods", exec: "pods", attach: "pods", "port-forward": "pods", cordon: "nodes", uncordon: "nodes", drain: "nodes" };
const BY_TYPE = ["get", "describe", "delete", "edit", "label", "annotate", "scale", "patch", "wait", "explain", "expose", "autoscale"];

/** The words that complete the last of `words`. */
export async function completions(factory: Factory, entries: readonly CommandEntry[], words: readonly string[]): Promise<string[]> {
  const last = words.at(-1) ?? "";
  return (await candidates(factory, entries, words.slice(0, -1), last)).filter((word) => word.startsWith(last));
}

async function candidates(factory: Factory, all: readonly CommandEntry[], before: readonly string[], last: string): Promise<string[]> {
  let entries = all;
  let rest = [...before];
  let command: Command | undefined;
  let name = "";
  while (entries.length > 0) {
    const place = argumentPlaces({ ...globalFlags, ...command?.flags }, rest)[0];
    const entry = place === undefined ? undefined : entries.find((one) => one.name === rest[place] || one.aliases?.includes(rest[place] ?? "") === true);
    if (place === undefined || entry === undefined) break;
    command = (await entry.load()).default;
    name = entry.name;
    rest = rest.toSpliced(place, 1);
    entries = command.commands ?? [];
  }
  if (last.startsWith("-")) return Object.keys({ ...globalFlags, ...command?.flags }).map((flag) => `--${flag}`);
  if (command === undefined || entries.length > 0) return entries.filter(({ hidden }) => hidden !== true).map((entry) => entry.name);
  const args = argumentPlaces({ ...globalFlags, ...command.flags }, rest).map((place) => rest[place] ?? "");
  const fixed = TYPES[name];
  if (fixed !== undefined) return args.length === 0 ? namesOf(factory, fixed) : [];
  if (!BY_TYPE.includes(name)) return [];
  if (last.includes("/")) {
    const [type = ""] = last.split("/");
    return (await namesOf(factory, type)).map((one) => `${type}/${one}`);
  }
  return args[0] === undefined ? typesOf(factory) : namesOf(factory, args[0]);
}

async function typesOf(factory: Factory): Promise<string[]> {
  const all = await (await factory.mapper()).all();
  return [...new Set(all.map(({ resource }) => resource))].sort();
}

async function namesOf(factory: Factory, type: string): Promise<string[]> {
  const mapping = await (await factory.mapper()).resource(type);
  const { name: namespace } = await factory.namespace();
  const list = await requestBody<{ items: { metadata: { name: string } }[] }>(await factory.transport(), { method: "GET", path: objectPath(mapping, namespace) });
  return list.items.map(({ metadata }) => metadata.name);
}
