// Behaviour: k8s.io/apimachinery/pkg/util/mergepatch and pkg/api/errors (NewGenericServerResponse): how patches fail.
import type { Status } from "../generated/types/meta/v1.ts";
import { StatusError } from "../errors.ts";
import { formatGoValue, type JsonObject } from "./json-value.ts";

/** A created patch would change what must not change: kubectl's apply then deletes and creates, or stops. */
export class PreconditionFailedError extends Error {
  override readonly name = "PreconditionFailedError";

  constructor(patch: JsonObject) {
    super(`precondition failed for: ${formatGoValue(patch)}`);
  }
}

/** The live object was changed where the new configuration changes it too, and overwriting was not asked for. */
export class PatchConflictError extends Error {
  override readonly name = "PatchConflictError";
}

/** 422 in the words of a server that gives no reason of its own: a JSON patch that does not apply, a list of lists. */
export function unprocessablePatch(): StatusError {
  return status(422, { reason: "Invalid", message: "the server rejected our request due to an error in our request", details: {} });
}

/** 500 with no reason: what the server answers when a patch fails in a way it has no word for. */
export function unclassifiedError(message: string): StatusError {
  return status(500, { message });
}

function status(code: number, fields: Pick<Status, "message"> & Partial<Status>): StatusError {
  return new StatusError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", ...fields, code } as Status);
}
