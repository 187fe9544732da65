// Behaviour: encoding/json over the Go types of k8s.io/api: commands that work with typed objects write every field that has no
// omitempty, in the order of the struct.
import { typeSchema, type FieldSchema, type TypeSchema } from "../../api/schema.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { typeNameOf } from "../../api/type-names.ts";
import type { PrintOptions } from "../print-flags.ts";
import { formatJson, formatOrderedJson } from "./json.ts";
import { type ObjectPrinter, withoutManagedFields } from "./printer.ts";
import { isEvent } from "./table.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The object with the fields that Go writes though they are zero, kind and apiVersion first, the others in their struct's order. */
export function asTyped(object: UnstructuredObject): UnstructuredObject {
  const name = typeNameOf(object.apiVersion, object.kind);
  const type = name === undefined ? undefined : typeSchema(name);
  if (type === undefined) return object;
  const { kind, apiVersion, ...fields } = object;
  return { kind, apiVersion, ...structOf(fields, type) } as UnstructuredObject;
}

/** A printer that writes typed objects: -o json keeps the struct's order of fields, every format has the zero fields. */
export function typedPrinter(printer: ObjectPrinter, options: PrintOptions): ObjectPrinter {
  const format = options.output === "" && options.template !== "" ? "go-template" : options.output;
  if (format === "" || format === "name") return printer;
  return {
    print(printable) {
      if (isEvent(printable)) return printer.print(printable);
      const object = asTyped(printable);
      return format === "json" ? `${formatOrderedJson(withoutManagedFields(object, options["show-managed-fields"]))}\n` : printer.print(object);
    },
  };
}

/** A printer of a typed v1 List of untyped objects: -o json has the list's fields in order and its items' sorted. */
export function listPrinter(printer: ObjectPrinter, options: PrintOptions): ObjectPrinter {
  if (options.output !== "json") return printer;
  return { print: (list) => `${formatOrderedJson(listInOrder(withoutManagedFields(list, options["show-managed-fields"])))}\n` };
}

function listInOrder(list: unknown): object {
  const { kind, apiVersion, metadata, items } = JSON.parse(formatJson(list)) as Fields;
  return { kind, apiVersion, metadata, items };
}

function structOf(fields: Fields, type: TypeSchema): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, field] of type.fields) {
    const value = fields[name];
    if (value !== undefined && value !== null) result[name] = valueOf(value, field);
    else if (field.always === true) result[name] = zeroOf(field);
  }
  return result;
}

function valueOf(value: unknown, field: FieldSchema): unknown {
  const { element } = field;
  if (field.shape === "struct" && field.struct !== undefined) return structOf(value as Fields, field.struct);
  if (field.shape === "list" && element !== undefined) return (value as unknown[]).map((item) => valueOf(item, element));
  if (field.shape === "map" && element !== undefined) {
    const map = value as Fields;
    return Object.fromEntries(Object.keys(map).sort().map((key) => [key, valueOf(map[key], element)]));
  }
  return value;
}

function zeroOf(field: FieldSchema): unknown {
  if (field.pointer === true) return null;
  if (field.shape === "struct" && field.struct !== undefined) return structOf({}, field.struct);
  if (field.shape !== "scalar") return null;
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
    case "string":
      return "";
    default:
      return null;
  }
}
