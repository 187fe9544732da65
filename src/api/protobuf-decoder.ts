// Reads objects of built-in kinds from protocol buffers.
// Behaviour: k8s.io/apimachinery/pkg/runtime/serializer/protobuf and the generated.proto files.
import { parseJSON } from "./json-syntax.ts";
import { fieldsOf, isPackable, type JsonObject, MAGIC } from "./protobuf-fields.ts";
import { BYTES, FIXED64, ProtobufError, VARINT, WireReader } from "./protobuf-wire.ts";
import type { TableField } from "./schema.ts";
import { formatSeconds } from "./time-format.ts";
import { typeNameOf } from "./type-names.ts";

const MAX_DEPTH = 200;

/** An envelope's contents. */
export interface ProtobufEnvelope {
  readonly apiVersion: string;
  readonly kind: string;
  /** The message of that kind (or JSON, when `json`). */
  readonly raw: Uint8Array;
  readonly json: boolean;
}

/** Opens the envelope that each object travels in; throws a ProtobufError. */
export function openEnvelope(bytes: Uint8Array): ProtobufEnvelope {
  if (bytes.length === 0) throw new ProtobufError("empty data");
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) throw new ProtobufError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  const reader = new WireReader(bytes.subarray(MAGIC.length));
  const [typeMeta, raw, contentEncoding, contentType] = chunksOf("runtime.Unknown", reader);
  if (contentEncoding !== undefined && contentEncoding.length > 0) throw new ProtobufError("unsupported content encoding");
  const { apiVersion = "", kind = "" } = decodeMessage("runtime.TypeMeta", typeMeta ?? new Uint8Array(), 0) as { apiVersion?: string; kind?: string };
  return { apiVersion, kind, raw: raw ?? new Uint8Array(), json: Buffer.from(contentType ?? []).toString() === "application/json" };
}

/** The bytes of a message's fields, each at its number less one; all of them length-delimited. */
function chunksOf(typeName: string, reader: WireReader): (Uint8Array | undefined)[] {
  const fields = fieldsOf(typeName);
  const chunks: (Uint8Array | undefined)[] = [];
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const field = fields.get(number);
    if (field === undefined) reader.skip(wireType);
    else {
      expectWireType(field, wireType, BYTES);
      chunks[number - 1] = reader.chunk();
    }
  }
  return chunks;
}

/** Reads a message of a type as the JSON value it stands for (zero values may be there or not). Throws a ProtobufError. */
export function decodeMessageOf(typeName: string, bytes: Uint8Array): JsonObject {
  return decodeMessage(typeName, bytes, 0);
}

/** Reads an enveloped object of any built-in kind; throws a ProtobufError, also for kinds that are not built in. */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  const { apiVersion, kind, raw, json } = openEnvelope(bytes);
  if (json) return parseJSON(Buffer.from(raw).toString("utf8")) as JsonObject;
  const typeName = typeNameOf(apiVersion, kind);
  if (typeName === undefined) throw new ProtobufError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
  return { apiVersion, kind, ...decodeMessage(typeName, raw, 0) };
}

function decodeMessage(typeName: string, bytes: Uint8Array, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw new ProtobufError("proto: messages nest too deeply");
  const fields = fieldsOf(typeName);
  const object: JsonObject = {};
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    const field = fields.get(number);
    if (field === undefined) reader.skip(wireType);
    else decodeField(object, field, reader, wireType, depth);
  }
  return object;
}

function decodeField(object: JsonObject, field: TableField, reader: WireReader, wireType: number, depth: number): void {
  const { name, type } = field;
  if (field.map) {
    expectWireType(field, wireType, BYTES);
    const [key, value] = decodeEntry(type, reader.chunk(), depth);
    setOwn((object[name] ??= {}) as JsonObject, key, value);
  } else if (field.list) {
    const list = (object[name] ??= []) as unknown[];
    if (wireType === BYTES && isPackable(type)) {
      const packed = new WireReader(reader.chunk());
      while (!packed.done) list.push(decodeScalar(type, packed));
    } else list.push(decodeValue(field, type, reader, wireType, depth));
  } else {
    const value = decodeValue(field, type, reader, wireType, depth);
    if (field.inline) Object.assign(object, value);
    else object[name] = value;
  }
}

/** Keys come from outside: "__proto__" is one like any other. */
function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

function expectWireType(field: TableField, actual: number, expected: number): void {
  if (actual !== expected) throw new ProtobufError(`proto: wrong wireType = ${actual} for field ${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`);
}

function decodeScalar(type: string, reader: WireReader): unknown {
  if (type === "bool") return reader.varint() !== 0n;
  if (type === "int32") return reader.int32();
  if (type === "int64") return reader.int64();
  return reader.double();
}

function decodeValue(field: TableField, type: string, reader: WireReader, wireType: number, depth: number): unknown {
  if (isPackable(type)) {
    expectWireType(field, wireType, type === "double" ? FIXED64 : VARINT);
    return decodeScalar(type, reader);
  }
  expectWireType(field, wireType, BYTES);
  return decodeChunk(type, reader.chunk(), depth);
}

function decodeEntry(type: string, bytes: Uint8Array, depth: number): [string, unknown] {
  const reader = new WireReader(bytes);
  let key = "";
  let value: unknown;
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === BYTES) key = reader.text();
    else if (number === 2) value = decodeValue({ name: "value", number: 2, type }, type, reader, wireType, depth);
    else reader.skip(wireType);
  }
  return [key, value ?? zeroValue(type)];
}

function zeroValue(type: string): unknown {
  if (isPackable(type)) return type === "bool" ? false : 0;
  return decodeChunk(type, new Uint8Array(), 0);
}

/** The value of a length-delimited field of a type. */
function decodeChunk(type: string, bytes: Uint8Array, depth: number): unknown {
  switch (type) {
    case "string":
      return Buffer.from(bytes).toString("utf8");
    case "bytes":
      return Buffer.from(bytes).toString("base64");
    case "Quantity":
      return quantityText(bytes);
    case "IntOrString":
      return intOrString(bytes);
    case "meta.v1.Time":
    case "meta.v1.MicroTime":
      return timeText(type, bytes);
    case "runtime.RawExtension":
    case "meta.v1.FieldsV1":
    case "apiextensions.v1.JSON":
      return rawJson(bytes);
  }
  const message = decodeMessage(type, bytes, depth + 1);
  switch (type) {
    case "meta.v1.Verbs":
    case "authentication.v1.ExtraValue":
    case "authorization.v1.ExtraValue":
    case "certificates.v1.ExtraValue":
      return message["items"] ?? [];
    case "apiextensions.v1.JSONSchemaPropsOrArray":
      return message["jSONSchemas"] ?? message["schema"] ?? null;
    case "apiextensions.v1.JSONSchemaPropsOrBool":
      return message["schema"] ?? message["allows"] ?? false;
    case "apiextensions.v1.JSONSchemaPropsOrStringArray":
      return message["property"] ?? message["schema"] ?? null;
    default:
      return message;
  }
}

function quantityText(bytes: Uint8Array): string {
  const reader = new WireReader(bytes);
  let text = "0";
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === BYTES) text = reader.text();
    else reader.skip(wireType);
  }
  return text;
}

function intOrString(bytes: Uint8Array): number | string {
  const reader = new WireReader(bytes);
  let isText = false;
  let value = 0;
  let text = "";
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === VARINT) isText = reader.varint() === 1n;
    else if (number === 2 && wireType === VARINT) value = reader.int32();
    else if (number === 3 && wireType === BYTES) text = reader.text();
    else reader.skip(wireType);
  }
  return isText ? text : value;
}

/** An empty message is the zero time, which is null. */
function timeText(type: string, bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null;
  const { seconds = 0, nanos = 0 } = decodeMessage("meta.v1.Time", bytes, 0) as { seconds?: number; nanos?: number };
  const text = formatSeconds(seconds);
  if (text === undefined) throw new ProtobufError("proto: time out of range");
  return type === "meta.v1.Time" ? `${text}Z` : `${text}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z`;
}

/** The object in a RawExtension: JSON, or protobuf in its own envelope. */
function rawJson(bytes: Uint8Array): unknown {
  const reader = new WireReader(bytes);
  let raw: Uint8Array = new Uint8Array();
  while (!reader.done) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === BYTES) raw = reader.chunk();
    else reader.skip(wireType);
  }
  if (raw.length === 0) return null;
  if (MAGIC.every((byte, index) => raw[index] === byte)) return decodeProtobuf(raw);
  return parseJSON(Buffer.from(raw).toString("utf8"));
}
