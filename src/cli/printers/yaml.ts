// Behaviour: sigs.k8s.io/yaml (Marshal): objects as YAML, keys sorted, sequences not indented below their key.
import { goNumber } from "./go-values.ts";
import { yamlScalar } from "./yaml-scalars.ts";

/** A longer key stands on a line of its own behind "?". */
const MAX_SIMPLE_KEY = 128;

/** A value as a YAML document, ending in a line break. */
export function formatYaml(value: unknown): string {
  const out: string[] = [];
  writeNode(out, value, 0, 0);
  return `${out.join("")}\n`;
}

/** Writes a value whose lines are indented by `indent`; `column` is where the current line stands. */
function writeNode(out: string[], value: unknown, indent: number, column: number): void {
  if (Array.isArray(value)) writeSequence(out, value, indent);
  else if (typeof value === "object" && value !== null) writeMapping(out, value as Record<string, unknown>, indent);
  else out.push(scalar(value, indent + 2, column));
}

function writeMapping(out: string[], mapping: Record<string, unknown>, indent: number): void {
  const keys = sortedKeys(mapping);
  if (keys.length === 0) out.push("{}");
  const start = " ".repeat(indent);
  for (const [index, key] of keys.entries()) {
    if (index > 0) out.push("\n", start);
    const simple = yamlScalar(key, { indent: indent + 2, column: indent, key: true });
    const complex = simple.length > MAX_SIMPLE_KEY;
    const written = complex ? `? ${simple}\n${start}` : simple;
    out.push(written, ":");
    writeValue(out, mapping[key], indent, indent + (complex ? 0 : written.length) + 2);
  }
}

function writeValue(out: string[], value: unknown, indent: number, column: number): void {
  if (Array.isArray(value)) {
    if (value.length === 0) out.push(" []");
    else {
      out.push("\n", " ".repeat(indent));
      writeSequence(out, value, indent);
    }
  } else if (typeof value === "object" && value !== null) {
    if (Object.keys(value).every((key) => (value as Record<string, unknown>)[key] === undefined)) out.push(" {}");
    else {
      out.push("\n", " ".repeat(indent + 2));
      writeMapping(out, value as Record<string, unknown>, indent + 2);
    }
  } else out.push(" ", scalar(value, indent + 2, column));
}

function writeSequence(out: string[], items: readonly unknown[], indent: number): void {
  if (items.length === 0) out.push("[]");
  for (const [index, item] of items.entries()) {
    if (index > 0) out.push("\n", " ".repeat(indent));
    out.push("- ");
    if (Array.isArray(item) || (typeof item === "object" && item !== null)) writeNode(out, item, indent + 2, indent + 2);
    else out.push(scalar(item, indent + 2, indent + 2));
  }
}

function scalar(value: unknown, indent: number, column: number): string {
  if (typeof value === "string") return yamlScalar(value, { indent, column, key: false });
  return typeof value === "number" ? goNumber(value) : String(value ?? "null");
}

/** The keys in yaml's order: numbers in them by value, letters after other characters. */
export function sortedKeys(mapping: Record<string, unknown>): string[] {
  return Object.keys(mapping)
    .filter((key) => mapping[key] !== undefined)
    .sort(compareKeys);
}

const LETTER = /\p{L}/u;
const DIGIT = /[0-9]/;

/** Orders two keys. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at += 1;
  if (at === length) return a.length - b.length;
  const one = a[at] ?? "";
  const other = b[at] ?? "";
  const oneLetter = LETTER.test(one);
  const otherLetter = LETTER.test(other);
  if (oneLetter && otherLetter) return one < other ? -1 : 1;
  if (oneLetter || otherLetter) return otherLetter ? -1 : 1;
  const led = (one === "0" || other === "0") && nonZeroDigitBefore(a, at);
  const left = numberAt(a, at, led);
  const right = numberAt(b, at, led);
  if (left.value !== right.value) return left.value < right.value ? -1 : 1;
  if (left.end !== right.end) return left.end - right.end;
  return one < other ? -1 : 1;
}

/** Whether digits that are not all zero stand before a place: then a zero there counts. */
function nonZeroDigitBefore(text: string, at: number): boolean {
  for (let index = at - 1; index >= 0 && DIGIT.test(text[index] ?? ""); index--) if (text[index] !== "0") return true;
  return false;
}

function numberAt(text: string, at: number, led: boolean): { value: bigint; end: number } {
  let end = at;
  while (DIGIT.test(text[end] ?? "")) end += 1;
  return { value: BigInt(`${led ? "1" : ""}${text.slice(at, end)}` || "0"), end };
}
