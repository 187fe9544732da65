// Behaviour: validateTaintEffect in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** The effect is one of those that taints have; tolerations may leave it out. */
export function taintEffect(effect: string | undefined, allowEmpty: boolean, path: FieldPath): FieldError[] {
  if (!effect) return allowEmpty ? [] : [requiredValue(path)];
  return EFFECTS.includes(effect) ? [] : [notSupportedValue(path, effect, EFFECTS)];
}
