// Behaviour: sigs.k8s.io/structured-merge-diff/v6/schema, and k8s.io/kube-openapi/pkg/schemaconv: how values are owned.
import type { FieldSchema, TypeSchema } from "../../api/schema.ts";
import { isJsonObject, type JsonObject } from "../../api/patch/json-value.ts";
import { keyElement, valueElement, type PathElement } from "./path-element.ts";

/** What the owners of fields need to know of a type, compiled once from its schema. */
export type ValueType = ScalarType | ListType | MapType | AnyType;

/** A value without parts. */
export interface ScalarType {
  readonly kind: "scalar";
  readonly scalar: "numeric" | "string" | "boolean" | "untyped";
}

/** A list, owned as a whole or item by item. */
export interface ListType {
  readonly kind: "list";
  /** Owned as a whole, or by item: by the items' keys (map) or by their values (set). */
  readonly relation: "atomic" | "map" | "set";
  readonly element: ValueType;
  /** Whether an empty list may be null: Go writes nil slices so, and they are lists again when they are read. */
  readonly emptyIsNull: boolean;
  /** Sorted by name. */
  readonly keys: readonly string[];
  readonly keyDefaults: ReadonlyMap<string, unknown>;
}

/** A struct or a map. */
export interface MapType {
  readonly kind: "map";
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, ValueType>;
  /** Of all that is none of `fields`; absent when nothing else may be there. */
  readonly element?: ValueType;
}

/** No schema: objects by field, lists as a whole. */
export interface AnyType {
  readonly kind: "any";
}

/** The type of what has no schema. */
export const ANY_TYPE: AnyType = { kind: "any" };

/** The type of an `any` that is an object. */
export const ANY_MAP: MapType = { kind: "map", atomic: false, fields: new Map(), element: ANY_TYPE };

/** The type of an `any` that is neither object nor list. */
export const ANY_SCALAR: ScalarType = { kind: "scalar", scalar: "untyped" };

/** The type of an `any` that is a list. */
export const ANY_LIST: ListType = { kind: "list", relation: "atomic", element: ANY_TYPE, emptyIsNull: false, keys: [], keyDefaults: new Map() };

/** Objects of others, held in a built-in one: owned as a whole. */
const RAW_EXTENSION = "runtime.RawExtension";
const ATOMIC_MAP: MapType = { ...ANY_MAP, atomic: true };

const STRING: ScalarType = { kind: "scalar", scalar: "string" };
const SCALARS: Readonly<Record<string, ScalarType["scalar"]>> = {
  bool: "boolean",
  int32: "numeric",
  int64: "numeric",
  double: "numeric",
  Quantity: "untyped",
  IntOrString: "untyped",
  "meta.v1.Time": "untyped",
  "meta.v1.MicroTime": "untyped",
};

const structs = new WeakMap<TypeSchema, MapType>();

/** The type of an object; `any` when nothing is known of it. */
export function objectType(schema: TypeSchema | undefined): ValueType {
  return schema === undefined ? ANY_TYPE : structType(schema);
}

function structType(schema: TypeSchema): MapType {
  const known = structs.get(schema);
  if (known !== undefined) return known;
  const fields = new Map<string, ValueType>();
  const type: MapType = {
    kind: "map",
    atomic: schema.structType === "atomic",
    fields,
    ...(schema.preserveUnknownFields && { element: ANY_TYPE }),
  };
  structs.set(schema, type);
  if (schema.kind) fields.set("apiVersion", STRING).set("kind", STRING);
  for (const [name, field] of schema.fields) fields.set(name, fieldType(field));
  return type;
}

function fieldType(field: FieldSchema): ValueType {
  if (field.shape === "any") return field.type === RAW_EXTENSION ? ATOMIC_MAP : ANY_TYPE;
  if (field.shape === "list") return listType(field);
  if (field.shape === "map") {
    const element = field.element === undefined ? ANY_TYPE : fieldType(field.element);
    return { kind: "map", atomic: field.structType === "atomic", fields: new Map(), element };
  }
  if (field.struct === undefined) return { kind: "scalar", scalar: SCALARS[field.type] ?? "string" };
  const type = structType(field.struct);
  return field.structType === undefined ? type : { ...type, atomic: field.structType === "atomic" };
}

function listType(field: FieldSchema): ListType {
  const element = field.element === undefined ? ANY_TYPE : fieldType(field.element);
  const keys = [...(field.listMapKeys ?? [])].sort();
  const keyDefaults = new Map<string, unknown>();
  for (const key of keys) {
    const value = keyDefault(field.element?.struct?.fields.get(key));
    if (value !== undefined) keyDefaults.set(key, value);
  }
  return { kind: "list", relation: field.listType ?? "atomic", element, emptyIsNull: field.always ?? false, keys, keyDefaults };
}

/** A key that Go always writes has its zero value where it is not given. */
function keyDefault(key: FieldSchema | undefined): unknown {
  if (key === undefined || key.default !== undefined || !key.always || key.pointer) return key?.default;
  return key.type === "bool" ? false : SCALARS[key.type] === "numeric" ? 0 : "";
}

/** What stands in a struct's field or under a map's key. */
export function typeOfField(type: MapType, name: string): ValueType {
  return type.fields.get(name) ?? type.element ?? ANY_TYPE;
}

/** What a step leads to in a value of a type. */
export function typeBelow(type: ValueType, element: PathElement): ValueType {
  if (type.kind === "list") return type.element;
  return type.kind === "map" && element.startsWith("f:") ? typeOfField(type, element.slice(2)) : ANY_TYPE;
}

/** The type by which a value is handled: an `any` is what the value shows. */
export function typeOfValue(type: ValueType, value: unknown): ScalarType | ListType | MapType {
  if (type.kind !== "any") return type;
  if (Array.isArray(value)) return ANY_LIST;
  return isJsonObject(value) || value === null ? ANY_MAP : ANY_SCALAR;
}

/** A value as an object; `{}` when it is null or something else. */
export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : NOTHING;
}

const NOTHING: JsonObject = {};

/** A value as a list; `[]` when it is null or something else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An item of a list cannot be told from the others. */
export class ListItemError extends Error {
  override readonly name = "ListItemError";
}

/**
 * The step that leads to an item of a list that is owned by item.
 * @throws ListItemError in the words of structured-merge-diff
 */
export function itemElement(type: ListType, item: unknown): PathElement {
  if (type.relation === "map") return keyedElement(type, item);
  if (item === null) throw new ListItemError("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new ListItemError("not supported: associative list with lists as elements");
  if (isJsonObject(item)) throw new ListItemError("associative list without keys has an element that's a map type");
  return valueElement(item);
}

function keyedElement(type: ListType, item: unknown): PathElement {
  if (item === null) throw new ListItemError("associative list with keys may not have a null element");
  if (!isJsonObject(item)) throw new ListItemError("associative list with keys may not have non-map elements");
  const keys: [string, unknown][] = [];
  for (const name of type.keys) {
    const given = Object.hasOwn(item, name) ? item[name] : undefined;
    const value = given === undefined ? type.keyDefaults.get(name) : given;
    if (value !== undefined) keys.push([name, value]);
  }
  if (keys.length === 0) {
    const names = `[${type.keys.map((name) => JSON.stringify(name)).join(" ")}]`;
    throw new ListItemError(`associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`);
  }
  return keyElement(keys);
}
