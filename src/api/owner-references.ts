// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go: who controls an object.
import type { ObjectMeta, OwnerReference } from "./generated/types/meta/v1.ts";
import { formatApiVersion, type KubernetesObject } from "./object.ts";
import type { ResourceRef } from "./resource-refs.ts";

/** The reference to the object's controller; there is at most one. */
export function controllerOf(metadata: ObjectMeta): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether the owner, known by its metadata, controls the object. */
export function isControlledBy(metadata: ObjectMeta, owner: ObjectMeta): boolean {
  const reference = controllerOf(metadata);
  return reference !== undefined && reference.uid === owner.uid;
}

/** The reference that an object made by a controller carries. */
export function controllerReference(owner: KubernetesObject, kind: ResourceRef): OwnerReference {
  return {
    apiVersion: formatApiVersion(kind),
    kind: kind.kind,
    name: owner.metadata.name ?? "",
    uid: owner.metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: true,
  };
}
