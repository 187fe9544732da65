// Behaviour: VisitContainersWithPath in k8s.io/kubernetes/pkg/api/v1/pod: all containers of a pod, with their paths.
import { FieldPath } from "../../../api/field-errors.ts";
import type { Container, EphemeralContainer, PodSpec } from "../../../api/generated/types/core/v1.ts";

/** A container and where it stands. */
export interface PlacedContainer {
  readonly container: Container | EphemeralContainer;
  readonly path: FieldPath;
}

/** The init containers, the containers and the ephemeral ones, in this order. */
export function allContainers(spec: PodSpec, path: FieldPath = new FieldPath("spec")): PlacedContainer[] {
  return (["initContainers", "containers", "ephemeralContainers"] as const).flatMap((field) =>
    (spec[field] ?? []).map((container, index) => ({ container, path: path.child(field).index(index) })),
  );
}
