// Behaviour: k8s.io/apimachinery/pkg/api/equality.Semantic.DeepEqual: absent and empty are one, quantities compare by amount.
import { isQuantity, parseQuantity } from "../../../api/quantity.ts";

/** The fields that are maps of strings: absent and empty mean the same. A pointer to an empty struct is not an absent one. */
const MAP_FIELDS = new Set(["labels", "annotations", "matchLabels", "nodeSelector", "data", "binaryData", "selector"]);

/** The fields that are maps of quantities. */
const QUANTITY_MAP_FIELDS = new Set(["limits", "requests", "capacity", "allocatable", "hard", "used", "overhead", "min", "max", "default", "defaultRequest"]);

/** Whether two values mean the same to Kubernetes. */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => semanticEqual(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  return keysOf(a, b).every((key) => fieldsEqual(key, a[key], b[key]));
}

function fieldsEqual(key: string, a: unknown, b: unknown): boolean {
  const quantities = QUANTITY_MAP_FIELDS.has(key);
  if (!quantities && !MAP_FIELDS.has(key)) return semanticEqual(a, b);
  const [left, right] = [a ?? {}, b ?? {}];
  if (!isObject(left) || !isObject(right)) return semanticEqual(a, b);
  return keysOf(left, right).every((name) => (quantities ? quantitiesEqual(left[name], right[name]) : name in left && name in right && semanticEqual(left[name], right[name])));
}

function quantitiesEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== "string" || typeof b !== "string" || !isQuantity(a) || !isQuantity(b)) return a === b;
  return parseQuantity(a).cmp(parseQuantity(b)) === 0;
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0 || value === false || (Array.isArray(value) && value.length === 0);
}
