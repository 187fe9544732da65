// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{validation,complete,convert}.go: whether a schema is structural.
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import { goPattern, PatternError } from "../../custom-resources/patterns.ts";
import { additionalOf, childSchemas, isEmbedded, isIntOrString, itemsOf, preservesUnknown, propertyOf, type Schema } from "../../custom-resources/structural-schema.ts";

type Level = "root" | "item" | "field";

/** Why a schema cannot be read as a structural one at all; undefined when it can. */
export function unreadable(schema: Schema): string | undefined {
  if (schema.id) return "OpenAPIV3Schema 'id' is not supported";
  if (schema.$schema) return "OpenAPIV3Schema 'schema' is not supported";
  if (schema.$ref) return "OpenAPIV3Schema '$ref' is not supported";
  if (Object.keys(schema.patternProperties ?? {}).length > 0) return "OpenAPIV3Schema 'patternProperties' is not supported";
  if (Object.keys(schema.dependencies ?? {}).length > 0) return "OpenAPIV3Schema 'dependencies' is not supported";
  if (schema.additionalItems !== undefined) return "OpenAPIV3Schema 'additionalItems' is not supported";
  if (Object.keys(schema.definitions ?? {}).length > 0) return "OpenAPIV3Schema 'definitions' is not supported";
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(schema.items)) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const child of childSchemas(schema)) {
    const problem = unreadable(child);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What keeps a schema from being structural, sorted. */
export function validateStructural(schema: Schema, path: FieldPath): FieldError[] {
  const errors = [...invariants(schema, "root", path), ...completeness(schema, schema, path, path)];
  return errors.sort((left, right) => (left.message < right.message ? -1 : left.message > right.message ? 1 : 0));
}

function invariants(schema: Schema, level: Level, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (schema.type === "array" && items === undefined) errors.push(requiredValue(path.child("items"), "must be specified"));
  if (items !== undefined) errors.push(...invariants(items, "item", path.child("items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) errors.push(...invariants(property, "field", path.child("properties").key(name)));
  if (schema.additionalProperties !== undefined) {
    const at = path.child("additionalProperties");
    if (level === "root") errors.push(forbiddenField(at, "must not be used at the root"));
    const additional = additionalOf(schema);
    if (additional !== undefined) errors.push(...invariants(additional, "field", at));
  }
  errors.push(...extensions(schema, path), ...values(schema, anyOfIsIntOrString(schema), anyOfIsIntOrString(schema.allOf?.[0]), path));
  errors.push(...types(schema, level, path), ...metadata(schema, level, path));
  if (isEmbedded(schema) && !preservesUnknown(schema) && Object.keys(schema.properties ?? {}).length === 0) {
    errors.push(requiredValue(path.child("properties"), "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
  }
  return errors;
}

function extensions(schema: Schema, path: FieldPath): FieldError[] {
  if (!isIntOrString(schema)) return [];
  const message = "must be false if x-kubernetes-int-or-string is true";
  return (["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const).flatMap((name) => (schema[name] === true ? [invalidValue(path.child(name), true, message)] : []));
}

function types(schema: Schema, level: Level, path: FieldPath): FieldError[] {
  const { type = "" } = schema;
  const at = path.child("type");
  const errors: FieldError[] = [];
  if (isEmbedded(schema) && type !== "object") {
    const message = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? requiredValue(at, message) : invalidValue(at, type, message));
  } else if (type === "" && !isIntOrString(schema) && !preservesUnknown(schema)) {
    const where = { root: "at the root", item: "for specified array items", field: "for specified object fields" }[level];
    errors.push(requiredValue(at, `must not be empty ${where}`));
  }
  if (isEmbedded(schema) && schema.additionalProperties !== undefined) {
    errors.push(forbiddenField(path.child("additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set"));
  }
  if (level === "root" && type !== "" && type !== "object") errors.push(invalidValue(at, type, "must be object at the root"));
  return errors;
}

/** What schemas may say of apiVersion, kind and metadata. */
function metadata(schema: Schema, level: Level, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const isChecked = level === "root" || isEmbedded(schema);
  for (const name of isChecked ? ["kind", "apiVersion"] : []) {
    const property = propertyOf(schema, name);
    if (property !== undefined && property.type !== "string") errors.push(invalidValue(path.child("properties").key(name).child("type"), property.type ?? "", "must be string"));
  }
  const own = propertyOf(schema, "metadata");
  if (own === undefined) return errors;
  const at = path.child("properties").key("metadata");
  if (isChecked && own.type !== "object") errors.push(invalidValue(at.child("type"), own.type ?? "", "must be object"));
  if (level === "root" && saysMoreThanNames(own)) {
    errors.push(forbiddenField(at, "must not specify anything other than name and generateName, but metadata is implicitly specified"));
  }
  return errors;
}

function saysMoreThanNames({ type: _type, default: _default, properties = {}, ...rest }: Schema): boolean {
  return Object.keys(rest).length > 0 || Object.keys(properties).some((name) => name !== "name" && name !== "generateName");
}

function anyOfIsIntOrString(schema: Schema | undefined): boolean {
  return JSON.stringify(schema?.anyOf) === '[{"type":"integer"},{"type":"string"}]';
}

/** Checks what a schema says of values; below anyOf and the like, nothing else may be said. */
function values(schema: Schema, skipAnyOf: boolean, skipFirstAllOf: boolean, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!skipAnyOf) for (const [index, part] of (schema.anyOf ?? []).entries()) errors.push(...nested(part, false, path.child("anyOf").index(index)));
  for (const [index, part] of (schema.allOf ?? []).entries()) errors.push(...nested(part, skipFirstAllOf && index === 0, path.child("allOf").index(index)));
  for (const [index, part] of (schema.oneOf ?? []).entries()) errors.push(...nested(part, false, path.child("oneOf").index(index)));
  if (schema.not !== undefined) errors.push(...nested(schema.not, false, path.child("not")));
  if (schema.pattern) {
    try {
      goPattern(schema.pattern);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      errors.push(invalidValue(path.child("pattern"), schema.pattern, `must be a valid regular expression, but isn't: ${error.message}`));
    }
  }
  return errors;
}

const FORBIDDEN_BELOW: readonly [keyof Schema, string][] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

function nested(schema: Schema, skipAnyOf: boolean, path: FieldPath): FieldError[] {
  const errors = values(schema, skipAnyOf, false, path);
  const items = itemsOf(schema);
  if (items !== undefined) errors.push(...nested(items, false, path.child("items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) errors.push(...nested(property, false, path.child("properties").key(name)));
  for (const [field, message] of FORBIDDEN_BELOW) if (isSet(schema[field], field)) errors.push(forbiddenField(path.child(field), message));
  if (propertyOf(schema, "metadata") !== undefined) errors.push(forbiddenField(path.child("properties").key("metadata"), "must not be specified in a nested context"));
  return errors;
}

function isSet(value: unknown, field: keyof Schema): boolean {
  if (field === "additionalProperties") return value !== undefined && value !== false;
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "" && value !== false && value !== null;
}

/** What is said of values must be said of fields that there are. */
function completeness(said: Schema, schema: Schema, path: FieldPath, saidPath: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (said.not !== undefined) errors.push(...nestedCompleteness(said.not, schema, path, saidPath.child("not")));
  for (const kind of ["allOf", "anyOf", "oneOf"] as const) {
    for (const [index, part] of (said[kind] ?? []).entries()) errors.push(...nestedCompleteness(part, schema, path, saidPath.child(kind).index(index)));
  }
  return errors;
}

function nestedCompleteness(said: Schema, schema: Schema | undefined, path: FieldPath, saidPath: FieldPath): FieldError[] {
  if (schema === undefined) return [requiredValue(path, `because it is defined in ${saidPath}`)];
  const errors = completeness(said, schema, path, saidPath);
  const items = itemsOf(said);
  if (items !== undefined) errors.push(...nestedCompleteness(items, itemsOf(schema), path.child("items"), saidPath.child("items")));
  for (const [name, property] of Object.entries(said.properties ?? {})) {
    errors.push(...nestedCompleteness(property, propertyOf(schema, name), path.child("properties").key(name), saidPath.child("properties").key(name)));
  }
  return errors;
}
