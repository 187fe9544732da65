// Behaviour: k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder: a structural schema as the schema of field owners.
import { type FieldSchema, type TypeSchema, typeSchema } from "../../api/schema.ts";
import { additionalOf, isEmbedded, isIntOrString, itemsOf, META_FIELDS, preservesUnknown, type Schema } from "./structural-schema.ts";

const SCALARS: Readonly<Record<string, string>> = { integer: "int64", number: "double", boolean: "bool", string: "string" };

/** The type of the objects of a custom resource's version. */
export function objectTypeSchema(schema: Schema): TypeSchema {
  return structOf(schema, true);
}

function structOf(schema: Schema, isObject: boolean): TypeSchema {
  const fields = new Map<string, FieldSchema>();
  const metadata = isObject ? typeSchema("core.v1.ConfigMap")?.fields.get("metadata") : undefined;
  if (metadata !== undefined) fields.set("metadata", metadata);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!isObject || !META_FIELDS.has(name)) fields.set(name, fieldSchema(name, property, (schema.required ?? []).includes(name)));
  }
  return {
    name: "",
    kind: isObject,
    fields,
    ...mapType(schema),
    ...(preservesUnknown(schema) && { preserveUnknownFields: true }),
  };
}

function fieldSchema(name: string, schema: Schema, required = false): FieldSchema {
  const common = {
    name,
    number: 0,
    struct: undefined,
    element: undefined,
    ...(schema.default !== undefined && { default: schema.default }),
    ...(required && { required }),
    ...(schema.nullable && { nullable: true }),
  };
  if (isIntOrString(schema)) return { ...common, shape: "scalar", type: "IntOrString" };
  const scalar = SCALARS[schema.type ?? ""];
  if (scalar !== undefined) return { ...common, shape: "scalar", type: scalar };
  if (schema.type === "array") return listSchema(common, schema);
  if (schema.type === "object") return objectSchema(common, schema);
  return { ...common, shape: "any", type: "" };
}

type Common = Pick<FieldSchema, "name" | "number" | "struct" | "element" | "default" | "required" | "nullable">;

function listSchema(common: Common, schema: Schema): FieldSchema {
  const listType = schema["x-kubernetes-list-type"];
  const items = itemsOf(schema);
  return {
    ...common,
    shape: "list",
    type: "",
    element: items === undefined ? { ...ANY } : fieldSchema("", items),
    listType: listType === "set" || listType === "map" ? listType : "atomic",
    ...(schema["x-kubernetes-list-map-keys"] && { listMapKeys: schema["x-kubernetes-list-map-keys"] }),
  };
}

const ANY: FieldSchema = { name: "", number: 0, shape: "any", type: "", struct: undefined, element: undefined };

function objectSchema(common: Common, schema: Schema): FieldSchema {
  if (isEmbedded(schema)) return { ...common, shape: "struct", type: "", struct: structOf(schema, true), embeddedResource: true };
  if (schema.properties !== undefined) return { ...common, shape: "struct", type: "", struct: structOf(schema, false), ...mapType(schema) };
  const additional = additionalOf(schema);
  if (additional === undefined && mapType(schema).structType === undefined) return { ...common, shape: "any", type: "" };
  return { ...common, shape: "map", type: "", element: additional === undefined ? ANY : fieldSchema("", additional), ...mapType(schema) };
}

function mapType(schema: Schema): { structType?: "atomic" | "granular" } {
  const type = schema["x-kubernetes-map-type"];
  return type === "atomic" || type === "granular" ? { structType: type } : {};
}
