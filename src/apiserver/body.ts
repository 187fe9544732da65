// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/create.go and rest.go: a request's body becomes an object of the resource.
import type { DeleteOptions } from "../api/generated/types/meta/v1.ts";
import type { UnstructuredObject } from "../api/object.ts";
import { addWarning, type Call } from "./call.ts";
import { type ExpectedKind, decodeObject, decodeOptions } from "./negotiation/body.ts";
import type { FieldValidation } from "./options.ts";

/** Decodes a call's body without defaults; throws a StatusError. Duplicate and unknown fields fail or warn as `validation` says. */
export function decodeBody(call: Call, expected: ExpectedKind, validation: FieldValidation): UnstructuredObject {
  return decodeValue(call, expected, call.request.body ?? new Uint8Array(), validation);
}

/** Decodes bytes of the call's content type, or a value that is parsed already, as a kind of one's choice. */
export function decodeValue(call: Call, expected: ExpectedKind, value: Uint8Array | object, validation: FieldValidation): UnstructuredObject {
  const { object, warnings } = decodeObject(value, call.request.headers["content-type"], expected, validation);
  for (const warning of warnings) addWarning(call, warning);
  object.metadata ??= {};
  return object;
}

/** Decodes a body of DeleteOptions; undefined when there is none. Throws a StatusError. */
export function decodeDeleteOptions(call: Call): DeleteOptions | undefined {
  const { body, headers } = call.request;
  return body === undefined ? undefined : decodeOptions<DeleteOptions>(body, headers["content-type"], "DeleteOptions");
}

/** The body's bytes as text. */
export function bodyText(call: Call): string {
  const { body } = call.request;
  return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8") : JSON.stringify(body ?? null);
}
