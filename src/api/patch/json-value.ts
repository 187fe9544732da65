// Behaviour: encoding/json and fmt of Go: how JSON values are compared, copied and printed in messages.

/** A JSON object whose fields are reached by name. */
export type JsonObject = { [field: string]: unknown };

/** Whether `value` is a JSON object: neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A deep copy, so that a patch never changes what it was applied to. */
export function cloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) setField(copy, key, cloneJson(value[key]));
  return copy as T;
}

/** Sets a field of any name: `__proto__` is a name like all others. */
export function setField(object: JsonObject, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A field by its name, which may be that of something all objects inherit; undefined when it is not there. */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Deep equality; the order of an object's fields does not matter, absent and undefined are the same. */
export function jsonEquals(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => jsonEquals(item, right[index]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  for (const key of Object.keys(left)) {
    if (!jsonEquals(left[key], ownField(right, key))) return false;
  }
  return Object.keys(right).every((key) => right[key] === undefined || Object.hasOwn(left, key));
}

/** The name of a value's Go type after decoding: messages carry it. */
export function goTypeName(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return "map[string]interface {}";
}

/** A value as Go's %v prints it: `map[image:noname]`, `[a b]`, `<nil>`. */
export function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(" ")}]`;
  if (!isJsonObject(value)) return String(value);
  const fields = Object.keys(value).sort().map((key) => `${key}:${formatGoValue(value[key])}`);
  return `map[${fields.join(" ")}]`;
}

/** JSON as Go's encoder writes it: fields sorted by name, and <, > and & escaped. */
export function encodeGoJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(encodeGoJson).join(",")}]`;
  if (!isJsonObject(value)) return escapeHtml(JSON.stringify(value ?? null));
  const fields = Object.keys(value).filter((key) => value[key] !== undefined).sort();
  return `{${fields.map((key) => `${escapeHtml(JSON.stringify(key))}:${encodeGoJson(value[key])}`).join(",")}}`;
}

function escapeHtml(json: string): string {
  return json.replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
