// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation: x-kubernetes-list-type, -list-map-keys and -map-type.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import { itemsOf, propertyOf, type Schema } from "../../custom-resources/structural-schema.ts";

const MAP_TYPE = "x-kubernetes-map-type";
const LIST_TYPE = "x-kubernetes-list-type";
const LIST_KEYS = "x-kubernetes-list-map-keys";

/** What is wrong with how a map is owned. */
export function validateMapType(schema: Schema, path: FieldPath): FieldError[] {
  const type = schema[MAP_TYPE];
  if (type === undefined) return [];
  const errors = ofType(schema, "object", `must be object if ${MAP_TYPE} is specified`, path);
  if (type !== "atomic" && type !== "granular") errors.push(notSupportedValue(path.child(MAP_TYPE), type, ["atomic", "granular"]));
  return errors;
}

/** What is wrong with how a list is owned. */
export function validateListType(schema: Schema, path: FieldPath): FieldError[] {
  const type = schema[LIST_TYPE];
  const keys = schema[LIST_KEYS] ?? [];
  const errors: FieldError[] = [];
  if (type !== undefined) {
    const wrong = ofType(schema, "array", `must be array if ${LIST_TYPE} is specified`, path);
    errors.push(...(wrong.length > 0 ? wrong : type === "set" ? validateSetItems(schema, path.child("items")) : []));
    if (!["atomic", "set", "map"].includes(type)) errors.push(notSupportedValue(path.child(LIST_TYPE), type, ["atomic", "set", "map"]));
  }
  if (keys.length > 0 && type !== "map") {
    const message = `must be map if ${LIST_KEYS} is non-empty`;
    errors.push(type === undefined ? requiredValue(path.child(LIST_TYPE), message) : invalidValue(path.child(LIST_TYPE), type, message));
  }
  if (type === "map") errors.push(...validateMapList(schema, keys, path));
  return [...errors, ...validateNullability(schema, keys, path)];
}

function ofType(schema: Schema, type: string, message: string, path: FieldPath): FieldError[] {
  if (schema.type === type) return [];
  return [schema.type ? invalidValue(path.child("type"), schema.type, message) : requiredValue(path.child("type"), message)];
}

function validateSetItems(schema: Schema, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const listType = items?.[LIST_TYPE];
  const message = `must be atomic as item of a list with ${LIST_TYPE}=set`;
  if (items?.type === "array" && listType !== undefined && listType !== "atomic") return [invalidValue(path.child(LIST_TYPE), listType, message)];
  if (items?.type === "object" && items[MAP_TYPE] !== "atomic") return [invalidValue(path.child(MAP_TYPE), listType ?? null, message)];
  return [];
}

function validateMapList(schema: Schema, keys: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (keys.length === 0) errors.push(requiredValue(path.child(LIST_KEYS), `must not be empty if ${LIST_TYPE} is map`));
  if (schema.items === undefined) errors.push(requiredValue(path.child("items"), `must have a schema if ${LIST_TYPE} is map`));
  const items = itemsOf(schema);
  if (items === undefined) {
    if (schema.items !== undefined) errors.push(invalidValue(path.child("items"), schema.items, `must only have a single schema if ${LIST_TYPE} is map`));
    return errors;
  }
  if (items.type !== "object") return [...errors, invalidValue(path.child("items").child("type"), items.type ?? "", `must be object if parent array's ${LIST_TYPE} is map`)];
  const seen = new Set<string>();
  for (const key of keys) {
    const property = propertyOf(items, key);
    if (property === undefined) errors.push(invalidValue(path.child(LIST_KEYS), keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object") {
      errors.push(invalidValue(path.child("items").child("properties").key(key).child("type"), items.type, `must be a scalar type if parent array's ${LIST_TYPE} is map`));
    }
    if (seen.has(key)) errors.push(invalidValue(path.child(LIST_KEYS), keys, "must not contain duplicate entries"));
    seen.add(key);
  }
  return errors;
}

/** Items of sets and maps, and the keys of maps, are always there. */
function validateNullability(schema: Schema, keys: readonly string[], path: FieldPath): FieldError[] {
  const type = schema[LIST_TYPE];
  const items = itemsOf(schema);
  if (items === undefined || (type !== "set" && type !== "map")) return [];
  const errors = items.nullable ? [forbiddenField(path.child("items").child("nullable"), `cannot be nullable when ${LIST_TYPE} is ${type}`)] : [];
  for (const key of type === "map" ? keys : []) {
    const property = propertyOf(items, key);
    if (property === undefined) continue;
    const at = path.child("items").child("properties").key(key);
    if (!(items.required ?? []).includes(key) && property.default === undefined) {
      errors.push(requiredValue(at.child("default"), `this property is in ${LIST_KEYS}, so it must have a default or be a required property`));
    }
    if (property.nullable) errors.push(forbiddenField(at.child("nullable"), `this property is in ${LIST_KEYS}, so it cannot be nullable`));
  }
  return errors;
}
