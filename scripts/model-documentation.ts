// Takes from the models of @kubernetes/client-node what our table leaves to them: required fields and descriptions, the
// latter completed from kubernetes-types.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { interfaceDescriptions } from "./field-descriptions.ts";
import type { TypeTable } from "./type-table.ts";

const modelsFolder = join(dirname(fileURLToPath(import.meta.resolve("@kubernetes/client-node"))), "gen/models");

/** What a model says of its type. */
export interface ModelDocumentation {
  description: string;
  required: string[];
  /** Descriptions by field name. */
  fields: Record<string, string>;
}

/** Documentation by the table's type names; types without a model are left out. */
export function modelDocumentation(table: TypeTable): Record<string, ModelDocumentation> {
  const files = new Set(readdirSync(modelsFolder));
  const documentation: Record<string, ModelDocumentation> = {};
  for (const name of table.types.keys()) {
    const file = modelNames(name).map((model) => `${model}.d.ts`).find((candidate) => files.has(candidate));
    if (file === undefined) continue;
    const model = parseModel(join(modelsFolder, file));
    addDescriptions(model, name);
    documentation[name] = model;
  }
  return documentation;
}

/** Fills in what the model does not describe, and restores paragraphs where the texts agree otherwise. */
function addDescriptions(model: ModelDocumentation, name: string): void {
  const described = interfaceDescriptions(name);
  model.description = better(model.description, described.description);
  for (const [field, text] of described.fields) model.fields[field] = better(model.fields[field] ?? "", text);
}

function better(ours: string, theirs: string): string {
  const words = (text: string): string => text.replaceAll(/\s+/g, " ");
  return theirs !== "" && (ours === "" || words(ours) === words(theirs)) ? theirs : ours;
}

/** The names that the generator of the models gives a type: group-prefixed ones stand for names used twice. */
function modelNames(name: string): string[] {
  const [group = "", version = "", kind = ""] = name.split(".");
  if (group === "meta" && kind === "WatchEvent") return [];
  const prefixed = capitalized(group) + capitalized(version) + kind;
  return group === "core" && kind === "EphemeralContainerCommon" ? ["V1EphemeralContainer"] : [prefixed, capitalized(version) + kind];
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function parseModel(path: string): ModelDocumentation {
  if (!existsSync(path)) throw new Error(`no model ${path}`);
  const text = readFileSync(path, "utf8");
  const documentation: ModelDocumentation = { description: "", required: [], fields: {} };
  documentation.description = commentText(/\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport declare class/.exec(text.slice(text.indexOf("*/") + 2))?.[1] ?? "");
  const names = baseNames(path);
  for (const match of text.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?    '(\w+)'(\??): /g)) {
    const field = names.get(match[2] ?? "") ?? match[2] ?? "";
    documentation.fields[field] = commentText(match[1] ?? "");
    if (match[3] === "") documentation.required.push(field);
  }
  return documentation;
}

/** Property name -> name on the wire ("_continue" -> "continue"). */
function baseNames(path: string): Map<string, string> {
  const text = readFileSync(path.replace(/\.d\.ts$/, ".js"), "utf8");
  return new Map([...text.matchAll(/"name": "([^"]+)",\s*"baseName": "([^"]+)"/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function commentText(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim()
    .replaceAll(/\\(['"])/g, "$1");
}
