// What is stored is compared to the letter, unlike what objects mean (api/equality.ts).
import { semanticEqual } from "../../api/equality.ts";

/** Compares JSON values, whatever the order of their keys. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  let difference = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (!deepEqual(left[key], right[key])) return false;
    difference++;
  }
  for (const key in right) if (right[key] !== undefined) difference--;
  return difference === 0;
}

/** Whether two objects mean the same in all but the fields named. */
export function equalExcept(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>, fields: readonly string[]): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!fields.includes(key) && !semanticEqual(a[key], b[key])) return false;
  return true;
}
