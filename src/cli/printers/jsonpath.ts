// Behaviour: k8s.io/client-go/util/jsonpath/jsonpath.go: what a template finds in an object, and how it is printed.
import { goText } from "./go-values.ts";
import { compactJson, formatJson } from "./json.ts";
import { JsonPathError, type PathNode, parseJsonPath } from "./jsonpath-parser.ts";

export { JsonPathError } from "./jsonpath-parser.ts";

/** Where an evaluation stands between {range} and {end}. */
interface RangeState {
  begin: number;
  open: number;
  end: number;
  /** The place of the {end} that was met last. */
  resume: number;
}

/** A parsed template. */
export class JsonPath {
  private readonly nodes: readonly PathNode[];
  private readonly allowMissingKeys: boolean;

  /** Throws JsonPathError when the template cannot be parsed. */
  constructor(template: string, allowMissingKeys = false) {
    this.nodes = parseJsonPath(template);
    this.allowMissingKeys = allowMissingKeys;
  }

  /** The values that each part of the template finds. */
  find(data: unknown): unknown[][] {
    return this.walkFrom(0, data, { begin: 0, open: 0, end: 0, resume: -1 });
  }

  /** The values as text: scalars as they are, others as JSON, those of one part separated by spaces. */
  print(data: unknown): string {
    return this.find(data)
      .map((values) => values.map((value) => (typeof value === "object" && value !== null ? compactJson(value) : scalarText(value))).join(" "))
      .join("");
  }

  /** The values of each part as an indented JSON list. */
  printAsJson(data: unknown): string {
    return this.find(data)
      .map((values) => `${formatJson(values)}\n`)
      .join("");
  }

  private walkFrom(start: number, data: unknown, state: RangeState): unknown[][] {
    const found: unknown[][] = [];
    for (let at = start; at < this.nodes.length; at++) {
      const node = this.nodes[at];
      if (node === undefined) break;
      const results = this.walk([data], node, state);
      if (state.end > 0 && state.end <= state.open) {
        state.end -= 1;
        state.resume = at;
        break;
      }
      if (state.begin > 0) {
        state.begin -= 1;
        state.open += 1;
        if (results.length === 0) this.walkFrom(at + 1, null, state);
        for (const value of results) found.push(...this.walkFrom(at + 1, value, state));
        state.open -= 1;
        at = Math.max(at, state.resume);
        continue;
      }
      found.push(results);
    }
    return found;
  }

  private walk(input: readonly unknown[], node: PathNode, state: RangeState): unknown[] {
    switch (node.type) {
      case "list":
        return this.walkAll(input, node.nodes, state);
      case "text":
        return [node.text];
      case "value":
        return input.map(() => node.value);
      case "field":
        return this.field(input, node.name);
      case "wildcard":
        return input.flatMap(children);
      case "recursive":
        return descend(input);
      case "union":
        return node.branches.flatMap((branch) => this.walkAll(input, branch, state));
      case "array":
        return input.flatMap((value) => items(value, node));
      case "filter":
        return input.flatMap((value) => this.filter(value, node, state));
      case "identifier":
        return rangeWord(input, node.name, state);
    }
  }

  private walkAll(input: readonly unknown[], nodes: readonly PathNode[], state: RangeState): unknown[] {
    return nodes.reduce<unknown[]>((values, node) => this.walk(values, node, state), [...input]);
  }

  private field(input: readonly unknown[], name: string): unknown[] {
    if (input.length === 0) return [];
    const results = input.filter((value) => isObject(value) && Object.hasOwn(value, name)).map((value) => (value as Record<string, unknown>)[name]);
    if (results.length === 0 && !this.allowMissingKeys) throw new JsonPathError(`${name} is not found`);
    return results;
  }

  private filter(value: unknown, node: PathNode & { type: "filter" }, state: RangeState): unknown[] {
    if (!Array.isArray(value)) throw new JsonPathError(`${goText(value)} is not array or slice and cannot be filtered`);
    return value.filter((item: unknown) => {
      if (node.operator === "exists") return this.exists(item, node.left, state);
      const lefts = this.walkAll([item], node.left, state);
      if (lefts.length === 0) return false;
      const rights = lefts.length > 1 ? [] : this.walkAll([item], node.right, state);
      if (lefts.length > 1 || rights.length > 1) throw new JsonPathError("can only compare one element at a time");
      return rights.length > 0 && compare(lefts[0], rights[0], node.operator);
    });
  }

  private exists(item: unknown, path: readonly PathNode[], state: RangeState): boolean {
    try {
      return this.walkAll([item], path, state).length > 0;
    } catch (error) {
      if (error instanceof JsonPathError) return false;
      throw error;
    }
  }
}

function rangeWord(input: readonly unknown[], word: string, state: RangeState): unknown[] {
  if (word === "range") {
    state.begin += 1;
    return [...input];
  }
  if (word !== "end") throw new JsonPathError(`unrecognized identifier ${word}`);
  if (state.open === 0) throw new JsonPathError("not in range, nothing to end");
  state.end += 1;
  return [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value)) return Object.keys(value).sort().map((key) => value[key]);
  return typeof value === "string" ? [...Buffer.from(value)] : [];
}

function descend(input: readonly unknown[]): unknown[] {
  return input.flatMap((value) => {
    const inner = typeof value === "string" ? [] : children(value);
    return inner.length === 0 ? [] : [value, ...descend(inner)];
  });
}

function items(value: unknown, node: PathNode & { type: "array" }): unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
  const { length } = value;
  let from = node.from ?? 0;
  if (from < 0) from += length;
  let to = node.to ?? length;
  if (to < 0 || (to === 0 && node.single)) to += length;
  if (from === to) return [];
  if (from >= length || from < 0) throw new JsonPathError(`array index out of bounds: index ${from}, length ${length}`);
  if (to > length || to < 0) throw new JsonPathError(`array index out of bounds: index ${to - 1}, length ${length}`);
  if (from > to) throw new JsonPathError(`starting index ${from} is greater than ending index ${to}`);
  if (node.step !== undefined && node.step <= 0) throw new JsonPathError("step must be > 0");
  const step = node.step ?? 1;
  return value.slice(from, to).filter((_, index) => index % step === 0);
}

function goType(value: unknown): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return "map[string]interface {}";
}

function compare(left: unknown, right: unknown, operator: string): boolean {
  if (!["==", "!=", "<", "<=", ">", ">="].includes(operator)) throw new JsonPathError(`unrecognized filter operator ${operator}`);
  if (typeof left === "object" || typeof right === "object") throw new JsonPathError("invalid type for comparison");
  if (typeof left !== typeof right) throw new JsonPathError("incompatible types for comparison");
  if (typeof left === "boolean" && operator !== "==" && operator !== "!=") throw new JsonPathError("invalid type for comparison");
  const [a, b] = [left as string | number, right as string | number];
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    default:
      return a >= b;
  }
}

function scalarText(value: unknown): string {
  return value === null || value === undefined ? "null" : goText(value);
}

/** Accepts metadata.name, .metadata.name, {metadata.name} and {.metadata.name}; undefined for anything else. */
export function relaxedPath(path: string): string | undefined {
  if (path === "") return "";
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path);
  return match === null ? undefined : `{.${match[1] ?? match[2] ?? ""}}`;
}
