// The v2 document as protocol buffers: the only form that client-go asks for.
// Behaviour: github.com/google/gnostic-models/openapiv2.
import { BYTES, FIXED64, VARINT, WireWriter } from "../../api/protobuf-wire.ts";
import type { JsonSchema } from "./definitions.ts";
import type { DocumentParts } from "./document.ts";

/** Encodes an OpenAPI v2 document. */
export function openapiV2Protobuf(parts: DocumentParts): Uint8Array {
  const { head } = parts;
  return message((writer) => {
    text(writer, 1, head["swagger"]);
    sub(writer, 2, (info) => {
      const { title, version } = head["info"] as JsonSchema;
      text(info, 1, title);
      text(info, 2, version);
    });
    sub(writer, 8, (paths) => {
      for (const [path, item] of parts.paths()) named(paths, 2, path, (value) => writePathItem(value, item));
    });
    sub(writer, 9, (definitions) => {
      for (const [name, schema] of parts.definitions()) named(definitions, 1, name, (value) => writeSchema(value, schema));
    });
    for (const requirement of head["security"] as JsonSchema[]) {
      sub(writer, 12, (value) => {
        for (const name of Object.keys(requirement)) named(value, 1, name, () => undefined);
      });
    }
    sub(writer, 13, (securities) => {
      for (const [name, security] of entries(head["securityDefinitions"])) named(securities, 1, name, (item) => sub(item, 2, (key) => writeApiKey(key, security)));
    });
  });
}

function entries(value: unknown): [string, JsonSchema][] {
  return Object.entries((value ?? {}) as Record<string, JsonSchema>);
}

function message(write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
}

function sub(writer: WireWriter, number: number, write: (inner: WireWriter) => void): void {
  writer.tag(number, BYTES);
  writer.chunk(message(write));
}

/** A pair of a name and a message, as gnostic writes maps. */
function named(writer: WireWriter, number: number, name: string, write: (value: WireWriter) => void): void {
  sub(writer, number, (pair) => {
    text(pair, 1, name);
    sub(pair, 2, write);
  });
}

function text(writer: WireWriter, number: number, value: unknown): void {
  if (typeof value !== "string" || value === "") return;
  writer.tag(number, BYTES);
  writer.text(value);
}

function texts(writer: WireWriter, number: number, values: unknown): void {
  for (const value of (values ?? []) as string[]) text(writer, number, value);
}

function flag(writer: WireWriter, number: number, value: unknown): void {
  if (value !== true) return;
  writer.tag(number, VARINT);
  writer.varint(1);
}

/** A value of any shape travels as YAML, which JSON is. */
function any(writer: WireWriter, value: unknown): void {
  text(writer, 2, `${JSON.stringify(value)}\n`);
}

function extensions(writer: WireWriter, number: number, of: JsonSchema): void {
  for (const [name, value] of Object.entries(of)) if (name.startsWith("x-")) named(writer, number, name, (inner) => any(inner, value));
}

function writeApiKey(writer: WireWriter, security: JsonSchema): void {
  text(writer, 1, security["type"]);
  text(writer, 2, security["name"]);
  text(writer, 3, security["in"]);
  text(writer, 4, security["description"]);
}

const METHODS = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function writePathItem(writer: WireWriter, item: JsonSchema): void {
  for (const [method, number] of Object.entries(METHODS)) {
    const operation = item[method] as JsonSchema | undefined;
    if (operation !== undefined) sub(writer, number, (inner) => writeOperation(inner, operation));
  }
  for (const parameter of (item["parameters"] ?? []) as JsonSchema[]) sub(writer, 9, (inner) => writeParameter(inner, parameter));
}

function writeOperation(writer: WireWriter, operation: JsonSchema): void {
  texts(writer, 1, operation["tags"]);
  text(writer, 3, operation["description"]);
  text(writer, 5, operation["operationId"]);
  texts(writer, 6, operation["produces"]);
  texts(writer, 7, operation["consumes"]);
  for (const parameter of operation["parameters"] as JsonSchema[]) sub(writer, 8, (inner) => writeParameter(inner, parameter));
  sub(writer, 9, (responses) => {
    for (const [status, response] of entries(operation["responses"])) named(responses, 1, status, (value) => sub(value, 1, (inner) => writeResponse(inner, response)));
  });
  texts(writer, 10, operation["schemes"]);
  extensions(writer, 13, operation);
}

function writeResponse(writer: WireWriter, response: JsonSchema): void {
  text(writer, 1, response["description"]);
  const schema = response["schema"] as JsonSchema | undefined;
  if (schema !== undefined) sub(writer, 2, (item) => sub(item, 1, (inner) => writeSchema(inner, schema)));
}

/** A ParametersItem of a body, query or path parameter. */
function writeParameter(writer: WireWriter, parameter: JsonSchema): void {
  sub(writer, 1, (inner) => {
    if (parameter["in"] === "body") sub(inner, 1, (body) => writeBodyParameter(body, parameter));
    else if (parameter["in"] === "query") sub(inner, 2, (outer) => sub(outer, 3, (query) => writePlainParameter(query, parameter, 6, 20)));
    else sub(inner, 2, (outer) => sub(outer, 4, (path) => writePlainParameter(path, parameter, 5, 19)));
  });
}

function writeBodyParameter(writer: WireWriter, parameter: JsonSchema): void {
  text(writer, 2, parameter["name"]);
  text(writer, 3, parameter["in"]);
  flag(writer, 4, parameter["required"]);
  sub(writer, 5, (schema) => writeSchema(schema, parameter["schema"] as JsonSchema));
}

function writePlainParameter(writer: WireWriter, parameter: JsonSchema, typeNumber: number, uniqueNumber: number): void {
  flag(writer, 1, parameter["required"]);
  text(writer, 2, parameter["in"]);
  text(writer, 3, parameter["description"]);
  text(writer, 4, parameter["name"]);
  text(writer, typeNumber, parameter["type"]);
  flag(writer, uniqueNumber, parameter["uniqueItems"]);
}

const NUMBERS = { multipleOf: 6, maximum: 7, minimum: 9 };
const COUNTS = { maxLength: 11, minLength: 12, maxItems: 14, minItems: 15, maxProperties: 17, minProperties: 18 };

function writeSchema(writer: WireWriter, schema: JsonSchema): void {
  text(writer, 1, schema["$ref"]);
  text(writer, 2, schema["format"]);
  text(writer, 3, schema["title"]);
  text(writer, 4, schema["description"]);
  for (const [name, number] of Object.entries(NUMBERS)) writeNumber(writer, number, schema[name]);
  flag(writer, 8, schema["exclusiveMaximum"]);
  flag(writer, 10, schema["exclusiveMinimum"]);
  for (const [name, number] of Object.entries(COUNTS)) writeCount(writer, number, schema[name]);
  text(writer, 13, schema["pattern"]);
  flag(writer, 16, schema["uniqueItems"]);
  texts(writer, 19, schema["required"]);
  for (const value of (schema["enum"] ?? []) as unknown[]) sub(writer, 20, (inner) => any(inner, value));
  const { additionalProperties, items } = schema;
  if (additionalProperties !== undefined) sub(writer, 21, (inner) => writeAdditional(inner, additionalProperties));
  if (schema["type"] !== undefined) sub(writer, 22, (inner) => text(inner, 1, schema["type"]));
  if (items !== undefined) sub(writer, 23, (inner) => sub(inner, 1, (item) => writeSchema(item, items as JsonSchema)));
  for (const part of (schema["allOf"] ?? []) as JsonSchema[]) sub(writer, 24, (inner) => writeSchema(inner, part));
  if (schema["properties"] !== undefined) {
    sub(writer, 25, (properties) => {
      for (const [name, property] of entries(schema["properties"])) named(properties, 1, name, (value) => writeSchema(value, property));
    });
  }
  extensions(writer, 31, schema);
}

function writeAdditional(writer: WireWriter, additional: unknown): void {
  if (typeof additional === "boolean") {
    writer.tag(2, VARINT);
    writer.varint(additional ? 1 : 0);
  } else sub(writer, 1, (inner) => writeSchema(inner, additional as JsonSchema));
}

function writeNumber(writer: WireWriter, number: number, value: unknown): void {
  if (typeof value !== "number") return;
  writer.tag(number, FIXED64);
  writer.double(value);
}

function writeCount(writer: WireWriter, number: number, value: unknown): void {
  if (typeof value !== "number") return;
  writer.tag(number, VARINT);
  writer.varint(value);
}
