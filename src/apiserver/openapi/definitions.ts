// The schemas of the API's types as OpenAPI publishes them.
// Behaviour: k8s.io/kube-openapi/pkg/generators.
import { type FieldSchema, typeSchema } from "../../api/schema.ts";
import { definitionName, kindOfType } from "./definition-names.ts";

/** A JSON schema in OpenAPI's dialect. */
export type JsonSchema = Record<string, unknown>;

/** Descriptions by type name, as scripts/model-documentation.ts writes them. */
export type Documentation = Readonly<Record<string, { description: string; fields: Record<string, string> }>>;

/** What differs between OpenAPI's versions. */
export interface Flavor {
  readonly version: 2 | 3;
  /** What stands before a definition's name in a reference. */
  readonly referencePrefix: string;
}

/** As clients of /openapi/v2 read it. */
export const OPENAPI_V2: Flavor = { version: 2, referencePrefix: "#/definitions/" };
/** As clients of /openapi/v3 read it. */
export const OPENAPI_V3: Flavor = { version: 3, referencePrefix: "#/components/schemas/" };

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  bool: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  double: { type: "number", format: "double" },
  string: { type: "string" },
  bytes: { type: "string", format: "byte" },
  "meta.v1.Duration": { type: "string" },
};

const SPECIAL: Readonly<Record<string, (flavor: Flavor) => JsonSchema>> = {
  Quantity: ({ version }) => (version === 3 ? { oneOf: [{ type: "string" }, { type: "number" }] } : { type: "string" }),
  IntOrString: ({ version }) => ({ format: "int-or-string", ...(version === 3 ? { oneOf: [{ type: "integer" }, { type: "string" }] } : { type: "string" }) }),
  "meta.v1.Time": () => ({ type: "string", format: "date-time" }),
  "meta.v1.MicroTime": () => ({ type: "string", format: "date-time" }),
  "meta.v1.FieldsV1": () => ({ type: "object" }),
  "meta.v1.Patch": () => ({ type: "object" }),
  "runtime.RawExtension": () => ({ type: "object" }),
  "apiextensions.v1.JSON": () => ({}),
  "apiextensions.v1.JSONSchemaPropsOrArray": () => ({}),
  "apiextensions.v1.JSONSchemaPropsOrBool": () => ({}),
  "apiextensions.v1.JSONSchemaPropsOrStringArray": () => ({}),
};

const SPECIAL_DESCRIPTIONS: Readonly<Record<string, string>> = {
  Quantity: "Quantity is a fixed-point number with an SI suffix, e.g. 100m, 1.5Gi or 2e3.",
  IntOrString: "IntOrString holds an integer or a string, e.g. a port's number or name, or a count or percentage.",
  "meta.v1.Time": "Time is a time in RFC 3339 form, to the second.",
  "meta.v1.MicroTime": "MicroTime is a time in RFC 3339 form, to the microsecond.",
  "meta.v1.FieldsV1": "FieldsV1 stores a set of fields in a data structure like a Trie, in JSON format.",
  "meta.v1.Patch": "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.",
  "runtime.RawExtension": "RawExtension holds an object of any kind.",
  "meta.v1.WatchEvent": "Event represents a single event to a watched resource.",
};

const API_VERSION_DESCRIPTION =
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND_DESCRIPTION =
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

/** A reference to a built-in type's definition. */
export function reference(typeName: string, flavor: Flavor): JsonSchema {
  return { $ref: flavor.referencePrefix + definitionName(typeName) };
}

/** The properties that every kind has. */
export function kindProperties(): Record<string, JsonSchema> {
  return { apiVersion: { description: API_VERSION_DESCRIPTION, type: "string" }, kind: { description: KIND_DESCRIPTION, type: "string" } };
}

/** The definitions of types and of all that they refer to, each made when its turn comes, in the order of their names. */
export function* definitionsOf(typeNames: Iterable<string>, documentation: Documentation, flavor: Flavor): Generator<[string, JsonSchema]> {
  const named = [...reachableTypes(typeNames)].map((typeName) => [definitionName(typeName), typeName] as const);
  named.sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [name, typeName] of named) yield [name, definition(typeName, documentation, flavor)];
}

function reachableTypes(typeNames: Iterable<string>): Set<string> {
  const reached = new Set<string>();
  const pending = [...typeNames];
  for (let typeName = pending.pop(); typeName !== undefined; typeName = pending.pop()) {
    if (reached.has(typeName)) continue;
    reached.add(typeName);
    for (const field of typeSchema(typeName)?.fields.values() ?? []) {
      const { type } = innermost(field);
      if (SCALARS[type] === undefined) pending.push(type);
    }
  }
  return reached;
}

function innermost(field: FieldSchema): FieldSchema {
  return field.element === undefined ? field : innermost(field.element);
}

function definition(typeName: string, documentation: Documentation, flavor: Flavor): JsonSchema {
  const description = documentation[typeName]?.description || SPECIAL_DESCRIPTIONS[typeName];
  const described = description ? { description } : {};
  const special = SPECIAL[typeName];
  if (special !== undefined) return { ...described, ...special(flavor) };
  const schema = typeSchema(typeName);
  if (schema === undefined) return { ...described, type: "object" };
  const documented = documentation[typeName]?.fields ?? {};
  const properties = { ...(schema.kind && kindProperties()), ...Object.fromEntries([...schema.fields.values()].map((field) => [field.name, property(field, documented[field.name], flavor)])) };
  const required = [...schema.fields.values()].filter((field) => field.required).map(({ name }) => name).sort();
  return {
    ...described,
    type: "object",
    ...(required.length > 0 && { required }),
    ...(Object.keys(properties).length > 0 && { properties: sorted(properties) }),
    ...(schema.kind && { "x-kubernetes-group-version-kind": [kindOfType(typeName)] }),
    ...(schema.structType === "atomic" && { "x-kubernetes-map-type": "atomic" }),
  };
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function property(field: FieldSchema, description: string | undefined, flavor: Flavor): JsonSchema {
  const extensions: JsonSchema = {
    ...(field.listType && field.shape === "list" && { "x-kubernetes-list-type": field.listType }),
    ...(field.listMapKeys && { "x-kubernetes-list-map-keys": field.listMapKeys }),
    ...(field.structType && { "x-kubernetes-map-type": field.structType }),
    ...(field.patchMergeKey && { "x-kubernetes-patch-merge-key": field.patchMergeKey }),
    ...(field.patchStrategy && { "x-kubernetes-patch-strategy": field.patchStrategy.join(",") }),
  };
  const value = valueSchema(field, flavor);
  const defaulted = flavor.version === 3 ? defaultOf(field) : {};
  const enumerated = flavor.version === 3 && field.enum ? { enum: field.enum } : {};
  const siblings = { ...(description && { description }), ...defaulted, ...extensions };
  if (value["$ref"] !== undefined && flavor.version === 3 && Object.keys(siblings).length > 0) return { ...siblings, allOf: [value] };
  return { ...siblings, ...value, ...enumerated };
}

/** Explicit defaults, and the zero of what is always written. */
function defaultOf(field: FieldSchema): JsonSchema {
  if (field.default !== undefined) return { default: field.default };
  if (!field.always || field.pointer) return {};
  if (field.shape === "struct") return { default: {} };
  const zero = ZEROS[field.type];
  return field.shape === "scalar" && zero !== undefined ? { default: zero } : {};
}

const ZEROS: Readonly<Record<string, unknown>> = { string: "", bool: false, int32: 0, int64: 0 };

function valueSchema(value: FieldSchema, flavor: Flavor): JsonSchema {
  if (value.element !== undefined) {
    const element = elementSchema(value.element, flavor);
    return value.shape === "list" ? { type: "array", items: element } : { type: "object", additionalProperties: element };
  }
  return SCALARS[value.type] ?? reference(value.type, flavor);
}

function elementSchema(element: FieldSchema, flavor: Flavor): JsonSchema {
  const value = valueSchema(element, flavor);
  if (flavor.version === 2) return value;
  if (element.shape === "struct") return { allOf: [value], default: {} };
  const zero = element.shape === "scalar" ? ZEROS[element.type] : undefined;
  return { ...value, ...(zero !== undefined && { default: zero }), ...(element.enum && { enum: element.enum }) };
}
