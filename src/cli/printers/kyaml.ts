// Behaviour: sigs.k8s.io/yaml/kyaml: YAML in flow style, texts always quoted: what -o kyaml prints.
import { type ObjectPrinter, withoutManagedFields } from "./printer.ts";
import { sortedKeys } from "./yaml.ts";

/** Keys that need no quotes: no YAML reader takes them for anything but a text. */
const PLAIN_KEY = /^[A-Za-z0-9_./-]+$/;
const AMBIGUOUS = /^(?:y|yes|n|no|t|true|f|false|on|off|null|nan|[-.]?inf|[-+.0-9][-_.:0-9eExXa-fA-FoO]*)$/i;

/** -o kyaml. */
export function kyamlPrinter(showManagedFields: boolean): ObjectPrinter {
  return { print: (object) => `---\n${kyamlNode(withoutManagedFields(object, showManagedFields), 0)}\n` };
}

function kyamlNode(value: unknown, depth: number): string {
  if (Array.isArray(value)) return list(value, depth);
  if (typeof value === "object" && value !== null) return mapping(value as Record<string, unknown>, depth);
  if (typeof value === "string") return text(value, depth);
  return String(value ?? "null");
}

function mapping(fields: Record<string, unknown>, depth: number): string {
  const keys = sortedKeys(fields);
  if (keys.length === 0) return "{}";
  const inner = "  ".repeat(depth + 1);
  const lines = keys.map((key) => `${inner}${PLAIN_KEY.test(key) && !AMBIGUOUS.test(key) ? key : JSON.stringify(key)}: ${kyamlNode(fields[key], depth + 1)},\n`);
  return `{\n${lines.join("")}${"  ".repeat(depth)}}`;
}

/** Items that are mappings or lists share the brackets' lines; others get a line each. */
function list(items: readonly unknown[], depth: number): string {
  if (items.length === 0) return "[]";
  if (items.every((item) => typeof item === "object" && item !== null)) return `[${items.map((item) => kyamlNode(item, depth)).join(", ")}]`;
  const inner = "  ".repeat(depth + 1);
  return `[\n${items.map((item) => `${inner}${kyamlNode(item, depth + 1)},\n`).join("")}${"  ".repeat(depth)}]`;
}

/** A text of several lines is broken behind each of its line breaks; a space or backslash shows where the line begins. */
function text(value: string, depth: number): string {
  if (!value.includes("\n")) return JSON.stringify(value);
  const inner = "  ".repeat(depth + 1);
  const lines = value.split("\n");
  const last = lines.pop() ?? "";
  const pieces = [...lines.map((line) => [line, "\\n"] as const), ...(last === "" ? [] : [[last, ""] as const])];
  const body = pieces.map(([line, end]) => `${inner}${/^[ \t]/.test(line) ? "\\" : " "}${JSON.stringify(line).slice(1, -1)}${end}\\\n`);
  return `"\\\n${body.join("")}${inner}"`;
}
