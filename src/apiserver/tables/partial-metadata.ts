// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1 PartialObjectMetadata: an object without its body.
import type { ObjectMeta } from "../../api/generated/types/meta/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";

/** What clients get who ask for metadata only. */
export interface PartialMetadata {
  readonly kind: "PartialObjectMetadata";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: ObjectMeta;
}

/** Cuts an object down to its metadata. */
export function partialMetadata(object: KubernetesObject): PartialMetadata {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
