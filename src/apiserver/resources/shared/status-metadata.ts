// Behaviour: ResetObjectMetaForStatus in k8s.io/apimachinery/pkg/apis/meta/v1: the metadata that a status update may not change.
import type { KubernetesObject } from "../../../api/object.ts";

const KEPT = ["deletionTimestamp", "generation", "selfLink", "labels", "annotations", "finalizers", "ownerReferences"] as const;

/** Gives the object the metadata that it had; managed fields are not part of it. */
export function keepMetadata(next: KubernetesObject, old: KubernetesObject): void {
  for (const field of KEPT) {
    if (old.metadata[field] === undefined) delete next.metadata[field];
    else Object.assign(next.metadata, { [field]: old.metadata[field] });
  }
}
