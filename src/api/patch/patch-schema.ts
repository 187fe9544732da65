// Behaviour: k8s.io/apimachinery/pkg/util/strategicpatch/meta.go: how each field of a type is patched.
import type { FieldSchema, TypeSchema } from "../schema.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";
import { unclassifiedError } from "./patch-errors.ts";

/** How one field is patched. */
export interface PatchField {
  /** Of the field's own fields; of the items' when it is a list. */
  readonly schema: PatchSchema;
  /** "" leaves objects to be merged and lists to be replaced. */
  readonly strategy: "" | "merge" | "replace";
  /** Fields of `original` that a patch's $retainKeys does not name are dropped: unions, of which one member is set. */
  readonly retainKeys: boolean;
  /** The field that identifies the items of a list of objects; "" when there is none. */
  readonly mergeKey: string;
}

/** What a strategic merge patch needs to know of a type. */
export interface PatchSchema {
  readonly name: string;
  /** @throws StatusError 500 when the type has no such field. */
  field(name: string): PatchField;
}

/** The patch schema of a built-in type. */
export function patchSchemaOf(type: TypeSchema): PatchSchema {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const fields = new Map<string, PatchField>();
  const schema: PatchSchema = {
    name: "struct",
    field(name) {
      const cached = fields.get(name);
      if (cached !== undefined) return cached;
      const field = type.fields.get(name);
      if (field === undefined) {
        const typeName = type.name.slice(type.name.lastIndexOf(".") + 1);
        throw unclassifiedError(`unable to find api field in struct ${typeName} for the json field ${JSON.stringify(name)}`);
      }
      const made = patchField(schemaOfValue(field.shape === "list" ? field.element : field), field.patchStrategy ?? [], field.patchMergeKey);
      fields.set(name, made);
      return made;
    },
  };
  schemas.set(type, schema);
  return schema;
}

const schemas = new WeakMap<TypeSchema, PatchSchema>();

function schemaOfValue(value: FieldSchema | undefined): PatchSchema {
  if (value?.struct !== undefined) return patchSchemaOf(value.struct);
  if (value?.shape !== "any") return leafSchema(value?.shape === "map" ? "map" : "string");
  const typeName = value.type.slice(value.type.lastIndexOf(".") + 1);
  return {
    name: "struct",
    field(name) {
      throw unclassifiedError(`unable to find api field in struct ${typeName} for the json field ${JSON.stringify(name)}`);
    },
  };
}

function leafSchema(kind: string): PatchSchema {
  return {
    name: kind,
    field() {
      throw unclassifiedError(`merging an object in json but data type is not struct, instead is: ${kind}`);
    },
  };
}

function patchField(schema: PatchSchema, strategies: readonly string[], mergeKey = ""): PatchField {
  const [strategy = ""] = strategies.filter((name) => name === "merge" || name === "replace");
  return { schema, strategy: strategy as PatchField["strategy"], retainKeys: strategies.includes("retainKeys"), mergeKey };
}

/**
 * The patch schema that a server publishes in OpenAPI v3.
 * @param schemas `components.schemas` of the group version's document
 * @param name the type's key in it, e.g. "io.k8s.api.apps.v1.Deployment"
 */
export function openApiPatchSchema(schemas: JsonObject, name: string): PatchSchema {
  return openApiSchema(schemas, schemas[name]);
}

function openApiSchema(schemas: JsonObject, reference: unknown): PatchSchema {
  const schema = resolved(schemas, reference);
  return {
    name: typeof schema["type"] === "string" ? schema["type"] : "Struct",
    field(name) {
      const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!isJsonObject(property)) throw unclassifiedError(`unable to find api field "${name}"`);
      const { "x-kubernetes-patch-strategy": strategies, "x-kubernetes-patch-merge-key": key, items } = property;
      return patchField(
        openApiSchema(schemas, items ?? property),
        typeof strategies === "string" ? strategies.split(",") : [],
        typeof key === "string" ? key : "",
      );
    },
  };
}

function resolved(schemas: JsonObject, reference: unknown): JsonObject {
  if (!isJsonObject(reference)) return {};
  const [single] = Array.isArray(reference["allOf"]) ? reference["allOf"] : [reference];
  const target: unknown = isJsonObject(single) ? single["$ref"] : undefined;
  if (typeof target !== "string") return isJsonObject(single) ? single : {};
  const found = schemas[target.replace("#/components/schemas/", "")];
  if (!isJsonObject(found)) throw unclassifiedError(`unable to resolve ${target} in OpenAPI V3`);
  return found;
}
