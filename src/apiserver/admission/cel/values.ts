// Objects of the API as values of CEL, and back.

/** Numbers of JSON that are whole are ints in CEL; what is not there is null. */
export function toCel(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value !== "object") return value;
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) if (field !== undefined && field !== null) result[name] = toCel(field);
  return result;
}

/** JSON of a value that is made of JSON's types; throws a TypeError for any other. */
export function fromCel(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, field]) => [String(key), fromCel(field)]));
  if (typeof value === "object" && isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, fromCel(field)]));
  throw new TypeError(`unsupported type ${typeof value === "object" ? (value as object).constructor.name : typeof value}`);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
