// Values of expressions: how they compare.

/** Whether two values are the same to CEL: numbers by their value, lists and maps by what is in them. */
export function celEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isNumeric(left) && isNumeric(right)) return left == right;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && left.length === right.length && left.every((item, index) => celEqual(item, right[index]));
  if (left instanceof Map || right instanceof Map) return left instanceof Map && right instanceof Map && sameEntries([...left], right);
  if (left.constructor !== right.constructor) return false;
  const primitive = left.valueOf();
  if (typeof primitive !== "object") return primitive === right.valueOf();
  if (left instanceof Uint8Array) return Buffer.compare(left, right as Uint8Array) === 0;
  return sameEntries(Object.entries(left), new Map(Object.entries(right)));
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function sameEntries(entries: readonly [unknown, unknown][], other: ReadonlyMap<unknown, unknown>): boolean {
  return entries.length === other.size && entries.every(([key, value]) => other.has(key) && celEqual(value, other.get(key)));
}

/** Orders two values of one type. */
export function compareValues(left: unknown, right: unknown): number {
  const [a, b] = [left?.valueOf() as string, right?.valueOf() as string];
  return a < b ? -1 : a > b ? 1 : 0;
}
