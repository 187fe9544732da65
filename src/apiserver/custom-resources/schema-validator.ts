// Behaviour: k8s.io/kube-openapi/pkg/validation/validate, with apiextensions-apiserver's ratcheting.
import { deepEqual } from "../registry/deep-equal.ts";
import type { FieldError } from "../../api/field-errors.ts";
import { isKnownFormat, matchesFormat } from "./formats.ts";
import { checkNumber } from "./number-checks.ts";
import { goPattern } from "./patterns.ts";
import { broken, missing, notOneOf, SchemaResult, tooLong, tooMany, unplaced, wrongType } from "./schema-errors.ts";
import { isIntOrString, isObject, itemsOf, propertyOf, type Schema } from "./structural-schema.ts";

/** Where a check stands: what was there before, for updates. */
export interface Previous {
  readonly value: unknown;
}

/** What is wrong with a value; below `previous`, what did not change is not checked. `root` is the value's own path. */
export function validateSchema(schema: Schema | undefined, value: unknown, options: { root?: string; previous?: Previous } = {}): FieldError[] {
  if (schema === undefined) return [];
  return check(schema, value, "", options.previous).problems.map((problem) => problem.toFieldError(options.root ?? ""));
}

function check(schema: Schema, value: unknown, path: string, previous: Previous | undefined): SchemaResult {
  const result = new SchemaResult();
  if (previous !== undefined && deepEqual(previous.value, value)) return result;
  checkType(schema, value, path, result);
  if (value === null || value === undefined) {
    checkEnum(schema, value, path, result);
    return result;
  }
  checkAlternatives(schema, value, path, result);
  if (typeof value === "string") checkText(schema, value, path, result);
  if (typeof value === "number") checkNumber(schema, value, path, result);
  if (Array.isArray(value)) checkList(schema, value, path, previous, result);
  checkEnum(schema, value, path, result);
  if (isObject(value)) checkObject(schema, value, path, previous, result);
  return result;
}

function checkType(schema: Schema, value: unknown, path: string, result: SchemaResult): void {
  const types = isIntOrString(schema) ? ["integer", "string"] : schema.type ? [schema.type] : [];
  result.matches++;
  if (types.length === 0) return;
  if (value === null || value === undefined) {
    if (!schema.nullable) result.add(wrongType(path, types.join(","), "null"));
    return;
  }
  const found = typeName(value);
  const fits = types.includes(found) || (found === "integer" && types.includes("number"));
  if (!fits) result.add(wrongType(path, types.join(","), found));
}

function typeName(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "string" || typeof value === "boolean") return typeof value;
  return Array.isArray(value) ? "array" : "object";
}

function checkAlternatives(schema: Schema, value: unknown, path: string, result: SchemaResult): void {
  const { anyOf, oneOf, allOf, not } = schema;
  const quoted = JSON.stringify(path);
  if (anyOf?.length) {
    const results = anyOf.map((alternative) => check(alternative, value, path, undefined));
    if (!results.some(({ isValid }) => isValid)) {
      result.add(unplaced(`${quoted} must validate at least one schema (anyOf)`));
      mergeBest(results, result);
    }
  }
  if (oneOf?.length) {
    const results = oneOf.map((alternative) => check(alternative, value, path, undefined));
    const valid = results.filter(({ isValid }) => isValid).length;
    if (valid !== 1) {
      result.add(unplaced(`${quoted} must validate one and only one schema (oneOf). ${valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`}`));
      if (valid === 0) mergeBest(results, result);
    }
  }
  if (allOf?.length) {
    const results = allOf.map((part) => check(part, value, path, undefined));
    for (const part of results) result.merge(part);
    const valid = results.filter(({ isValid }) => isValid).length;
    if (valid !== results.length) result.add(unplaced(`${quoted} must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`));
  }
  if (not !== undefined && check(not, value, path, undefined).isValid) result.add(unplaced(`${quoted} must not validate the schema (not)`));
  result.matches++;
}

/** The problems of the alternative that got furthest. */
function mergeBest(results: readonly SchemaResult[], into: SchemaResult): void {
  let best: SchemaResult | undefined;
  for (const result of results) if (best === undefined || result.matches > best.matches) best = result;
  if (best !== undefined) into.merge(best);
}

function checkText(schema: Schema, value: string, path: string, result: SchemaResult): void {
  const { maxLength, minLength, pattern, format } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) result.add(tooLong(path, maxLength));
  else if (minLength !== undefined && length < minLength) result.add(broken(path, value, `should be at least ${minLength} chars long`));
  else if (pattern && !goPattern(pattern).test(value)) result.add(broken(path, value, `should match '${pattern}'`));
  result.matches++;
  if (format === undefined || !isKnownFormat(format)) return;
  if (!matchesFormat(format, value)) result.add(wrongType(path, format, value));
  result.matches++;
}

function checkList(schema: Schema, value: readonly unknown[], path: string, previous: Previous | undefined, result: SchemaResult): void {
  const items = itemsOf(schema);
  if (items !== undefined) {
    for (const [index, item] of value.entries()) result.merge(check(items, item, `${path}[${index}]`, previousItem(schema, previous, value, index)));
  }
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && value.length < minItems) result.add(broken(path, value.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) result.add(tooMany(path, value.length, maxItems, "items"));
  result.matches++;
}

function checkEnum(schema: Schema, value: unknown, path: string, result: SchemaResult): void {
  result.matches++;
  const allowed = schema.enum;
  if (!allowed?.length || allowed.some((option) => deepEqual(option, value))) return;
  result.add(notOneOf(path, value, allowed));
}

function checkObject(schema: Schema, value: Readonly<Record<string, unknown>>, path: string, previous: Previous | undefined, result: SchemaResult): void {
  const { minProperties, maxProperties, properties = {}, additionalProperties, required = [] } = schema;
  const count = Object.keys(value).length;
  result.matches++;
  if (minProperties !== undefined && count < minProperties) {
    result.add(broken(path, count, `should have at least ${minProperties} properties`));
    return;
  }
  if (maxProperties !== undefined && count > maxProperties) {
    result.add(tooMany(path, count, maxProperties, "properties"));
    return;
  }
  for (const [key, field] of Object.entries(value)) {
    if (Object.hasOwn(properties, key)) continue;
    if (additionalProperties === false) result.add(broken(path, key, `is a forbidden property`));
    else if (typeof additionalProperties === "object") result.merge(check(additionalProperties, field, `${path}.${key}`, previousField(previous, key)));
  }
  for (const [name, property] of Object.entries(properties)) {
    if (Object.hasOwn(value, name)) result.merge(check(property, value[name], path === "" ? name : `${path}.${name}`, previousField(previous, name)));
  }
  for (const name of required) if (!Object.hasOwn(value, name)) result.add(missing(`${path}.${name}`));
}

function previousField(previous: Previous | undefined, key: string): Previous | undefined {
  return isObject(previous?.value) && Object.hasOwn(previous.value, key) ? { value: previous.value[key] } : undefined;
}

/** The old item that an item stands for: known by its keys in lists of type map only. */
function previousItem(schema: Schema, previous: Previous | undefined, list: readonly unknown[], index: number): Previous | undefined {
  const old = previous?.value;
  if (!Array.isArray(old)) return undefined;
  return correlatedItem(schema, old, list[index]);
}

/** The item of an old list that has the keys of `item`. */
export function correlatedItem(schema: Schema, old: readonly unknown[], item: unknown): Previous | undefined {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (schema["x-kubernetes-list-type"] !== "map" || keys.length === 0 || !isObject(item)) return undefined;
  const valueOf = (of: Readonly<Record<string, unknown>>, key: string) => of[key] ?? propertyOf(itemsOf(schema), key)?.default;
  const found = old.find((candidate) => isObject(candidate) && keys.every((key) => valueOf(candidate, key) === valueOf(item, key)));
  return found === undefined ? undefined : { value: found };
}
