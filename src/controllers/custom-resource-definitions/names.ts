// Behaviour: k8s.io/apiextensions-apiserver/pkg/controller/{status,establish}: who comes first has the name.
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { setCondition } from "./conditions.ts";

/** Accepts the names that no other definition of the group has, and establishes a definition that has all of them. Mutates `definition`. */
export function acceptNames(definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[], now: number): void {
  const { names } = definition.spec;
  const { acceptedNames } = definition.status;
  const taken = others.map(({ status }) => status.acceptedNames);
  const resources = new Set(taken.flatMap(({ plural, singular = "", shortNames = [] }) => [plural, singular, ...shortNames]));
  const kinds = new Set(taken.flatMap(({ kind, listKind = "" }) => [kind, listKind]));
  let problem: { reason: string; message: string } | undefined;
  const accept = (field: "plural" | "singular" | "kind" | "listKind", used: ReadonlySet<string>, reason: string): void => {
    const name = names[field] ?? "";
    if (name !== (acceptedNames[field] ?? "") && used.has(name)) problem = { reason, message: inUse(name) };
    else acceptedNames[field] = name;
  };
  accept("plural", resources, "PluralConflict");
  accept("singular", resources, "SingularConflict");
  if (!semanticEqual(names.shortNames, acceptedNames.shortNames)) {
    const clashes = (names.shortNames ?? []).filter((name) => !(acceptedNames.shortNames ?? []).includes(name) && resources.has(name));
    if (clashes.length > 0) problem = { reason: "ShortNamesConflict", message: aggregate(clashes.map(inUse)) };
    else setOrDelete(acceptedNames, "shortNames", names.shortNames);
  }
  accept("kind", kinds, "KindConflict");
  accept("listKind", kinds, "ListKindConflict");
  setOrDelete(acceptedNames, "categories", names.categories);

  setCondition(definition, { type: "NamesAccepted", ...(problem === undefined ? { status: "True", reason: "NoConflicts", message: "no conflicts found" } : { status: "False", ...problem }) }, now);
  const isEstablished = (definition.status.conditions ?? []).some(({ type, status }) => type === "Established" && status === "True");
  if (isEstablished) return;
  const established = problem === undefined
    ? { type: "Established", status: "True", reason: "InitialNamesAccepted", message: "the initial names have been accepted" }
    : { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" };
  setCondition(definition, established, now);
}

function inUse(name: string): string {
  return `${JSON.stringify(name)} is already in use`;
}

function aggregate(messages: readonly string[]): string {
  return messages.length === 1 ? (messages[0] ?? "") : `[${messages.join(", ")}]`;
}

function setOrDelete<K extends "shortNames" | "categories">(names: CustomResourceDefinition["status"]["acceptedNames"], field: K, value: string[] | undefined): void {
  if (value === undefined) delete names[field];
  else names[field] = [...value];
}
