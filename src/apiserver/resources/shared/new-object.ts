// An object that was never stored has no resource version; the server refuses creations that bring one.
import type { KubernetesObject } from "../../../api/object.ts";

/** Whether the object is about to be created, not updated: some checks are for new objects only, or come in another order. */
export function isNew(object: KubernetesObject): boolean {
  return !object.metadata.resourceVersion;
}
