// Behaviour: Go's fmt verbs %v and %#v for decoded JSON: how kubectl prints a value that it knows nothing more about.

/** A value as fmt.Sprint writes it: maps as map[key:value], lists as [a b], nothing as <nil>. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return goNumber(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (typeof value === "object") {
    const fields = value as Record<string, unknown>;
    return `map[${Object.keys(fields).sort().map((key) => `${key}:${goText(fields[key])}`).join(" ")}]`;
  }
  return String(value);
}

/** A value as Go source (%#v). */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return goNumber(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (typeof value === "object") {
    const fields = value as Record<string, unknown>;
    return `map[string]interface {}{${Object.keys(fields).sort().map((key) => `${JSON.stringify(key)}:${goSyntax(fields[key])}`).join(", ")}}`;
  }
  return String(value);
}

const MAX_INT64 = 2 ** 63;

/** A number as %v writes it: integers in full, fractions with an exponent from 1e6 up and below 1e-4. */
export function goNumber(value: number): string {
  const magnitude = Math.abs(value);
  if ((Number.isInteger(value) && magnitude < MAX_INT64) || (magnitude >= 1e-4 && magnitude < 1e6)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
