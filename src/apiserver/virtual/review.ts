// What reviews have in common: they are decoded, owned, admitted and answered, but not stored.
import type { UnstructuredObject } from "../../api/object.ts";
import { decodeBody } from "../body.ts";
import type { Call } from "../call.ts";
import { trackUpdate } from "../field-tracking.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { type WriteOptions, parseWriteOptions } from "../options.ts";
import { admissionRequest } from "../registry/create-object.ts";
import { ensureNamespace, wipeSystemFields } from "../registry/system-fields.ts";
import { negotiate } from "../respond.ts";

/** Reads a review; throws a StatusError. */
export function reviewBody<T>(call: Call): { object: T & UnstructuredObject; options: WriteOptions } {
  negotiate(call);
  const options = parseWriteOptions(call.info.query, "CreateOptions");
  const object = decodeBody(call, call.resource, options.fieldValidation) as T & UnstructuredObject;
  wipeSystemFields(object.metadata);
  ensureNamespace(object.metadata, call.resource.namespaced ? call.info.namespace : "");
  return { object, options };
}

/** Admits a review, lets `answer` fill its status in, and sends it back. */
export async function answerReview(call: Call, object: UnstructuredObject, options: WriteOptions, answer: () => Promise<void>): Promise<ServerResponse> {
  trackUpdate(call, undefined, object, options);
  const request = admissionRequest(call, "CREATE", object, undefined, options, options.dryRun);
  await call.parts.admission.mutate(request);
  await call.parts.admission.validate(request);
  await answer();
  return objectResponse(201, object, call.warnings);
}
