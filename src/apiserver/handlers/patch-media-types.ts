// Behaviour: k8s.io/apiserver/pkg/endpoints/installer.go: which kinds of patches a resource takes.
import { StatusError, unsupportedMediaType } from "../../api/errors.ts";
import type { Resource } from "../resource.ts";

const BUILT_IN = ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];
const CUSTOM = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

/** The 415 for a patch that the resource does not take; undefined when it does. */
export function unsupportedPatch(resource: Resource, contentType: string): StatusError | undefined {
  const supported = resource.type === undefined ? CUSTOM : BUILT_IN;
  if (supported.includes(contentType)) return undefined;
  if (!BUILT_IN.includes(contentType)) {
    const { status } = unsupportedMediaType("415: Unsupported Media Type");
    return new StatusError({ ...status, details: {} });
  }
  return unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${supported.join(", ")}`);
}
