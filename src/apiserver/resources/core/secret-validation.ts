// Behaviour: ValidateSecret* in k8s.io/kubernetes/pkg/apis/core/validation.
import type { Secret } from "../../../api/generated/types/core/v1.ts";
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import { isConfigMapKey } from "../../../api/name-validation.ts";
import { immutable, invalidEach } from "../shared/field-checks.ts";
import { goJSONError } from "../shared/go-json-error.ts";
import { dataChanged, decodedLength, MAX_DATA_BYTES } from "../shared/immutable-data.ts";

const DATA = new FieldPath("data");

/** The keys are such as can be files' names, and those that the type demands are there. */
export function validateSecret(secret: Secret): FieldError[] {
  const data = secret.data ?? {};
  const errors = Object.keys(data).flatMap((key) => invalidEach(DATA.key(key), key, isConfigMapKey(key)));
  const size = Object.values(data).reduce((total, value) => total + decodedLength(value), 0);
  if (size > MAX_DATA_BYTES) errors.push(tooLongValue(DATA, MAX_DATA_BYTES));
  return [...errors, ...validateSecretType(secret, data)];
}

function validateSecretType(secret: Secret, data: Readonly<Record<string, string>>): FieldError[] {
  const missing = (keys: readonly string[]): FieldError[] => keys.filter((key) => !(key in data)).map((key) => requiredValue(DATA.key(key)));
  switch (secret.type) {
    case "kubernetes.io/service-account-token": {
      const annotation = "kubernetes.io/service-account.name";
      return secret.metadata.annotations?.[annotation] ? [] : [requiredValue(new FieldPath("metadata.annotations").key(annotation))];
    }
    case "kubernetes.io/dockercfg":
      return validateJSONKey(data, ".dockercfg");
    case "kubernetes.io/dockerconfigjson":
      return validateJSONKey(data, ".dockerconfigjson");
    case "kubernetes.io/basic-auth":
      return "username" in data || "password" in data ? [] : missing(["username", "password"]);
    case "kubernetes.io/ssh-auth":
      return data["ssh-privatekey"] ? [] : [requiredValue(DATA.key("ssh-privatekey"))];
    case "kubernetes.io/tls":
      return missing(["tls.crt", "tls.key"]);
    default:
      return [];
  }
}

function validateJSONKey(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const value = data[key];
  if (value === undefined) return [requiredValue(DATA.key(key))];
  const problem = goJSONError(Buffer.from(value, "base64").toString("utf8"));
  return problem === undefined ? [] : [invalidValue(DATA.key(key), "<secret contents redacted>", problem)];
}

/** The type never changes, and what is marked immutable keeps its data. */
export function validateSecretUpdate(next: Secret, old: Secret): FieldError[] {
  const errors = immutable(next.type, old.type, new FieldPath("type"));
  if (old.immutable !== true) return errors;
  const detail = "field is immutable when `immutable` is set";
  if (next.immutable !== true) errors.push(forbiddenField(new FieldPath("immutable"), detail));
  if (dataChanged(next.data, old.data)) errors.push(forbiddenField(DATA, detail));
  return errors;
}
