// Behaviour: validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField } from "../../../../api/field-errors.ts";
import type { AppArmorProfile, PodSpec, SeccompProfile } from "../../../../api/generated/types/core/v1.ts";
import { allContainers } from "../containers.ts";
import { APP_ARMOR_ANNOTATION, SECCOMP_CONTAINER_ANNOTATION, SECCOMP_POD_ANNOTATION } from "./annotations.ts";

type Annotations = Readonly<Record<string, string>>;

/** Seccomp profiles, where annotations and fields both name one, are the same. */
export function validateSeccompMatch(annotations: Annotations, spec: PodSpec, path: FieldPath): FieldError[] {
  const pod = matchProfile(annotations[SECCOMP_POD_ANNOTATION], spec.securityContext?.seccompProfile, ["runtime/default", "docker/default"], "seccomp", path.child("securityContext", "seccompProfile"));
  const containers = allContainers(spec, path).flatMap(({ container, path: at }) =>
    matchProfile(
      annotations[SECCOMP_CONTAINER_ANNOTATION + container.name],
      container.securityContext?.seccompProfile,
      ["runtime/default", "docker/default"],
      "seccomp",
      at.child("securityContext", "seccompProfile"),
    ),
  );
  return [...pod, ...containers];
}

/** AppArmor profiles, where annotations and fields both name one, are the same. */
export function validateAppArmorMatch(annotations: Annotations, spec: PodSpec, path: FieldPath): FieldError[] {
  if (spec.os?.name === "windows") return [];
  return allContainers(spec, path).flatMap(({ container, path: at }) => {
    const profile = container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    return matchProfile(annotations[APP_ARMOR_ANNOTATION + container.name], profile, ["runtime/default"], "apparmor", at.child("securityContext", "appArmorProfile"));
  });
}

function matchProfile(annotation: string | undefined, profile: SeccompProfile | AppArmorProfile | undefined, defaults: readonly string[], kind: string, path: FieldPath): FieldError[] {
  if (annotation === undefined || profile === undefined) return [];
  const differentType = [forbiddenField(path.child("type"), `${kind} type in annotation and field must match`)];
  switch (profile.type) {
    case "Unconfined":
      return annotation === "unconfined" ? [] : differentType;
    case "RuntimeDefault":
      return defaults.includes(annotation) ? [] : differentType;
    case "Localhost":
      if (!annotation.startsWith("localhost/")) return differentType;
      return annotation.slice("localhost/".length) === profile.localhostProfile ? [] : [forbiddenField(path.child("localhostProfile"), `${kind} profile in annotation and field must match`)];
    default:
      return [];
  }
}
