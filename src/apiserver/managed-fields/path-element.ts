// Behaviour: sigs.k8s.io/structured-merge-diff/v6/fieldpath (element.go, serialize-pe.go): one step of a path to a field.
import { encodeGoJson, isJsonObject } from "../../api/patch/json-value.ts";

/**
 * One step, in the form in which FieldsV1 writes it: `f:name` a field or a map's key, `k:{"name":"a"}` the item of a list
 * with those keys, `v:"a"` the item of a set, `i:0` the item at an index. Equal steps are equal strings.
 */
export type PathElement = string;

const KIND_ORDER = "fkvi";

/** The step to an item of a keyed list; `keys` are sorted by name. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): PathElement {
  return `k:{${keys.map(([name, value]) => `"${name}":${encodeGoJson(value)}`).join(",")}}`;
}

/** The step to an item of a set. */
export function valueElement(value: unknown): PathElement {
  return `v:${encodeGoJson(value)}`;
}

/**
 * A step as a client wrote it, in its one canonical form; undefined when its kind is not known.
 * @throws Error when it is malformed
 */
export function parsePathElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new Error("key must be 2 characters long:");
  if (text[1] !== ":") throw new Error(`missing colon: ${text}`);
  const body = text.slice(2);
  if (text[0] === "f") return text;
  if (text[0] === "v") return valueElement(JSON.parse(body));
  if (text[0] === "k") {
    const keys: unknown = JSON.parse(body);
    if (!isJsonObject(keys)) throw new Error(`keys must be an object: ${text}`);
    return keyElement(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (text[0] !== "i") return undefined;
  if (!/^[+-]?\d+$/.test(body)) throw new Error(`not an index: ${text}`);
  return `i:${Number(body)}`;
}

/** The order in which FieldsV1 writes steps: fields, keys, values, indexes; each by what they hold. */
export function comparePathElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const kind = a.charAt(0);
  if (kind !== b.charAt(0)) return KIND_ORDER.indexOf(kind) - KIND_ORDER.indexOf(b.charAt(0));
  if (kind === "f") return a < b ? -1 : 1;
  const [left, right] = [a, b].map((element): unknown => JSON.parse(element.slice(2)));
  return isJsonObject(left) && isJsonObject(right) ? compareKeys(Object.entries(left), Object.entries(right)) : compareScalars(left, right);
}

function compareKeys(left: [string, unknown][], right: [string, unknown][]): number {
  for (const [index, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[index] ?? [];
    if (otherName === undefined) return 1;
    if (name !== otherName) return name < otherName ? -1 : 1;
    const order = compareScalars(value, otherValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const SCALAR_ORDER = ["number", "string", "boolean", "object"];

function compareScalars(left: unknown, right: unknown): number {
  if (typeof left !== typeof right) return SCALAR_ORDER.indexOf(typeof left) - SCALAR_ORDER.indexOf(typeof right);
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [String(left), String(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A step as messages print it: `.name`, `[name="a"]`, `[="a"]`, `[0]`. */
export function formatPathElement(element: PathElement): string {
  const body = element.slice(2);
  if (element.startsWith("f:")) return `.${body}`;
  if (element.startsWith("i:")) return `[${body}]`;
  const value: unknown = JSON.parse(body);
  if (!element.startsWith("k:") || !isJsonObject(value)) return `[=${formatValue(value)}]`;
  return `[${Object.entries(value).map(([name, key]) => `${name}=${formatValue(key)}`).join(",")}]`;
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return Object.entries(value).map(([name, field]) => `${name}=${formatValue(field)}`).join("");
}

/** A path as messages print it: `.spec.containers[name="a"].image`. */
export function formatPath(path: readonly PathElement[]): string {
  return path.map(formatPathElement).join("");
}
