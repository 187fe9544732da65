// Behaviour: validateProvisioner and validateParameters in k8s.io/kubernetes/pkg/apis/storage/validation.
import { type FieldError, type FieldPath, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import { byteLength } from "../../../api/name-validation.ts";
import { qualifiedName } from "../shared/field-checks.ts";

const MAX_PARAMETERS = 512;
const MAX_PARAMETERS_BYTES = 256 * 1024;

/** A driver's name, in which case does not matter. */
export function provisionerName(value: string, path: FieldPath): FieldError[] {
  return value === "" ? [requiredValue(path)] : qualifiedName(value.toLowerCase(), path);
}

/** What is handed on to a driver. */
export function driverParameters(parameters: Readonly<Record<string, string>> | undefined, allowEmpty: boolean, path: FieldPath): FieldError[] {
  const entries = Object.entries(parameters ?? {});
  if (entries.length > MAX_PARAMETERS) return [tooLongValue(path, MAX_PARAMETERS)];
  const errors = entries.filter(([key]) => key === "").map(([key]) => invalidValue(path, key, "field can not be empty."));
  if (mapBytes(parameters) > MAX_PARAMETERS_BYTES) errors.push(tooLongValue(path, MAX_PARAMETERS_BYTES));
  if (!allowEmpty && entries.length === 0) errors.push(requiredValue(path, "must contain at least one key/value pair"));
  return errors;
}

/** The bytes of a map's keys and values. */
export function mapBytes(map: Readonly<Record<string, string>> | undefined): number {
  return Object.entries(map ?? {}).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
}
