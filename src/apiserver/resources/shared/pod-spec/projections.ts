// Behaviour: the checks of volumes made of ConfigMaps, Secrets and the pod's own fields in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type * as core from "../../../../api/generated/types/core/v1.ts";
import { validateObjectField, validateResourceField } from "./field-references.ts";
import { fileMode, localPath, validateKeyToPath } from "./paths.ts";

const VOLUME_FIELDS = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
const MIN_TOKEN_SECONDS = 600;

/** A volume with the keys of a Secret. */
export function validateSecretVolume({ secretName, defaultMode, items }: core.SecretVolumeSource, path: FieldPath): FieldError[] {
  return [...(secretName ? [] : [requiredValue(path.child("secretName"))]), ...fileMode(defaultMode, path.child("defaultMode")), ...validateItems(items, path)];
}

/** A volume with the keys of a ConfigMap. */
export function validateConfigMapVolume({ name, defaultMode, items }: core.ConfigMapVolumeSource, path: FieldPath): FieldError[] {
  return [...(name ? [] : [requiredValue(path.child("name"))]), ...fileMode(defaultMode, path.child("defaultMode")), ...validateItems(items, path)];
}

function validateItems(items: readonly core.KeyToPath[] | undefined, path: FieldPath): FieldError[] {
  return (items ?? []).flatMap((item, index) => validateKeyToPath(item, path.child("items").index(index)));
}

/** A volume with fields of the pod. */
export function validateDownwardAPIVolume({ defaultMode, items }: core.DownwardAPIVolumeSource, path: FieldPath): FieldError[] {
  return [...fileMode(defaultMode, path.child("defaultMode")), ...(items ?? []).flatMap((file) => validateDownwardAPIFile(file, path))];
}

function validateDownwardAPIFile({ path: file, fieldRef, resourceFieldRef, mode }: core.DownwardAPIVolumeFile, path: FieldPath): FieldError[] {
  const errors = [...(file ? [] : [requiredValue(path.child("path"))]), ...localPath(file ?? "", path.child("path"))];
  if (fieldRef !== undefined) {
    errors.push(...validateObjectField(fieldRef, VOLUME_FIELDS, path.child("fieldRef")));
    if (resourceFieldRef !== undefined) errors.push(invalidValue(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (resourceFieldRef !== undefined) errors.push(...validateResourceField(resourceFieldRef, path.child("resourceFieldRef"), true));
  else errors.push(requiredValue(path, "one of fieldRef and resourceFieldRef is required"));
  return [...errors, ...fileMode(mode, path.child("mode"))];
}

/** A volume with several such sources side by side: no two may claim the same path. */
export function validateProjectedVolume({ defaultMode, sources }: core.ProjectedVolumeSource, path: FieldPath): FieldError[] {
  const taken = new Set<string>();
  const claim = (file: string | undefined, shown: string): FieldError[] => {
    if (!file) return [];
    if (taken.has(file)) return [invalidValue(path, shown, "conflicting duplicate paths")];
    taken.add(file);
    return [];
  };
  const errors = (sources ?? []).flatMap((source, index) => validateProjection(source, path, path.child("sources").index(index), claim));
  return [...fileMode(defaultMode, path.child("defaultMode")), ...errors];
}

type Claim = (file: string | undefined, shown: string) => FieldError[];

function validateProjection(source: core.VolumeProjection, volumePath: FieldPath, path: FieldPath, claim: Claim): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const errors: FieldError[] = [];
  if (secret !== undefined) errors.push(...validateKeys(secret, path.child("secret"), claim));
  if (configMap !== undefined) errors.push(...validateKeys(configMap, path.child("configMap"), claim));
  for (const file of downwardAPI?.items ?? []) errors.push(...validateDownwardAPIFile(file, path.child("downwardAPI")), ...claim(file.path, file.path ?? ""));
  if (serviceAccountToken !== undefined) errors.push(...validateToken(serviceAccountToken, volumePath, path.child("serviceAccountToken")));
  const count = [secret, configMap, downwardAPI, serviceAccountToken].filter((part) => part !== undefined).length;
  return count > 1 ? [...errors, forbiddenField(path, "may not specify more than 1 volume type per source")] : errors;
}

function validateKeys({ name, items }: core.SecretProjection | core.ConfigMapProjection, path: FieldPath, claim: Claim): FieldError[] {
  const keys = (items ?? []).flatMap((item, index) => [...validateKeyToPath(item, path.child("items").index(index)), ...claim(item.path, name ?? "")]);
  return [...(name ? [] : [requiredValue(path.child("name"))]), ...keys];
}

function validateToken({ expirationSeconds = 0, path: file }: core.ServiceAccountTokenProjection, volumePath: FieldPath, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const expiration = path.child("expirationSeconds");
  if (expirationSeconds < MIN_TOKEN_SECONDS) errors.push(invalidValue(expiration, expirationSeconds, "may not specify a duration less than 10 minutes"));
  if (expirationSeconds > 2 ** 32) errors.push(invalidValue(expiration, expirationSeconds, "may not specify a duration larger than 2^32 seconds"));
  return [...errors, ...(file ? localPath(file, volumePath.child("path")) : [requiredValue(volumePath.child("path"))])];
}
