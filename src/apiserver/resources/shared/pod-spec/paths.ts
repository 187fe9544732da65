// Behaviour: the path checks of k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { KeyToPath } from "../../../../api/generated/types/core/v1.ts";

/** The path never leads upwards. */
export function noBacksteps(value: string, path: FieldPath): FieldError[] {
  return value.split("/").includes("..") ? [invalidValue(path, value, "must not contain '..'")] : [];
}

/** The path leads downwards from where it starts. */
export function descendingPath(value: string, path: FieldPath): FieldError[] {
  return [...(value.startsWith("/") ? [invalidValue(path, value, "must be a relative path")] : []), ...noBacksteps(value, path)];
}

/** The path leads downwards, and its first part is not one of those that atomic writes need. */
export function localPath(value: string, path: FieldPath): FieldError[] {
  const reserved = value.startsWith("..") && !value.startsWith("../");
  return [...descendingPath(value, path), ...(reserved ? [invalidValue(path, value, "must not start with '..'")] : [])];
}

/** The mode has permission bits only. */
export function fileMode(mode: number | undefined, path: FieldPath): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalidValue(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}

/** A key, and the file that it becomes. */
export function validateKeyToPath(item: KeyToPath, path: FieldPath): FieldError[] {
  return [
    ...(item.key ? [] : [requiredValue(path.child("key"))]),
    ...(item.path ? [] : [requiredValue(path.child("path"))]),
    ...localPath(item.path ?? "", path.child("path")),
    ...fileMode(item.mode, path.child("mode")),
  ];
}
