// Behaviour: k8s.io/kubectl/pkg/cmd/wait (conditionFuncsFor, condition.go, json.go): what --for asks for.
import type { UnstructuredObject } from "../api/object.ts";
import { CommandError } from "./errors.ts";
import { goText } from "./printers/go-values.ts";
import { JsonPath, relaxedPath } from "./printers/jsonpath.ts";

/** One condition of --for. */
export type WaitCondition = { readonly type: "create" } | { readonly type: "delete" } | { readonly type: "state"; isMet(object: UnstructuredObject): boolean };

/** Reads the values of --for; throws CommandErrors. */
export function readConditions(texts: readonly string[]): WaitCondition[] {
  if (texts.length === 0) throw new CommandError('unrecognized condition: ""');
  return texts.map(readCondition);
}

function readCondition(text: string): WaitCondition {
  const lower = text.toLowerCase();
  if (lower === "create" || lower === "delete") return { type: lower };
  if (text.startsWith("condition=")) {
    const [name = "", ...value] = text.slice("condition=".length).split("=");
    return { type: "state", isMet: (object) => hasCondition(object, name, value.length === 0 ? "true" : value.join("=")) };
  }
  if (text.startsWith("jsonpath=")) return pathCondition(text.slice("jsonpath=".length));
  throw new CommandError(`unrecognized condition: ${JSON.stringify(text)}`);
}

interface StatusCondition {
  readonly type?: string;
  readonly status?: string;
  readonly observedGeneration?: number;
}

function hasCondition(object: UnstructuredObject, name: string, value: string): boolean {
  const status = object.status as { conditions?: StatusCondition[]; observedGeneration?: number } | undefined;
  const condition = status?.conditions?.find(({ type, status }) => type?.toLowerCase() === name.toLowerCase() && status !== undefined);
  if (condition === undefined) return false;
  const observed = condition.observedGeneration ?? status?.observedGeneration;
  const { generation } = object.metadata;
  if (generation !== undefined && observed !== undefined && observed < generation) return false;
  return condition.status?.toLowerCase() === value.toLowerCase();
}

function pathCondition(input: string): WaitCondition {
  const parts = splitAtEquals(input);
  if (parts.length > 2) {
    throw new CommandError("jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'");
  }
  const path = relaxedPath(parts[0] ?? "");
  if (path === undefined) {
    throw new CommandError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'");
  }
  const wanted = parts[1]?.replaceAll(/^['"]+|['"]+$/g, "");
  if (wanted === "") throw new CommandError("jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3");
  if (path === "") throw new CommandError("jsonpath expression cannot be empty");
  const parsed = new JsonPath(path, true);
  return { type: "state", isMet: (object) => matches(parsed.find(object), wanted) };
}

/** Splits at single equals signs; "==" stays. */
function splitAtEquals(input: string): string[] {
  const parts = [""];
  for (const piece of input.match(/==|=|[^=]+/g) ?? []) {
    if (piece === "=") parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

function matches(results: readonly (readonly unknown[])[], wanted: string | undefined): boolean {
  const [first] = results;
  if (first === undefined || first.length === 0) return false;
  if (results.length > 1) throw new CommandError("given jsonpath expression matches more than one list");
  if (first.length > 1) throw new CommandError("given jsonpath expression matches more than one value");
  if (wanted === undefined) return true;
  const [value] = first;
  if (typeof value === "object" && value !== null) throw new CommandError("jsonpath leads to a nested object or list which is not supported");
  return goText(value).trim() === wanted.trim();
}
