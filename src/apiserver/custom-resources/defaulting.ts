// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting.
import { additionalOf, fieldOf, isObject, itemsOf, propertyOf, type Schema } from "./structural-schema.ts";

/** Whether null stands where the schema allows none. */
function isForbiddenNull(value: unknown, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

/** Drops nulls that may not be there and that no default replaces. Mutates `value`. */
export function dropForbiddenNulls(value: unknown, schema: Schema | undefined): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const item of value) dropForbiddenNulls(item, items);
  } else if (isObject(value)) {
    for (const [key, field] of Object.entries(value)) {
      const of = fieldOf(schema, key);
      if (isForbiddenNull(field, of) && of?.default === undefined) delete value[key];
      else dropForbiddenNulls(field, of);
    }
  }
}

/** Sets what is absent and has a default in the schema. Mutates `value`. */
export function applyDefaults(value: unknown, schema: Schema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (const [index, item] of value.entries()) {
      if (isForbiddenNull(item, items)) value[index] = structuredClone(items?.default ?? null);
      applyDefaults(value[index], items);
    }
  } else if (isObject(value)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const given = value[name];
      if (property.default !== undefined && (given === undefined || isForbiddenNull(given, property))) value[name] = structuredClone(property.default);
    }
    const additional = additionalOf(schema);
    for (const key of Object.keys(value)) {
      const property = propertyOf(schema, key);
      if (property === undefined && isForbiddenNull(value[key], additional)) value[key] = structuredClone(additional?.default ?? null);
      applyDefaults(value[key], property ?? additional);
    }
  }
}
