// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed/remove.go and fieldpath/set.go: fields taken out of an object.
import { isJsonObject, setField, type JsonObject } from "../../api/patch/json-value.ts";
import { EMPTY_SET, type FieldSet, inOrder, isEmptySet, isMember, nodeOf, SELF } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { itemElement, type ListType, type MapType, typeBelow, typeOfField, typeOfValue, type ValueType } from "./value-type.ts";

/**
 * The value without the fields and items that are members of `removed`. An object or a list of which nothing is left, or
 * that is owned as a whole, stays as an empty one.
 */
export function removePaths(type: ValueType, value: unknown, removed: FieldSet): unknown {
  const actual = typeOfValue(type, value);
  if (isJsonObject(value)) return actual.kind === "map" ? removeFields(actual, value, removed) : {};
  if (Array.isArray(value)) return actual.kind === "list" ? removeItems(actual, value, removed) : [];
  return value;
}

function removeFields(type: MapType, object: JsonObject, removed: FieldSet): JsonObject {
  const out: JsonObject = {};
  if (type.atomic) return out;
  for (const [name, field] of Object.entries(object)) {
    const node = removed[`f:${name}`];
    if (node === undefined) setField(out, name, field);
    else if (!isMember(node)) setField(out, name, removePaths(typeOfField(type, name), field, node));
  }
  return out;
}

function removeItems(type: ListType, items: readonly unknown[], removed: FieldSet): unknown[] {
  const out: unknown[] = [];
  if (type.relation === "atomic") return out;
  for (const item of items) {
    const node = removed[itemElement(type, item)];
    if (node === undefined) out.push(item);
    else if (!isMember(node)) out.push(removePaths(type.element, item, node));
  }
  return out;
}

/** The set with the struct fields on the way to its members as members too: they go when all in them goes. */
export function withNamedFields(type: ValueType, set: FieldSet): FieldSet {
  if (isEmptySet(set)) return set;
  const out: { [element: PathElement]: FieldSet } = {};
  for (const [element, node] of Object.entries(set)) {
    if (element === SELF) continue;
    const name = element.startsWith("f:") ? element.slice(2) : undefined;
    const named = name !== undefined && type.kind === "map" && type.fields.has(name);
    const children = withNamedFields(typeBelow(type, element), withoutSelf(node));
    out[element] = nodeOf(isMember(node) || (named && !isEmptySet(node)), children) ?? EMPTY_SET;
  }
  return inOrder(out);
}

function withoutSelf(node: FieldSet): FieldSet {
  if (node[SELF] === undefined) return node;
  const { [SELF]: _, ...children } = node;
  return children;
}
