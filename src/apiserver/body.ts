// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/create.go and rest.go: a request's body becomes an object of the resource.
import { DecodeError, decodeTyped, isKnownPath } from "../api/decode.ts";
import { badRequest, unsupportedMediaType } from "../api/errors.ts";
import type { DeleteOptions } from "../api/generated/types/meta/v1.ts";
import { JSONSyntaxError, duplicateKeys, parseJSON } from "../api/json-syntax.ts";
import { type UnstructuredObject, formatApiVersion } from "../api/object.ts";
import { addWarning, type Call } from "./call.ts";
import type { FieldValidation } from "./options.ts";

/** What a body is to be decoded as. */
export interface BodyTarget {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Its type's name in the runtime schema. */
  readonly type?: string;
}

/** Decodes a call's body without defaults; throws a StatusError. Duplicate and unknown fields fail or warn as `validation` says. */
export function decodeBody(call: Call, target: BodyTarget, validation: FieldValidation): UnstructuredObject {
  const { text, value } = parseBody(call, target);
  return decodeValue(call, target, value, validation, text);
}

/** Decodes a value that is parsed already; `text`, when there is one, is looked at for duplicate fields. */
export function decodeValue(call: Call, target: BodyTarget, value: unknown, validation: FieldValidation, text?: string): UnstructuredObject {
  const apiVersion = formatApiVersion(target);
  const input = { kind: target.kind, apiVersion, ...(value as Record<string, unknown> | null) };
  if (typeof input.kind !== "string" || input.kind === "") input.kind = target.kind;
  if (typeof input.apiVersion !== "string" || input.apiVersion === "") input.apiVersion = apiVersion;
  const cannot = (detail: string) => badRequest(`${input.kind} in version ${JSON.stringify(versionOf(input.apiVersion))} cannot be handled as a ${target.kind}: ${detail}`);
  if (input.kind !== target.kind || input.apiVersion !== apiVersion) {
    throw cannot(`no kind ${JSON.stringify(input.kind)} is registered for version ${JSON.stringify(input.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
  }
  if (target.type === undefined) {
    return structuredClone({ metadata: {}, ...input }) as UnstructuredObject;
  }
  try {
    const { object, unknownFields } = decodeTyped<UnstructuredObject>(target.type, input, { collectUnknownFields: validation !== "Ignore" });
    if (validation !== "Ignore") {
      const problems = [...duplicates(target.type, text, value), ...unknownFields];
      if (problems.length > 0 && validation === "Strict") throw cannot(`strict decoding error: ${problems.join(", ")}`);
      for (const problem of problems) addWarning(call, problem);
    }
    object.metadata ??= {};
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw cannot(error.message);
    throw error;
  }
}

function duplicates(type: string, text: string | undefined, value: unknown): string[] {
  if (text === undefined) return [];
  return duplicateKeys(text, value)
    .filter((path) => isKnownPath(type, path))
    .map((path) => `duplicate field ${JSON.stringify(path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("").slice(1))}`);
}

/** Decodes a body of DeleteOptions; throws a StatusError. */
export function decodeDeleteOptions(call: Call): DeleteOptions {
  const { value } = parseBody(call, { group: "", version: "v1", kind: "DeleteOptions" });
  try {
    return decodeTyped<DeleteOptions>("meta.v1.DeleteOptions", value).object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

/** The body's bytes as text. */
export function bodyText(call: Call): string {
  const { body } = call.request;
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8") : JSON.stringify(body ?? null);
}

function parseBody(call: Call, target: BodyTarget): { text?: string; value: unknown } {
  const { body, headers } = call.request;
  if (body !== undefined && !(body instanceof Uint8Array)) return { value: body };
  const contentType = (headers["content-type"] ?? "application/json").split(";")[0]?.trim().toLowerCase() ?? "";
  if (contentType !== "application/json" && contentType !== "") {
    throw unsupportedMediaType("the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
  }
  const text = bodyText(call);
  try {
    return { text, value: parseJSON(text) };
  } catch (error) {
    if (!(error instanceof JSONSyntaxError)) throw error;
    throw badRequest(`the object provided is unrecognized (must be of type ${target.kind}): couldn't get version/kind; json parse error: ${error.message} (${text})`);
  }
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}
