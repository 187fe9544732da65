// Behaviour: k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder: the definitions of custom kinds and their lists.
import { definitionName } from "./definition-names.ts";
import { type Flavor, type JsonSchema, kindProperties } from "./definitions.ts";
import { objectDefinition } from "./operations.ts";
import type { Resource } from "../resource.ts";

/** The OpenAPI schema of a custom resource's version, as its CustomResourceDefinition has it; undefined: any object. */
export type CustomSchema = (resource: Resource) => JsonSchema | undefined;

/** The definitions of the custom resources among `resources`, with their names. */
export function* customDefinitions(resources: readonly Resource[], customSchema: CustomSchema, flavor: Flavor): Generator<[string, JsonSchema]> {
  for (const resource of resources) {
    if (resource.type !== undefined) continue;
    const name = objectDefinition(resource);
    const { group, version, kind } = resource;
    const metadata = (type: string, description: string): JsonSchema => described(flavor.referencePrefix + definitionName(type), description, flavor);
    const schema = customSchema(resource) ?? { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    const own = flavor.version === 3 ? schema : forVersion2(schema);
    const object = {
      type: "object",
      ...own,
      properties: { ...(own["properties"] as JsonSchema | undefined), ...kindProperties(), metadata: metadata("meta.v1.ObjectMeta", METADATA_DESCRIPTION) },
      "x-kubernetes-group-version-kind": [{ group, version, kind }],
    };
    yield [name, object];
    const list = {
      description: `${kind}List is a list of ${kind}`,
      type: "object",
      required: ["items"],
      properties: {
        ...kindProperties(),
        items: { description: `List of ${resource.resource}.`, type: "array", items: { $ref: flavor.referencePrefix + name } },
        metadata: metadata("meta.v1.ListMeta", LIST_METADATA_DESCRIPTION),
      },
      "x-kubernetes-group-version-kind": [{ group, version, kind: resource.listKind ?? `${kind}List` }],
    };
    yield [`${name}List`, list];
  }
}

const METADATA_DESCRIPTION = "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
const LIST_METADATA_DESCRIPTION = "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

function described(ref: string, description: string, flavor: Flavor): JsonSchema {
  return flavor.version === 3 ? { description, allOf: [{ $ref: ref }] } : { description, $ref: ref };
}

const ONLY_IN_VERSION_3: ReadonlySet<string> = new Set(["oneOf", "anyOf", "not", "nullable", "default"]);

/** What version 2 cannot say is left out, and what preserves unknown fields has no properties there. */
function forVersion2(schema: JsonSchema): JsonSchema {
  if (schema["x-kubernetes-preserve-unknown-fields"] === true || schema["x-kubernetes-int-or-string"] === true) {
    const { description } = schema;
    return { ...(description !== undefined && { description }), ...(schema["type"] === "object" && { type: "object" }), ...extensions(schema) };
  }
  const entries = Object.entries(schema).filter(([key]) => !ONLY_IN_VERSION_3.has(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, nested(key, value)]));
}

function extensions(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key.startsWith("x-kubernetes-")));
}

function nested(key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (key === "properties") return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, forVersion2(schema as JsonSchema)]));
  if (key === "items" || key === "additionalProperties") return forVersion2(value as JsonSchema);
  if (key === "allOf") return (value as JsonSchema[]).map(forVersion2);
  return value;
}
