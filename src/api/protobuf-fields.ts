// The fields of messages as protocol buffers number them.
import { type TableField, type TableType, tableType } from "./schema.ts";

/** What begins every enveloped object. */
export const MAGIC: Uint8Array = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

/** An object as JSON has it. */
export type JsonObject = Record<string, unknown>;

const fieldsByNumber = new Map<string, Map<number, TableField>>();

/** A message's fields by their numbers, in the order of these. */
export function fieldsOf(typeName: string): Map<number, TableField> {
  let fields = fieldsByNumber.get(typeName);
  if (fields === undefined) {
    const inOrder = messageType(typeName).fields.toSorted((left, right) => left.number - right.number);
    fields = new Map(inOrder.map((field) => [field.number, field]));
    fieldsByNumber.set(typeName, fields);
  }
  return fields;
}

function messageType(typeName: string): TableType {
  const type = tableType(typeName);
  if (type === undefined) throw new Error(`no type ${typeName} in the schema`);
  return type;
}

/** Whether lists of the type may be packed into one field. */
export function isPackable(type: string): boolean {
  return type === "bool" || type === "int32" || type === "int64" || type === "double";
}
