// Behaviour: encoding/json of Go as kubectl's JSON printer uses it: sorted keys, four spaces, "<", ">" and "&" escaped.

const ESCAPED: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };

/** A value as JSON with sorted keys, without a line break at its end; on one line when `indent` is "". */
export function formatJson(value: unknown, indent = "    "): string {
  const out: string[] = [];
  write(out, value, { indent, sorted: true }, indent === "" ? "" : "\n");
  return out.join("");
}

/** A value as JSON with its keys in the order in which they are: Go's structs. */
export function formatOrderedJson(value: unknown, indent = "    "): string {
  const out: string[] = [];
  write(out, value, { indent, sorted: false }, indent === "" ? "" : "\n");
  return out.join("");
}

interface JsonLayout {
  readonly indent: string;
  readonly sorted: boolean;
}

/** A value as JSON on one line. */
export function compactJson(value: unknown): string {
  return formatJson(value, "");
}

/** A text as a JSON string. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
}

function write(out: string[], value: unknown, layout: JsonLayout, line: string): void {
  const { indent } = layout;
  if (typeof value === "string") out.push(jsonString(value));
  else if (Array.isArray(value)) writeItems(out, "[", "]", value.length, indent, line, (index, inner) => write(out, value[index], layout, inner));
  else if (typeof value === "object" && value !== null) {
    const fields = value as Record<string, unknown>;
    const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
    if (layout.sorted) keys.sort();
    writeItems(out, "{", "}", keys.length, indent, line, (index, inner) => {
      const key = keys[index] ?? "";
      out.push(jsonString(key), indent === "" ? ":" : ": ");
      write(out, fields[key], layout, inner);
    });
  } else out.push(JSON.stringify(value) ?? "null");
}

function writeItems(out: string[], open: string, close: string, count: number, indent: string, line: string, item: (index: number, line: string) => void): void {
  out.push(open);
  const inner = line === "" ? "" : line + indent;
  for (let index = 0; index < count; index++) {
    out.push(index === 0 ? inner : `,${inner}`);
    item(index, inner);
  }
  if (count > 0) out.push(line);
  out.push(close);
}
