// Behaviour: metav1.ResetObjectMetaForStatus in k8s.io/apimachinery.
import type { Pod } from "../../../../api/generated/types/core/v1.ts";

/** Puts back what subresources do not change of a pod's metadata. */
export function keepMetadata(next: Pod, old: Pod): void {
  const { resourceVersion, managedFields } = next.metadata;
  next.metadata = { ...old.metadata, ...(resourceVersion !== undefined && { resourceVersion }), ...(managedFields && { managedFields }) };
}
