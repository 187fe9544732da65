// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype: items of sets and keys of maps stand once.
import { duplicateValue, type FieldError, type FieldPath, invalidValue } from "../../api/field-errors.ts";
import { additionalOf, isObject, itemsOf, propertyOf, type Schema } from "./structural-schema.ts";

/** The items that stand twice in lists of type set or map, in a value and below it. */
export function validateListTypes(value: unknown, schema: Schema | undefined, path: FieldPath): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return [...validateList(value, schema, path), ...value.flatMap((item, index) => validateListTypes(item, items, path.index(index)))];
  }
  if (!isObject(value)) return [];
  const additional = additionalOf(schema);
  return Object.entries(value).flatMap(([key, field]) => {
    const property = propertyOf(schema, key);
    if (property !== undefined) return validateListTypes(field, property, path.child(key));
    return additional === undefined ? [] : validateListTypes(field, additional, path.key(key));
  });
}

function validateList(list: readonly unknown[], schema: Schema, path: FieldPath): FieldError[] {
  const type = schema["x-kubernetes-list-type"];
  if (type === "set") return repeated(list).map((index) => duplicateValue(path.index(index), list[index]));
  if (type !== "map") return [];
  const stranger = list.findIndex((item) => item !== null && !isObject(item));
  if (stranger >= 0) return [invalidValue(path.index(stranger), list[stranger], "must be an object for an array of list-type map")];
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  const keys = list.map((item) => keyOf(item, names));
  return repeated(keys).map((index) => duplicateValue(path.index(index), keys[index]));
}

function keyOf(item: unknown, names: readonly string[]): Record<string, unknown> {
  if (!isObject(item)) return {};
  return Object.fromEntries([...names].sort().flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

/** The places where a value stands for the second time. */
function repeated(values: readonly unknown[]): number[] {
  const counts = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = JSON.stringify(value, isObject(value) ? sortedKeys : undefined);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count === 2 ? [index] : [];
  });
}

function sortedKeys(_: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))) : value;
}
