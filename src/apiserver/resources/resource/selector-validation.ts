// Behaviour: validateSelector and validateDeviceConfiguration in k8s.io/kubernetes/pkg/apis/resource/validation, and k8s.io/dynamic-resource-allocation/cel.
import { type Environment, kubernetesEnvironment } from "../../../api/cel/environment.ts";
import { CelCompileError, compileExpression } from "../../../api/cel/expression.ts";
import { type FieldError, type FieldPath, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import type { DeviceConfiguration, DeviceSelector } from "../../../api/generated/types/resource/v1.ts";
import { byteLength } from "../../../api/name-validation.ts";
import { validateDriverName } from "../shared/pod-spec/storage-sources.ts";
import { validateSlice } from "./collections.ts";

const MAX_SELECTORS = 32;
const MAX_EXPRESSION_BYTES = 10 * 1024;
const MAX_PARAMETERS_BYTES = 10 * 1024;

let environment: Environment | undefined;

/** What is wrong with the expressions that choose devices. */
export function validateSelectors(selectors: readonly DeviceSelector[] | undefined, path: FieldPath): FieldError[] {
  return validateSlice(selectors, MAX_SELECTORS, ({ cel }, at) => (cel === undefined ? [requiredValue(at.child("cel"))] : validateExpression(cel.expression, at.child("cel", "expression"))), path);
}

/** What is wrong with what a driver is told about devices. */
export function validateConfiguration({ opaque }: DeviceConfiguration, path: FieldPath): FieldError[] {
  const at = path.child("opaque");
  return opaque === undefined ? [requiredValue(at)] : [...validateDriverName(opaque.driver, at.child("driver")), ...rawObject(opaque.parameters, MAX_PARAMETERS_BYTES, at.child("parameters"))];
}

/** The value is a JSON object that is not too long. */
export function rawObject(value: unknown, max: number, path: FieldPath): FieldError[] {
  if (value === undefined || value === null) return [requiredValue(path)];
  if (byteLength(JSON.stringify(value)) > max) return [tooLongValue(path, max)];
  return typeof value === "object" && !Array.isArray(value) ? [] : [invalidValue(path, "<value omitted>", "must be a valid JSON object")];
}

function validateExpression(expression: string, path: FieldPath): FieldError[] {
  if (byteLength(expression) > MAX_EXPRESSION_BYTES) return [tooLongValue(path, MAX_EXPRESSION_BYTES)];
  environment ??= kubernetesEnvironment().registerVariable("device", "dyn");
  try {
    const { type } = compileExpression(environment, expression);
    return type === "bool" || type === "dyn" ? [] : [invalidValue(path, expression, `must evaluate to bool or the unknown type, not ${type}`)];
  } catch (error) {
    if (error instanceof CelCompileError) return [invalidValue(path, expression, `compilation failed: ERROR: ${error.message}`)];
    throw error;
  }
}
