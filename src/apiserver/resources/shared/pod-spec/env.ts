// Behaviour: ValidateEnv and ValidateEnvFrom in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { ConfigMapKeySelector, EnvFromSource, EnvVar, FileKeySelector, SecretKeySelector } from "../../../../api/generated/types/core/v1.ts";
import { isConfigMapKey, isDNS1123Subdomain, isRelaxedEnvVarName } from "../../../../api/name-validation.ts";
import { dnsLabel, invalidEach } from "../field-checks.ts";
import { nameIsDNSSubdomain } from "../names.ts";
import { validateObjectField, validateResourceField } from "./field-references.ts";
import { noBacksteps } from "./paths.ts";

const ENV_FIELDS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** The environment variables of a container. */
export function validateEnv(variables: readonly EnvVar[], path: FieldPath): FieldError[] {
  return variables.flatMap((variable, index) => {
    const at = path.index(index);
    const name = variable.name ? invalidEach(at.child("name"), variable.name, isRelaxedEnvVarName(variable.name)) : [requiredValue(at.child("name"))];
    return [...name, ...validateValueFrom(variable, at.child("valueFrom"))];
  });
}

function validateValueFrom({ value, valueFrom }: EnvVar, path: FieldPath): FieldError[] {
  if (valueFrom === undefined) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  const errors = [
    ...(fieldRef === undefined ? [] : validateObjectField(fieldRef, ENV_FIELDS, path.child("fieldRef"))),
    ...(resourceFieldRef === undefined ? [] : validateResourceField(resourceFieldRef, path.child("resourceFieldRef"), false)),
    ...(configMapKeyRef === undefined ? [] : validateKey(configMapKeyRef, path.child("configMapKeyRef"))),
    ...(secretKeyRef === undefined ? [] : validateKey(secretKeyRef, path.child("secretKeyRef"))),
    ...(fileKeyRef === undefined ? [] : validateFileKey(fileKeyRef, path.child("fileKeyRef"))),
  ];
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter((source) => source !== undefined).length;
  const wrong = (detail: string): FieldError[] => [...errors, invalidValue(path, "", detail)];
  if (count === 0) return wrong("must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
  if (value) return wrong("may not be specified when `value` is not empty");
  return count > 1 ? wrong("may not have more than one field specified at a time") : errors;
}

function validateKey({ name = "", key }: ConfigMapKeySelector | SecretKeySelector, path: FieldPath): FieldError[] {
  return [
    ...invalidEach(path.child("name"), name, isDNS1123Subdomain(name)),
    ...(key ? invalidEach(path.child("key"), key, isConfigMapKey(key)) : [requiredValue(path.child("key"))]),
  ];
}

function validateFileKey({ key, volumeName, path: file }: FileKeySelector, path: FieldPath): FieldError[] {
  return [
    ...(key ? invalidEach(path.child("key"), key, isRelaxedEnvVarName(key)) : [requiredValue(path.child("key"))]),
    ...(volumeName ? dnsLabel(volumeName, path.child("volumeName")) : [requiredValue(path.child("volumeName"))]),
    ...(file ? noBacksteps(file, path.child("path")) : [requiredValue(path.child("path"))]),
  ];
}

/** The ConfigMaps and Secrets whose keys are environment variables of a container. */
export function validateEnvFrom(sources: readonly EnvFromSource[], path: FieldPath): FieldError[] {
  return sources.flatMap(({ prefix, configMapRef, secretRef }, index) => {
    const at = path.index(index);
    const errors = prefix ? invalidEach(at.child("prefix"), prefix, isRelaxedEnvVarName(prefix)) : [];
    if (configMapRef !== undefined) errors.push(...validateSourceName(configMapRef.name, at.child("configMapRef", "name")));
    if (secretRef !== undefined) errors.push(...validateSourceName(secretRef.name, at.child("secretRef", "name")));
    if (configMapRef === undefined && secretRef === undefined) errors.push(invalidValue(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    if (configMapRef !== undefined && secretRef !== undefined) errors.push(invalidValue(path, "", "may not have more than one field specified at a time"));
    return errors;
  });
}

function validateSourceName(name: string | undefined, path: FieldPath): FieldError[] {
  return name ? invalidEach(path, name, nameIsDNSSubdomain(name, true)) : [requiredValue(path)];
}
