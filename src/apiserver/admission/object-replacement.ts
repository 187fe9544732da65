// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/mutating: what a mutation made takes the place of the request's object.
import { cloneDecoded } from "../../api/decode.ts";
import { semanticEqual } from "../../api/equality.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { decodeObject, type ExpectedKind } from "../negotiation/body.ts";
import type { AdmissionRequest } from "./admission.ts";
import { inVersion, type MatchedVersion } from "./request-matching.ts";

/** Puts `next`, which is in the matched version, in the place of the object, complete with defaults; whether that changes it. Throws a StatusError when it is no such object. */
export function replaceObject(request: AdmissionRequest, matched: MatchedVersion, next: object): boolean {
  const { object, resource, kind } = request;
  if (object === undefined) return false;
  const isOwnKind = kind.kind === resource.kind;
  const expected: ExpectedKind = isOwnKind ? matched.resource : kind;
  const decoded = decodeObject(cloneDecoded(next), undefined, expected, "Ignore").object;
  decoded.metadata ??= {};
  if (isOwnKind) matched.resource.defaults?.(decoded);
  const own = isOwnKind ? inVersion(matched.resource, resource, decoded) : decoded;
  if (semanticEqual(own, object)) return false;
  replaceFields(object, own);
  return true;
}

function replaceFields(object: UnstructuredObject, next: UnstructuredObject): void {
  for (const field of Object.keys(object)) if (!(field in next)) delete object[field];
  Object.assign(object, next);
}
