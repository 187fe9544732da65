// Behaviour: ValidatePodSpecificAnnotationUpdates in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, forbiddenField } from "../../../../api/field-errors.ts";
import type { Pod } from "../../../../api/generated/types/core/v1.ts";
import { APP_ARMOR_ANNOTATION, MIRROR_POD_ANNOTATION, validatePodAnnotations } from "../../shared/pod-spec/annotations.ts";
import { ANNOTATIONS } from "./validation.ts";

/** The annotations that say how a pod runs stay as they are. */
export function validateAnnotationUpdates(next: Pod, old: Pod): FieldError[] {
  const [annotations, before] = [next.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const changed = Object.keys(before).filter((key) => annotations[key] !== before[key]);
  const added = Object.keys(annotations).filter((key) => !(key in before));
  const refuse = (keys: readonly string[], verb: string): FieldError[] =>
    keys.flatMap((key) => {
      if (key.startsWith(APP_ARMOR_ANNOTATION)) return [forbiddenField(ANNOTATIONS.key(key), `may not ${verb} AppArmor annotations`)];
      return key === MIRROR_POD_ANNOTATION ? [forbiddenField(ANNOTATIONS.key(key), `may not ${verb} mirror pod annotation`)] : [];
    });
  return [...refuse(changed, "remove or update"), ...refuse(added, "add"), ...validatePodAnnotations(annotations, next.spec, ANNOTATIONS)];
}
