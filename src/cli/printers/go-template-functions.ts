// Behaviour: Go's text/template (funcs.go) and k8s.io/cli-runtime/pkg/printers/template.go (exists, base64decode).
import { goSyntax, goText } from "./go-values.ts";

/** A function of templates; what it throws is reported with its name. */
export type TemplateFunction = (args: readonly unknown[]) => unknown;

/** Whether a value counts as true: nothing, zero and what is empty do not. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The functions besides `and` and `or`, which do not evaluate all of their arguments. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  not: ([value]) => !isTrue(value),
  len: ([value]) => {
    if (typeof value === "string") return Buffer.byteLength(value);
    if (Array.isArray(value)) return value.length;
    if (typeof value === "object" && value !== null) return Object.keys(value).length;
    throw new Error(value === null || value === undefined ? "len of nil pointer" : `len of type ${typeName(value)}`);
  },
  index: ([value, ...keys]) => keys.reduce(elementOf, value),
  slice: ([value, from = 0, to]) => {
    if (typeof value !== "string" && !Array.isArray(value)) throw new Error(`can't slice item of type ${typeName(value)}`);
    return value.slice(Number(from), to === undefined ? undefined : Number(to));
  },
  print: (args) => print(args),
  println: (args) => `${args.map(goText).join(" ")}\n`,
  printf: ([format, ...args]) => printf(String(format), args),
  html: (args) => print(args).replaceAll(/[\0"'&<>]/g, (character) => HTML[character] ?? character),
  js: (args) => print(args).replaceAll(/[\\'"<>&=\n\r\t]/g, (character) => JS[character] ?? character),
  urlquery: (args) => encodeURIComponent(print(args)).replaceAll("%20", "+").replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  eq: ([first, ...others]) => {
    if (others.length === 0) throw new Error("missing argument for comparison");
    return others.some((other) => equal(first, other));
  },
  ne: ([a, b]) => !equal(a, b),
  lt: ([a, b]) => less(a, b),
  le: ([a, b]) => less(a, b) || equal(a, b),
  gt: ([a, b]) => !less(a, b) && !equal(a, b),
  ge: ([a, b]) => !less(a, b),
  exists: ([value, ...keys]) => exists(value, keys),
  base64decode: ([value]) => Buffer.from(decodable(value), "base64").toString("utf8"),
};

const HTML: Readonly<Record<string, string>> = { "\0": "\uFFFD", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const JS: Readonly<Record<string, string>> = {
  "\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D", "\n": "\\u000A", "\r": "\\u000D", "\t": "\\u0009",
};

function typeName(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float64";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "map[string]interface {}";
}

function elementOf(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) throw new Error("index of untyped nil");
  if (Array.isArray(value) || typeof value === "string") {
    if (typeof key !== "number") throw new Error(`cannot index slice/array with type ${typeName(key)}`);
    if (key < 0 || key >= value.length) throw new Error(`index out of range: ${key}`);
    return typeof value === "string" ? Buffer.from(value)[key] : value[key];
  }
  if (typeof value !== "object") throw new Error(`can't index item of type ${typeName(value)}`);
  if (typeof key !== "string") throw new Error(`value has type ${typeName(key)}; should be string`);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null;
}

function exists(value: unknown, keys: readonly unknown[]): boolean {
  let current = value;
  for (const key of keys) {
    if (Array.isArray(current)) current = typeof key === "number" && key >= 0 && key < current.length ? current[key] : undefined;
    else if (typeof current === "object" && current !== null) current = (current as Record<string, unknown>)[String(key)];
    else return false;
  }
  return current !== null && current !== undefined;
}

function decodable(value: unknown): string {
  const text = String(value);
  const bad = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  if (bad !== null || text.replaceAll(/[\r\n]/g, "").length % 4 !== 0) {
    throw new Error(`base64 decode failed: illegal base64 data at input byte ${bad?.index ?? text.length - (text.length % 4)}`);
  }
  return text;
}

function equal(a: unknown, b: unknown): boolean {
  if ((typeof a === "object" && a !== null) || (typeof b === "object" && b !== null)) throw new Error("non-comparable type");
  const left = a ?? null;
  const right = b ?? null;
  if (left !== null && right !== null && typeof left !== typeof right) throw new Error("incompatible types for comparison");
  return left === right;
}

function less(a: unknown, b: unknown): boolean {
  if (typeof a !== typeof b) throw new Error("incompatible types for comparison");
  if (typeof a === "number" && typeof b === "number") return a < b;
  if (typeof a === "string" && typeof b === "string") return a < b;
  throw new Error("invalid type for comparison");
}

/** fmt.Sprint: a space between two operands when neither is a text. */
function print(args: readonly unknown[]): string {
  return args.map((arg, index) => (index > 0 && typeof arg !== "string" && typeof args[index - 1] !== "string" ? " " : "") + goText(arg)).join("");
}

/** fmt.Sprintf for decoded JSON. */
function printf(format: string, args: readonly unknown[]): string {
  let next = 0;
  const text = format.replaceAll(/%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g, (_, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
    if (verb === "%") return "%";
    if (next >= args.length) return `%!${verb}(MISSING)`;
    const body = verbText(verb, args[next++], flags, precision === undefined ? undefined : Number(precision));
    const size = Number(width ?? 0);
    if (flags.includes("-")) return body.padEnd(size);
    return flags.includes("0") && /^[dfegxXob]$/.test(verb) ? padZeros(body, size) : body.padStart(size);
  });
  const extra = args.slice(next).map((arg) => `${typeName(arg)}=${goText(arg)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(", ")})`;
}

function padZeros(text: string, size: number): string {
  return text.startsWith("-") ? `-${text.slice(1).padStart(size - 1, "0")}` : text.padStart(size, "0");
}

function verbText(verb: string, value: unknown, flags: string, precision: number | undefined): string {
  const wrong = () => `%!${verb}(${typeName(value)}=${goText(value)})`;
  switch (verb) {
    case "v":
      return flags.includes("#") ? goSyntax(value) : goText(value);
    case "s":
      return precision === undefined ? goText(value) : [...goText(value)].slice(0, precision).join("");
    case "q":
      return typeof value === "string" ? JSON.stringify(value) : wrong();
    case "T":
      return Array.isArray(value) ? "[]interface {}" : typeName(value);
    case "t":
      return typeof value === "boolean" ? String(value) : wrong();
    case "d":
      return typeof value === "number" ? `${flags.includes("+") && value >= 0 ? "+" : ""}${value}` : wrong();
    case "f":
    case "F":
      return typeof value === "number" ? value.toFixed(precision ?? 6) : wrong();
    case "e":
      return typeof value === "number" ? value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2") : wrong();
    case "g":
      return typeof value === "number" ? goText(value) : wrong();
    case "x":
    case "X":
      return hexText(value, verb) ?? wrong();
    case "o":
    case "b":
      return typeof value === "number" ? value.toString(verb === "o" ? 8 : 2) : wrong();
    case "c":
      return typeof value === "number" ? String.fromCodePoint(value) : wrong();
    default:
      return wrong();
  }
}

function hexText(value: unknown, verb: string): string | undefined {
  let text: string | undefined;
  if (typeof value === "number") text = value.toString(16);
  else if (typeof value === "string") text = Buffer.from(value).toString("hex");
  return verb === "X" ? text?.toUpperCase() : text;
}
