// Takes descriptions of types and fields from kubernetes-types: those of struct-typed fields, which the models of
// @kubernetes/client-node lack, and the paragraphs of the others, which the models run together.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const typesFolder = dirname(fileURLToPath(import.meta.resolve("kubernetes-types/package.json")));

/** What an interface's comments say. */
export interface InterfaceDescriptions {
  description: string;
  fields: Map<string, string>;
}

const modules = new Map<string, Map<string, InterfaceDescriptions>>();

/** The comments of a type of our table, e.g. "core.v1.Pod": its own version's, completed from older ones. */
export function interfaceDescriptions(typeName: string): InterfaceDescriptions {
  const [group = "", version = "", kind = ""] = typeName.split(".");
  const merged: InterfaceDescriptions = { description: "", fields: new Map() };
  for (const candidate of [version, "v1beta1", "v1alpha3", "v1alpha2", "v1alpha1"]) {
    const found = moduleAt(join(typesFolder, group, `${candidate}.d.ts`)).get(kind);
    if (found === undefined) continue;
    merged.description ||= found.description;
    for (const [field, text] of found.fields) if (!merged.fields.has(field)) merged.fields.set(field, text);
  }
  return merged;
}

function moduleAt(path: string): Map<string, InterfaceDescriptions> {
  let interfaces = modules.get(path);
  if (interfaces === undefined) {
    interfaces = existsSync(path) ? parseModule(readFileSync(path, "utf8")) : new Map<string, InterfaceDescriptions>();
    modules.set(path, interfaces);
  }
  return interfaces;
}

function parseModule(text: string): Map<string, InterfaceDescriptions> {
  const interfaces = new Map<string, InterfaceDescriptions>();
  let current: InterfaceDescriptions | undefined;
  const pattern = /(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?( *)(?:export interface (\w+)|(?:readonly )?["']?([\w$-]+)["']?\??: )/g;
  for (const [, comment = "", indent = "", interfaceName, field] of text.matchAll(pattern)) {
    if (interfaceName !== undefined) {
      current = { description: plainText(comment), fields: new Map() };
      interfaces.set(interfaceName, current);
    } else if (field !== undefined && indent.length === 4 && comment !== "") current?.fields.set(field, plainText(comment));
  }
  return interfaces;
}

function plainText(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}
