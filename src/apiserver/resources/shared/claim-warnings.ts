// Behaviour: GetWarningsForPersistentVolumeClaimSpec in k8s.io/kubernetes/pkg/api/persistentvolumeclaim.
import type { FieldPath } from "../../../api/field-errors.ts";
import type { PersistentVolumeClaimSpec } from "../../../api/generated/types/core/v1.ts";
import { fractionalBytes } from "./quantity-warnings.ts";

/** Warns of parts of bytes in a claim. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaimSpec, path: FieldPath): string[] {
  return [...fractionalBytes(resources?.requests, path.child("resources", "requests"), ["storage"]), ...fractionalBytes(resources?.limits, path.child("resources", "limits"), ["storage"])];
}
