// Turns a request's body into an object: the content type's codec, then the kind that the path expects.
// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/{create,rest}.go, apimachinery's json and versioning serializers.
import { isUtf8 } from "node:buffer";
import { DecodeError, decodeTyped, isKnownPath } from "../../api/decode.ts";
import { badRequest, unsupportedMediaType } from "../../api/errors.ts";
import { duplicateKeys, JSONSyntaxError, parseJSON } from "../../api/json-syntax.ts";
import { formatApiVersion, parseApiVersion, type UnstructuredObject } from "../../api/object.ts";
import { decodeProtobuf, ProtobufError } from "../../api/protobuf.ts";
import { packageOf, typeNameOf } from "../../api/type-names.ts";
import { parseYaml, YamlSyntaxError } from "./yaml-body.ts";

/** How unknown and duplicate fields are treated: an error, warnings, or not at all. */
export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** The kind that a path stores or serves. `type` is its type in the schema; absent for custom resources. */
export interface ExpectedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly type?: string;
  /** Custom resources: gives an object the form of its schema, and answers the paths of the fields that it dropped. */
  adopt?(object: UnstructuredObject): string[];
}

/** A body's object, complete as its type wants it, with what to warn of. */
export interface DecodedBody {
  readonly object: UnstructuredObject;
  readonly warnings: readonly string[];
}

/** A body as its codec reads it. */
export interface ParsedBody {
  readonly value: unknown;
  /** Keys that stand twice: as paths (JSON) or as whole messages (YAML). */
  duplicates(): (string | (string | number)[])[];
}

const JSON_AND_YAML = ["application/json", "application/yaml"];
const ALL = [...JSON_AND_YAML, "application/vnd.kubernetes.protobuf"];

/**
 * Reads a body of JSON (also when there is no content type), YAML or protobuf. Throws a StatusError (415) for any other
 * type, and a JSONSyntaxError, YamlSyntaxError or ProtobufError, whose messages are upstream's, for what cannot be read.
 */
export function decodeBody(contentType: string | undefined, bytes: Uint8Array, supported: readonly string[] = ALL): ParsedBody {
  const mediaType = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const known = mediaType === "" ? "application/json" : mediaType;
  if (!supported.includes(known)) throw unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${supported.join(", ")}`);
  if (known === "application/vnd.kubernetes.protobuf") return { value: decodeProtobuf(bytes), duplicates: () => [] };
  if (!isUtf8(bytes)) throw new JSONSyntaxError("invalid UTF-8 in the body");
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  if (known === "application/json") {
    const value = parseJSON(text);
    return { value, duplicates: () => duplicateKeys(text, value) };
  }
  const { value, duplicates } = parseYaml(text);
  return { value, duplicates: () => (duplicates.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${duplicates.join("\n  ")}`]) };
}

/**
 * Reads the object of a create or update. `body` is bytes of the content type, or a value that is parsed already. Throws a
 * StatusError (400, 415) in upstream's words: what is malformed, of another kind or version, or, when `fieldValidation` is
 * Strict, has unknown or duplicate fields. Custom resources come back whole, for their schema to prune.
 */
export function decodeObject(body: Uint8Array | object, contentType: string | undefined, expected: ExpectedKind, fieldValidation: FieldValidation): DecodedBody {
  const parsed = body instanceof Uint8Array ? readBody(body, contentType, expected) : { value: body, duplicates: () => [] };
  const found = kindOf(parsed.value, body, expected);
  const problems: string[] = [];
  if (fieldValidation !== "Ignore") problems.push(...duplicateProblems(parsed, expected));
  const object = expected.type === undefined ? decodeCustom(body, parsed, found, expected, fieldValidation, problems) : decodeExpected(parsed.value, found, expected, fieldValidation, problems);
  if (fieldValidation === "Strict" && problems.length > 0) throw strictDecodingError(found, expected.kind, problems);
  const apiVersion = formatApiVersion(expected);
  if (found.apiVersion !== apiVersion) {
    throw badRequest(`the API version in the data (${found.apiVersion}) does not match the expected API version (${apiVersion})`);
  }
  const head = { kind: found.kind, apiVersion };
  const decoded = { ...head, ...object, ...head } as UnstructuredObject;
  // Decoding loses an empty list, but here it is more than none: it resets the managed fields.
  if (expected.type !== undefined && isEmptyList((parsed.value as Partial<UnstructuredObject> | null)?.metadata?.managedFields)) (decoded.metadata ??= {}).managedFields = [];
  return { object: decoded, warnings: problems };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Reads options such as DeleteOptions, whose apiVersion may be any group's; an empty body gives undefined. Throws a StatusError. */
export function decodeOptions<T>(body: Uint8Array | object, contentType: string | undefined, kind: string): T | undefined {
  if (body instanceof Uint8Array && body.length === 0) return undefined;
  const expected: ExpectedKind = { group: "meta.k8s.io", version: "v1", kind, type: `meta.v1.${kind}` };
  const parsed = body instanceof Uint8Array ? readBody(body, contentType, expected) : { value: body };
  const found = kindOf(parsed.value, body, expected);
  if (found.kind !== kind) throw badRequest(`decoded object cannot be converted to ${kind}`);
  try {
    return decodeTyped<T>(`meta.v1.${kind}`, parsed.value).object;
  } catch (error) {
    if (error instanceof DecodeError) throw cannotBeHandled(found, kind, error.message);
    throw error;
  }
}

/** 400: unknown or duplicate fields where none are allowed. `problems`: `unknown field "spec.foo"`. */
export function strictDecodingError(found: { apiVersion: string; kind: string }, expectedKind: string, problems: readonly string[]): Error {
  return cannotBeHandled(found, expectedKind, `strict decoding error: ${problems.join(", ")}`);
}

interface FoundKind {
  readonly apiVersion: string;
  readonly kind: string;
}

function cannotBeHandled(found: FoundKind, expectedKind: string, reason: string): Error {
  const version = parseApiVersion(found.apiVersion)?.version ?? found.apiVersion;
  return badRequest(`${found.kind} in version ${JSON.stringify(version)} cannot be handled as a ${expectedKind}: ${reason}`);
}

function unrecognized(expected: ExpectedKind, reason: string, body: Uint8Array | object): Error {
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  return badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${reason} (${summary(bytes)})`);
}

/** The beginning of a body, as messages show it. */
function summary(body: Buffer): string {
  if (body.length === 0) return "<empty>";
  const text = body.subarray(0, 30).toString(body[0] === 0x7b ? "utf8" : "hex");
  return body.length > 30 ? `${text} ...` : text;
}

function readBody(body: Uint8Array, contentType: string | undefined, expected: ExpectedKind): ParsedBody {
  try {
    return decodeBody(contentType, body, expected.type === undefined ? JSON_AND_YAML : ALL);
  } catch (error) {
    if (error instanceof JSONSyntaxError) throw unrecognized(expected, `couldn't get version/kind; json parse error: ${error.message}`, body);
    if (error instanceof YamlSyntaxError || error instanceof ProtobufError) throw unrecognized(expected, error.message, body);
    throw error;
  }
}

const GO_TYPE_OF_META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** The kind and version that a body says it is, what it leaves out filled in. */
function kindOf(value: unknown, body: Uint8Array | object, expected: ExpectedKind): FoundKind {
  const broken = (reason: string): Error => unrecognized(expected, `couldn't get version/kind; json parse error: json: cannot unmarshal ${reason}`, body);
  if (typeof value !== "object" || Array.isArray(value)) throw broken(`${jsonType(value)} into Go value of type ${GO_TYPE_OF_META}`);
  const { apiVersion = "", kind = "" } = withoutNull((value ?? {}) as Record<string, unknown>);
  if (typeof apiVersion !== "string") throw broken(`${jsonType(apiVersion)} into Go struct field .apiVersion of type string`);
  if (typeof kind !== "string") throw broken(`${jsonType(kind)} into Go struct field .kind of type string`);
  const version = parseApiVersion(apiVersion);
  if (version === undefined) throw unrecognized(expected, `unexpected GroupVersion string: ${apiVersion}`, body);
  if (kind === "" && expected.type === undefined) throw unrecognized(expected, `Object 'Kind' is missing in '${JSON.stringify(value)}'`, body);
  return { apiVersion: apiVersion === "" ? formatApiVersion(expected) : apiVersion, kind: kind === "" ? expected.kind : kind };
}

function withoutNull({ apiVersion, kind }: Record<string, unknown>): { apiVersion: unknown; kind: unknown } {
  return { apiVersion: apiVersion ?? undefined, kind: kind ?? undefined };
}

function jsonType(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
}

function duplicateProblems(parsed: ParsedBody, expected: ExpectedKind): string[] {
  return parsed.duplicates().flatMap((duplicate) => {
    if (typeof duplicate === "string") return [duplicate];
    if (expected.type !== undefined && !isKnownPath(expected.type, duplicate)) return [];
    return [`duplicate field ${JSON.stringify(formatPath(duplicate))}`];
  });
}

function formatPath(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

function decodeCustom(body: Uint8Array | object, parsed: ParsedBody, found: FoundKind, expected: ExpectedKind, fieldValidation: FieldValidation, problems: string[]): UnstructuredObject {
  const object = (body instanceof Uint8Array ? parsed.value : structuredClone(parsed.value)) as UnstructuredObject;
  if (found.apiVersion !== formatApiVersion(expected)) return object;
  const dropped = expected.adopt?.(object) ?? [];
  if (fieldValidation !== "Ignore") problems.push(...dropped.map((path) => `unknown field ${JSON.stringify(path)}`));
  return object;
}

function decodeExpected(value: unknown, found: FoundKind, expected: ExpectedKind, fieldValidation: FieldValidation, problems: string[]): Record<string, unknown> {
  const type = typeNameOf(found.apiVersion, found.kind);
  if (type === undefined) {
    throw cannotBeHandled(found, expected.kind, `no kind ${JSON.stringify(found.kind)} is registered for version ${JSON.stringify(found.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
  }
  try {
    const { object, unknownFields } = decodeTyped(type, value, { collectUnknownFields: fieldValidation !== "Ignore" });
    problems.push(...unknownFields);
    if (found.kind !== expected.kind) {
      const source = type.slice(type.indexOf(".") + 1);
      throw cannotBeHandled(found, expected.kind, `converting (${source}) to (${packageOf(expected.group)}.${expected.kind}): unknown conversion`);
    }
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw cannotBeHandled(found, expected.kind, error.message);
    throw error;
  }
}
