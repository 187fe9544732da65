// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema: how the parts of a structural schema are read.
import type { JSONSchemaProps } from "../../api/generated/types/apiextensions/v1.ts";

/** A schema as CustomResourceDefinitions hold it. */
export type Schema = JSONSchemaProps;

/** What every object has besides its schema's properties. */
export const META_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** The schema of a list's items. */
export function itemsOf(schema: Schema | undefined): Schema | undefined {
  const items = schema?.items;
  return items === undefined || Array.isArray(items) ? undefined : items;
}

/** The schema of a map's values; undefined when there is none, or any value is allowed. */
export function additionalOf(schema: Schema | undefined): Schema | undefined {
  const additional = schema?.additionalProperties;
  return typeof additional === "object" ? additional : undefined;
}

/** The schema of a named property. */
export function propertyOf(schema: Schema | undefined, name: string): Schema | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** The schema of an object's field, whether it is a property or any other key. */
export function fieldOf(schema: Schema | undefined, name: string): Schema | undefined {
  return propertyOf(schema, name) ?? additionalOf(schema);
}

/** Whether fields that the schema does not name are kept. */
export function preservesUnknown(schema: Schema | undefined): boolean {
  return schema?.["x-kubernetes-preserve-unknown-fields"] === true;
}

/** Whether the value is a whole object with metadata. */
export function isEmbedded(schema: Schema | undefined): boolean {
  return schema?.["x-kubernetes-embedded-resource"] === true;
}

/** Whether the value may be a number or a string. */
export function isIntOrString(schema: Schema | undefined): boolean {
  return schema?.["x-kubernetes-int-or-string"] === true;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether any schema among a schema and those below it is what is looked for. */
export function someSchema(schema: Schema | undefined, test: (schema: Schema) => boolean): boolean {
  if (schema === undefined) return false;
  return test(schema) || childSchemas(schema).some((child) => someSchema(child, test));
}

/** All schemas directly below one. */
export function childSchemas(schema: Schema): Schema[] {
  const { items, allOf = [], anyOf = [], oneOf = [], not, properties = {}, additionalProperties, patternProperties = {}, additionalItems, definitions = {}, dependencies = {} } = schema;
  const children = [
    ...(items === undefined ? [] : Array.isArray(items) ? items : [items]),
    ...allOf, ...anyOf, ...oneOf,
    ...(not === undefined ? [] : [not]),
    ...Object.values(properties), ...Object.values(patternProperties), ...Object.values(definitions),
  ];
  for (const child of [additionalProperties, additionalItems, ...Object.values(dependencies)]) {
    if (typeof child === "object" && !Array.isArray(child)) children.push(child);
  }
  return children;
}
