// Behaviour: ValidateAppArmorProfileField in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue, tooLongValue } from "../../../../api/field-errors.ts";
import type { AppArmorProfile } from "../../../../api/generated/types/core/v1.ts";
import { byteLength } from "../../../../api/name-validation.ts";

const TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];
const MAX_PROFILE_BYTES = 4095;

/** An AppArmor profile, of a pod or a container. */
export function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: FieldPath): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const at = path.child("localhostProfile");
  switch (type) {
    case "Localhost":
      return validateLocalhost(localhostProfile, at);
    case "RuntimeDefault":
    case "Unconfined":
      return localhostProfile === undefined ? [] : [invalidValue(at, localhostProfile, "can only be set when AppArmor type is Localhost")];
    case "":
    case undefined:
      return [requiredValue(path.child("type"), "type is required when appArmorProfile is set")];
    default:
      return [notSupportedValue(path.child("type"), type, TYPES)];
  }
}

function validateLocalhost(profile: string | undefined, path: FieldPath): FieldError[] {
  if (profile === undefined) return [requiredValue(path, "must be set when AppArmor type is Localhost")];
  const errors: FieldError[] = [];
  if (profile.trim() !== profile) errors.push(invalidValue(path, profile, "must not be padded with whitespace"));
  else if (profile === "") errors.push(requiredValue(path, "must be set when AppArmor type is Localhost"));
  if (byteLength(profile) > MAX_PROFILE_BYTES) errors.push(tooLongValue(path, MAX_PROFILE_BYTES));
  return errors;
}
