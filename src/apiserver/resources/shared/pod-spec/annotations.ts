// Behaviour: ValidatePodSpecificAnnotations in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue } from "../../../../api/field-errors.ts";
import type { PodSpec } from "../../../../api/generated/types/core/v1.ts";
import { allContainers } from "../containers.ts";
import { descendingPath } from "./paths.ts";

/** Marks the mirror of a pod that a node runs by itself. */
export const MIRROR_POD_ANNOTATION = "kubernetes.io/config.mirror";
/** Begins the annotations that gave a container its AppArmor profile before there was a field. */
export const APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
/** Gave a pod its seccomp profile before there was a field. */
export const SECCOMP_POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
/** Begins the annotations that gave a container its seccomp profile before there was a field. */
export const SECCOMP_CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

/** The annotations of pods that mean something to Kubernetes. */
export function validatePodAnnotations(annotations: Readonly<Record<string, string>>, spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const mirror = annotations[MIRROR_POD_ANNOTATION];
  if (mirror !== undefined && !spec.nodeName) errors.push(invalidValue(path.key(MIRROR_POD_ANNOTATION), mirror, "must set spec.nodeName if mirror pod annotation is set"));
  const cost = annotations[DELETION_COST];
  if (cost !== undefined && !isInt32(cost)) errors.push(invalidValue(path.key(DELETION_COST), cost, "must be a 32bit integer"));
  return [...errors, ...validateSeccomp(annotations, path), ...validateAppArmor(annotations, spec, path)];
}

function isInt32(text: string): boolean {
  return /^(0|-?[1-9][0-9]*)$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;
}

function validateSeccomp(annotations: Readonly<Record<string, string>>, path: FieldPath): FieldError[] {
  const keys = Object.keys(annotations).filter((key) => key === SECCOMP_POD_ANNOTATION || key.startsWith(SECCOMP_CONTAINER_ANNOTATION));
  return keys.flatMap((key) => {
    const profile = annotations[key] ?? "";
    if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
    return profile.startsWith("localhost/") ? descendingPath(profile.slice("localhost/".length), path.child(key)) : [invalidValue(path.child(key), profile, "must be a valid seccomp profile")];
  });
}

function validateAppArmor(annotations: Readonly<Record<string, string>>, spec: PodSpec, path: FieldPath): FieldError[] {
  const names = new Set(allContainers(spec).map(({ container }) => container.name));
  return Object.entries(annotations).flatMap(([key, profile]) => {
    if (!key.startsWith(APP_ARMOR_ANNOTATION)) return [];
    const container = key.slice(APP_ARMOR_ANNOTATION.length);
    const errors = names.has(container) ? [] : [invalidValue(path.key(key), container, "container not found")];
    const valid = ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith("localhost/");
    return valid ? errors : [...errors, invalidValue(path.key(key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`)];
  });
}
