// Behaviour: k8s.io/apiserver/pkg/admission (attributes.go, errors.go): what plugins ask of a request, and how they refuse it.
import { type StatusError, forbidden, isForbidden } from "../../api/errors.ts";
import type { AdmissionRequest } from "./admission.ts";

/** Whether the request is about a resource itself, or about that subresource of it. */
export function isAbout({ resource, subresource }: AdmissionRequest, group: string, name: string, of = ""): boolean {
  return resource.resource === name && resource.group === group && subresource === of;
}

/** Whether something is about to be written that was not there. */
export function isCreation({ operation, object }: AdmissionRequest): boolean {
  return operation === "CREATE" && object !== undefined;
}

/** The name in messages: of a create, the one that will be generated is not known yet. */
export function nameOf({ name, object }: AdmissionRequest): string {
  if (name !== "") return name;
  if (object === undefined) return "Unknown!";
  return object.metadata?.name || object.metadata?.generateName || "Unknown!";
}

/** 403, in the words of all plugins; a refusal that is one already stays as it is. */
export function refuse(request: AdmissionRequest, reason: string | Error): StatusError {
  if (isForbidden(reason)) return reason;
  return forbidden(request.resource, nameOf(request), typeof reason === "string" ? reason : reason.message);
}

/** Several messages as one, as upstream's aggregate of errors prints them. */
export function aggregate(messages: readonly string[]): string {
  const unique = [...new Set(messages)];
  return unique.length === 1 ? (unique[0] ?? "") : `[${unique.join(", ")}]`;
}
