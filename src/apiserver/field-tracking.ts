// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers: every write notes who set what.
import { cloneDecoded } from "../api/decode.ts";
import { badRequest } from "../api/errors.ts";
import { type UnstructuredObject, formatApiVersion } from "../api/object.ts";
import { type JsonObject, isJsonObject } from "../api/patch/json-value.ts";
import { typeSchema, type TypeSchema } from "../api/schema.ts";
import type { Clock } from "../util/clock.ts";
import { decodeValue } from "./body.ts";
import { addWarning, type Call } from "./call.ts";
import { type FieldFilter, fieldFilterOf } from "./managed-fields/reset-fields.ts";
import { type FieldManager, createFieldManager, managerOrUserAgent } from "./managed-fields/field-manager.ts";
import { YamlSyntaxError, parseYaml } from "./negotiation/yaml-body.ts";
import type { WriteOptions } from "./options.ts";
import type { ResourceTable } from "./resource-table.ts";
import type { Resource } from "./resource.ts";

/** The field manager over the resources of a server. */
export function fieldManagerOf(resources: ResourceTable, clock: Clock): FieldManager {
  return createFieldManager({
    clock,
    schemaOf(apiVersion, kind) {
      const resource = resources.findKind(apiVersion, kind);
      if (resource !== undefined) return schemaOf(resource);
      return apiVersion === "autoscaling/v1" && kind === "Scale" ? scaleSchema() : undefined;
    },
    convert(object, apiVersion) {
      const from = resources.findKind(object.apiVersion, object.kind);
      const to = resources.findKind(apiVersion, object.kind);
      if (from === undefined || to === undefined) return undefined;
      const own = cloneDecoded(object);
      const stored = from.storedAs === undefined ? own : from.storedAs.toStored(own);
      return (to.storedAs === undefined ? stored : to.storedAs.fromStored(stored)) as UnstructuredObject;
    },
  });
}

/** The schema of what the scale subresource shows, which is no resource by itself. */
export function scaleSchema(): TypeSchema {
  const schema = typeSchema("autoscaling.v1.Scale");
  if (schema === undefined) throw new Error("no schema of autoscaling/v1 Scale");
  return schema;
}

/** The schema of a resource's objects; undefined for custom ones that have none. */
export function schemaOf(resource: Resource): TypeSchema | undefined {
  return resource.type === undefined ? resource.schema : typeSchema(resource.type);
}

/** Puts into `next` the managedFields that it has after a write over `existing`. */
export function trackUpdate(call: Call, existing: UnstructuredObject | undefined, next: UnstructuredObject, options: WriteOptions): void {
  const { fieldManager } = call.parts;
  const manager = managerOrUserAgent(options.fieldManager, call.request.headers["user-agent"]);
  const managedFields = fieldManager.update({ live: existing, next, manager, subresource: call.info.subresource, filter: filterOf(call) });
  if (managedFields === undefined) delete next.metadata.managedFields;
  else next.metadata.managedFields = managedFields;
}

/** Reads the body of an apply patch and makes the function that applies it to what is there; throws a StatusError. */
export function prepareApply(call: Call, options: WriteOptions): (existing: UnstructuredObject | undefined) => UnstructuredObject {
  const { resource, info, parts } = call;
  const { value, duplicates } = parseConfiguration(call);
  return (existing) => {
    const { object, managedFields } = parts.fieldManager.apply({
      manager: options.fieldManager,
      subresource: info.subresource,
      filter: filterOf(call),
      apiVersion: formatApiVersion(resource),
      kind: resource.kind,
      live: existing,
      applied: value,
      force: options.force,
    });
    if (duplicates.length > 0 && options.fieldValidation === "Strict") throw badRequest(`error strict decoding patch: ${duplicates.join(", ")}`);
    if (options.fieldValidation === "Warn") for (const duplicate of duplicates) addWarning(call, duplicate);
    const next = decodeValue(call, resource, object, "Ignore");
    if (managedFields !== undefined) next.metadata.managedFields = managedFields;
    resource.defaults?.(next);
    return next;
  };
}

/** What of an object a write to the call's resource or subresource reaches. */
function filterOf({ resource, info }: Call): FieldFilter | undefined {
  const { group, resource: name, status, type } = resource;
  return fieldFilterOf({ group, resource: name, hasStatus: status !== undefined, custom: type === undefined }, info.subresource);
}

/** The body of an apply patch; throws a StatusError (400) when it is no object. */
export function parseConfiguration(call: Call): { value: JsonObject; duplicates: readonly string[] } {
  const { value, duplicates } = parseConfigurationText(call);
  if (!isJsonObject(value)) throw badRequest(`error decoding patch: json: cannot unmarshal ${Array.isArray(value) ? "array" : typeof value} into Go value of type map[string]interface {}`);
  return { value, duplicates };
}

function parseConfigurationText(call: Call): { value: unknown; duplicates: readonly string[] } {
  const { body } = call.request;
  if (!(body instanceof Uint8Array)) return { value: body, duplicates: [] };
  try {
    const { value, duplicates } = parseYaml(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
    return { value, duplicates: duplicates.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${duplicates.join("\n  ")}`] };
  } catch (error) {
    if (error instanceof YamlSyntaxError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
}
