// Behaviour: k8s.io/apimachinery/pkg/api/errors: one constructor and one predicate a reason.
import type { Status, StatusCause, StatusDetails } from "./generated/types/meta/v1.ts";
import type { FieldError } from "./field-errors.ts";
import { formatGroupResource } from "./object.ts";

/** The part of a resource's name that messages and details carry. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** Any failure that the API reports: it holds the Status that crosses the wire. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? status.reason ?? "unknown error");
    this.status = status;
  }

  /** HTTP status code. */
  get code(): number {
    return this.status.code ?? 500;
  }

  /** The machine-readable cause, e.g. "NotFound". */
  get reason(): string {
    return this.status.reason ?? "";
  }
}

function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  return new StatusError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, ...(details && { details }), code } as Status);
}

function detailsOf(resource: GroupResource, name: string, more: Partial<StatusDetails> = {}): StatusDetails {
  return { ...(name !== "" && { name }), ...(resource.group !== "" && { group: resource.group }), kind: resource.resource, ...more };
}

/** 404: the object is not there. */
export function notFound(resource: GroupResource, name: string): StatusError {
  return failure(404, "NotFound", `${formatGroupResource(resource)} "${name}" not found`, detailsOf(resource, name));
}

/** 404: the server has no such path or resource. */
export function pathNotFound(): StatusError {
  return failure(404, "NotFound", "the server could not find the requested resource", {});
}

/** 409: an object of that name is there already. */
export function alreadyExists(resource: GroupResource, name: string): StatusError {
  return failure(409, "AlreadyExists", `${formatGroupResource(resource)} "${name}" already exists`, detailsOf(resource, name));
}

/** 409: the object was changed in between, or its state forbids the operation. */
export function conflict(resource: GroupResource, name: string, reason: string): StatusError {
  return failure(409, "Conflict", `Operation cannot be fulfilled on ${formatGroupResource(resource)} "${name}": ${reason}`, detailsOf(resource, name));
}

/** 409: another manager owns fields that an apply sets; one cause a field. */
export function applyConflict(message: string, causes: StatusCause[]): StatusError {
  return failure(409, "Conflict", message, { causes });
}

/** 422: the object is well-formed and not acceptable; one cause a field. `kind` is group and kind, e.g. apps and Deployment. */
export function invalid(kind: { group: string; kind: string }, name: string, errors: readonly FieldError[]): StatusError {
  const group = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const unique = [...new Set(errors.map((error) => error.message))];
  const text = unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
  return failure(422, "Invalid", `${group} "${name}" is invalid${unique.length === 0 ? "" : `: ${text}`}`, {
    ...(name !== "" && { name }),
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.kind,
    causes: errors.map((error) => ({ reason: error.reason, message: error.body, field: error.field })),
  });
}

/** 400: the request itself is malformed. */
export function badRequest(message: string): StatusError {
  return failure(400, "BadRequest", message);
}

/** 401: who asks is not known. */
export function unauthorized(message = "Unauthorized"): StatusError {
  return failure(401, "Unauthorized", message);
}

/** 403: who asks is known and may not. */
export function forbidden(resource: GroupResource, name: string, reason: string): StatusError {
  const what = name === "" ? formatGroupResource(resource) : `${formatGroupResource(resource)} "${name}"`;
  return failure(403, "Forbidden", resource.resource === "" ? `forbidden: ${reason}` : `${what} is forbidden: ${reason}`, detailsOf(resource, name));
}

/** 405: the resource has no such verb. */
export function methodNotSupported(resource: GroupResource, verb: string): StatusError {
  return failure(405, "MethodNotAllowed", `${verb} is not supported on resources of kind "${formatGroupResource(resource)}"`, detailsOf(resource, ""));
}

/** 406: none of the wanted answer formats can be had. */
export function notAcceptable(available: readonly string[]): StatusError {
  return failure(406, "NotAcceptable", `406: Not Acceptable\n\nAvailable representations: ${available.join(", ")}`, {});
}

/** 410: the resource version is older than the history that is kept. */
export function resourceExpired(message: string): StatusError {
  return failure(410, "Expired", message);
}

/** 413: the request's body is too large. */
export function requestEntityTooLarge(message: string): StatusError {
  return failure(413, "RequestEntityTooLarge", message);
}

/** 415: the body's format is not understood. */
export function unsupportedMediaType(message: string): StatusError {
  return failure(415, "UnsupportedMediaType", message);
}

/** 429: try again later; `retryAfterSeconds` goes into the Retry-After header. */
export function tooManyRequests(message: string, retryAfterSeconds: number, causes: StatusCause[] = []): StatusError {
  return failure(429, "TooManyRequests", message, { ...(causes.length > 0 && { causes }), ...(retryAfterSeconds > 0 && { retryAfterSeconds }) });
}

/** 500: a fault of ours. */
export function internalError(message: string): StatusError {
  return failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** 503: not ready to serve. */
export function serviceUnavailable(message: string): StatusError {
  return failure(503, "ServiceUnavailable", message);
}

/** 504: it took too long. */
export function timeout(message: string, retryAfterSeconds = 0): StatusError {
  return failure(504, "Timeout", `Timeout: ${message}`, { ...(retryAfterSeconds > 0 && { retryAfterSeconds }) });
}

/** Whether `error` is a StatusError with that reason. */
export function hasReason(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}

/** Whether the object, or the path, is not there. */
export const isNotFound = (error: unknown): error is StatusError => hasReason(error, "NotFound");
/** Whether an object of that name is there already. */
export const isAlreadyExists = (error: unknown): error is StatusError => hasReason(error, "AlreadyExists");
/** Whether the object was changed in between. */
export const isConflict = (error: unknown): error is StatusError => hasReason(error, "Conflict");
/** Whether the object is not acceptable. */
export const isInvalid = (error: unknown): error is StatusError => hasReason(error, "Invalid");
/** Whether who asks may not. */
export const isForbidden = (error: unknown): error is StatusError => hasReason(error, "Forbidden");
/** Whether the revision asked for is no longer kept. */
export const isExpired = (error: unknown): error is StatusError => hasReason(error, "Expired");
