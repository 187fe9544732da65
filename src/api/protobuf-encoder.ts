// Writes objects of built-in kinds as protocol buffers.
// Behaviour: k8s.io/apimachinery/pkg/runtime/serializer/protobuf and the generated.proto files.
import { fieldsOf, isPackable, type JsonObject, MAGIC } from "./protobuf-fields.ts";
import { BYTES, FIXED64, ProtobufError, VARINT, WireWriter } from "./protobuf-wire.ts";
import type { TableField } from "./schema.ts";
import { typeNameOf } from "./type-names.ts";

/** Writes an object of a built-in kind with its envelope; throws a ProtobufError for any other kind. */
export function encodeProtobuf(object: object): Uint8Array {
  const { apiVersion = "", kind = "" } = object as { apiVersion?: string; kind?: string };
  const typeName = typeNameOf(apiVersion, kind);
  if (typeName === undefined) throw new ProtobufError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
  const writer = new WireWriter();
  writer.raw(MAGIC);
  const body = new WireWriter();
  body.tag(1, BYTES);
  body.chunk(encodeMessage("runtime.TypeMeta", { apiVersion, kind }));
  body.tag(2, BYTES);
  body.chunk(encodeMessage(typeName, object as JsonObject));
  body.tag(3, BYTES);
  body.text("");
  body.tag(4, BYTES);
  body.text("");
  writer.raw(body.finish());
  return writer.finish();
}

/** One event of a watch, with the length that frames it. */
export function encodeWatchEvent(type: string, object: object): Uint8Array {
  const writer = new WireWriter();
  writer.tag(1, BYTES);
  writer.text(type);
  writer.tag(2, BYTES);
  writer.chunk(rawMessage(encodeProtobuf(object)));
  const event = writer.finish();
  const frame = Buffer.allocUnsafe(4 + event.length);
  frame.writeUInt32BE(event.length);
  frame.set(event, 4);
  return frame;
}

function encodeMessage(typeName: string, object: JsonObject): Uint8Array {
  const writer = new WireWriter();
  for (const field of fieldsOf(typeName).values()) {
    if (field.inline) {
      writer.tag(field.number, BYTES);
      writer.chunk(encodeMessage(field.type, object));
      continue;
    }
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    if (field.map) encodeMap(writer, field, value as JsonObject);
    else if (field.list) for (const item of value as unknown[]) encodeValue(writer, field.number, field.type, item);
    else encodeValue(writer, field.number, field.type, value);
  }
  return writer.finish();
}

function encodeMap(writer: WireWriter, field: TableField, map: JsonObject): void {
  for (const key of Object.keys(map).sort()) {
    const entry = new WireWriter();
    entry.tag(1, BYTES);
    entry.text(key);
    encodeValue(entry, 2, field.type, map[key]);
    writer.tag(field.number, BYTES);
    writer.chunk(entry.finish());
  }
}

function encodeValue(writer: WireWriter, number: number, type: string, value: unknown): void {
  if (type === "double") {
    writer.tag(number, FIXED64);
    writer.double(value as number);
  } else if (isPackable(type)) {
    writer.tag(number, VARINT);
    writer.varint(Number(value));
  } else {
    writer.tag(number, BYTES);
    if (type === "string") writer.text(value as string);
    else writer.chunk(encodeChunk(type, value));
  }
}

function encodeChunk(type: string, value: unknown): Uint8Array {
  switch (type) {
    case "bytes":
      return Buffer.from(value as string, "base64");
    case "Quantity":
      return textMessage(1, String(value));
    case "IntOrString":
      return intOrStringMessage(value as number | string);
    case "meta.v1.Time":
    case "meta.v1.MicroTime":
      return timeMessage(value as string | null);
    case "runtime.RawExtension":
    case "meta.v1.FieldsV1":
    case "apiextensions.v1.JSON":
      return value === null ? new Uint8Array() : rawMessage(Buffer.from(JSON.stringify(value)));
    case "meta.v1.Verbs":
    case "authentication.v1.ExtraValue":
    case "authorization.v1.ExtraValue":
    case "certificates.v1.ExtraValue":
      return encodeMessage(type, { items: value });
    case "apiextensions.v1.JSONSchemaPropsOrArray":
      return encodeMessage(type, Array.isArray(value) ? { jSONSchemas: value } : { schema: value });
    case "apiextensions.v1.JSONSchemaPropsOrBool":
      return encodeMessage(type, typeof value === "boolean" ? { allows: value } : { allows: true, schema: value });
    case "apiextensions.v1.JSONSchemaPropsOrStringArray":
      return encodeMessage(type, Array.isArray(value) ? { property: value } : { schema: value });
    default:
      return encodeMessage(type, (value ?? {}) as JsonObject);
  }
}

function textMessage(number: number, text: string): Uint8Array {
  const writer = new WireWriter();
  writer.tag(number, BYTES);
  writer.text(text);
  return writer.finish();
}

function rawMessage(raw: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writer.tag(1, BYTES);
  writer.chunk(raw);
  return writer.finish();
}

function intOrStringMessage(value: number | string): Uint8Array {
  const writer = new WireWriter();
  writer.tag(1, VARINT);
  writer.varint(typeof value === "string" ? 1 : 0);
  writer.tag(2, VARINT);
  writer.varint(typeof value === "number" ? value : 0);
  writer.tag(3, BYTES);
  writer.text(typeof value === "string" ? value : "");
  return writer.finish();
}

function timeMessage(value: string | null): Uint8Array {
  if (value === null) return new Uint8Array();
  const writer = new WireWriter();
  const fraction = /\.([0-9]{1,9})/.exec(value)?.[1] ?? "";
  writer.tag(1, VARINT);
  writer.varint(Math.floor(Date.parse(value) / 1000));
  writer.tag(2, VARINT);
  writer.varint(Number(fraction.padEnd(9, "0")));
  return writer.finish();
}
