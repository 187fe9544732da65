// Behaviour: encoding/json of Kubernetes' internal types, which have no JSON names: how messages show a whole struct.
import { type FieldSchema, typeSchema } from "../../../api/schema.ts";
import { internalTypesText } from "./internal-types.ts";

/** The internal PodSecurityContext holds these fields of the pod spec. */
const HOST_FIELDS = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

let fieldsByType: ReadonlyMap<string, readonly string[]> | undefined;

/** A value of a type of the runtime schema as messages show it: Go's names in Go's order, nothing left out. */
export function internalForm(type: string, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return structForm(type, value as Record<string, unknown>);
}

/** A list of values of a type as messages show it. */
export function internalListForm(type: string, values: readonly unknown[] | undefined): unknown {
  return values?.map((value) => internalForm(type, value)) ?? null;
}

function structForm(type: string, value: Readonly<Record<string, unknown>>): unknown {
  const fields = internalFields(type);
  const schema = typeSchema(type);
  if (fields === undefined || schema === undefined) return value;
  const byLowerName = new Map([...schema.fields.values()].map((field) => [field.name.toLowerCase(), field]));
  const form: Record<string, unknown> = {};
  for (const entry of fields) {
    if (entry === "+metadata") {
      Object.assign(form, value["metadata"]);
      continue;
    }
    const [name = "", wire = name] = entry.split("=");
    const field = byLowerName.get(wire.toLowerCase());
    if (field !== undefined) form[name] = fieldForm(field, valueOf(type, field.name, value));
    else form[name] = hostField(name, value);
  }
  return form;
}

function valueOf(type: string, field: string, value: Readonly<Record<string, unknown>>): unknown {
  if (type !== "core.v1.PodSpec" || field !== "securityContext") return value[field];
  const context = (value["securityContext"] ?? {}) as Record<string, unknown>;
  return { ...context, ...Object.fromEntries(HOST_FIELDS.map((host) => [host, value[host]])) };
}

function hostField(name: string, value: Readonly<Record<string, unknown>>): unknown {
  const wire = HOST_FIELDS.find((field) => field.toLowerCase() === name.toLowerCase()) ?? "";
  return value[wire] ?? (wire === "shareProcessNamespace" || wire === "hostUsers" ? null : false);
}

function fieldForm(field: FieldSchema, value: unknown): unknown {
  if (value === undefined || value === null) return zeroForm(field);
  if (field.shape === "list" && Array.isArray(value)) {
    // A list that nobody set is null.
    if (value.length === 0 && "toJSON" in value) return null;
    return value.map((item) => (field.element === undefined ? item : fieldForm(field.element, item)));
  }
  if (field.shape === "map") return sortedMap(value as Record<string, unknown>);
  return field.shape === "struct" ? structForm(field.type, value as Record<string, unknown>) : value;
}

function zeroForm(field: FieldSchema): unknown {
  if (field.pointer || field.shape === "list" || field.shape === "map") return null;
  if (field.shape === "struct") return structForm(field.type, {});
  switch (field.type) {
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "double":
    case "IntOrString":
      return 0;
    case "Quantity":
      return "0";
    case "meta.v1.Time":
    case "meta.v1.MicroTime":
      return null;
    default:
      return field.shape === "scalar" ? "" : null;
  }
}

/** A map as Go prints it: by its keys' order. */
export function sortedMap(map: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> | null {
  if (map === undefined) return null;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function internalFields(type: string): readonly string[] | undefined {
  fieldsByType ??= new Map(
    internalTypesText
      .trim()
      .split("\n")
      .map((line) => {
        const [name = "", ...fields] = line.split(" ");
        return [name, fields];
      }),
  );
  return fieldsByType.get(type);
}
