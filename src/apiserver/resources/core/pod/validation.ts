// Behaviour: ValidatePodCreate and validatePodMetadataAndSpec in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, FieldPath, forbiddenField } from "../../../../api/field-errors.ts";
import type { Pod } from "../../../../api/generated/types/core/v1.ts";
import { isNew } from "../../shared/new-object.ts";
import { validatePodAnnotations } from "../../shared/pod-spec/annotations.ts";
import { validateImageBlanks } from "../../shared/pod-spec/containers.ts";
import { validatePodSpec } from "../../shared/pod-spec/pod-spec.ts";
import { validateAppArmorMatch, validateSeccompMatch } from "../../shared/pod-spec/profile-annotations.ts";

/** Where a pod's spec stands. */
export const SPEC = new FieldPath("spec");
/** Where a pod's annotations stand. */
export const ANNOTATIONS = new FieldPath("metadata.annotations");

/** What is wrong with a pod as it stands; of a new one more is forbidden. */
export function validatePod(pod: Pod): FieldError[] {
  const errors = validatePodAndAnnotations(pod);
  return isNew(pod) ? [...errors, ...validateNewPod(pod)] : errors;
}

/** The checks that creations and all kinds of updates share. */
export function validatePodAndAnnotations(pod: Pod): FieldError[] {
  const { spec, metadata } = pod;
  return [
    ...validatePodAnnotations(metadata.annotations ?? {}, spec, ANNOTATIONS),
    ...validatePodSpec(spec, metadata, SPEC),
    ...validateTokenVolumes(pod),
    ...(["containers", "initContainers"] as const).flatMap((field) =>
      (spec[field] ?? []).flatMap((container, index) => validateImageBlanks(container, SPEC.child(field).index(index))),
    ),
  ];
}

/** A token is some account's. */
function validateTokenVolumes({ spec }: Pod): FieldError[] {
  if (spec.serviceAccountName) return [];
  return (spec.volumes ?? []).flatMap((volume, index) =>
    (volume.projected?.sources ?? []).flatMap((source, place) => {
      if (source.serviceAccountToken === undefined) return [];
      const path = SPEC.child("volumes").index(index).child("projected", "sources").index(place).child("serviceAccountToken");
      return [forbiddenField(path, "must not be specified when serviceAccountName is not set")];
    }),
  );
}

function validateNewPod({ spec, metadata }: Pod): FieldError[] {
  const annotations = metadata.annotations ?? {};
  return [
    ...((spec.ephemeralContainers ?? []).length > 0 ? [forbiddenField(SPEC.child("ephemeralContainers"), "cannot be set on create")] : []),
    ...(spec.nodeName && (spec.schedulingGates ?? []).length > 0 ? [forbiddenField(SPEC.child("nodeName"), "cannot be set until all schedulingGates have been cleared")] : []),
    ...validateSeccompMatch(annotations, spec, SPEC),
    ...validateAppArmorMatch(annotations, spec, SPEC),
  ];
}
