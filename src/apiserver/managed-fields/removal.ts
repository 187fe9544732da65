// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed/remove.go and fieldpath/set.go: fields taken out of an object.
import { isJsonObject, setField, type JsonObject } from "../../api/patch/json-value.ts";
import { EMPTY_SET, type FieldSet, inOrder, isEmptySet, isMember, nodeOf, SELF } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { asObject, itemElement, type ListType, type MapType, typeBelow, typeOfField, typeOfValue, type ValueType } from "./value-type.ts";

/**
 * The value without the fields and items that are members of `removed`. An object or a list of which nothing is left is
 * null, as is one that is owned as a whole.
 */
export function removePaths(type: ValueType, value: unknown, removed: FieldSet): unknown {
  const actual = typeOfValue(type, value);
  if (actual.kind === "map") return removeFields(actual, value, removed);
  return actual.kind === "list" ? removeItems(actual, value, removed) : value;
}

function removeFields(type: MapType, value: unknown, removed: FieldSet): unknown {
  if (type.atomic) return null;
  const object = asObject(value);
  const out: JsonObject = {};
  let empty = true;
  for (const name of Object.keys(object)) {
    const field = object[name];
    const node = removed[`f:${name}`];
    if (field === undefined || (node !== undefined && isMember(node))) continue;
    setField(out, name, node === undefined ? field : removePaths(typeOfField(type, name), field, node));
    empty = false;
  }
  return empty ? null : out;
}

function removeItems(type: ListType, value: unknown, removed: FieldSet): unknown {
  if (type.relation === "atomic" || !Array.isArray(value)) return null;
  const out: unknown[] = [];
  for (const item of value) {
    const node = removed[itemElement(type, item)];
    if (node === undefined) out.push(item);
    else if (!isMember(node)) out.push(removePaths(type.element, item, node));
  }
  return out.length === 0 ? null : out;
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

/** Drops the nulls that a removal leaves in fields to which null means nothing. Changes `value`. */
export function dropNulls(type: ValueType, value: unknown): void {
  const actual = typeOfValue(type, value);
  if (actual.kind === "list" && Array.isArray(value)) for (const item of value) dropNulls(actual.element, item);
  if (actual.kind !== "map" || !isJsonObject(value)) return;
  for (const name of Object.keys(value)) {
    if (value[name] === null && actual.fields.has(name) && !actual.nullable.has(name)) delete value[name];
    else if (value[name] !== null) dropNulls(typeOfField(actual, name), value[name]);
  }
}
