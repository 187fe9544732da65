// Behaviour: validateRequestPolicy in k8s.io/kubernetes/pkg/apis/resource/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { CapacityRequestPolicy, CapacityRequestPolicyRange } from "../../../api/generated/types/resource/v1.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import { validateSet } from "./collections.ts";

const MAX_OPTIONS = 10;

/** What is wrong with the amounts of a capacity that can be asked for. */
export function validateRequestPolicy(policy: CapacityRequestPolicy, capacity: string, path: FieldPath): FieldError[] {
  const { validValues = [], validRange, default: preset } = policy;
  if (validValues.length > 0 && validRange !== undefined) {
    return [forbiddenField(path, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time')];
  }
  if (validValues.length === 0 && validRange === undefined) return [];
  const field = validRange === undefined ? "validValues" : "validRange";
  if (preset === undefined || preset === null) return [requiredValue(path.child("default"), `required when ${field} is defined`)];
  return validRange === undefined ? validateOptions(validValues, preset, capacity, path.child(field)) : validateRange(validRange, preset, capacity, path.child(field));
}

function isMore(a: string, b: string): boolean {
  return parseQuantity(a).cmp(parseQuantity(b)) > 0;
}

function validateOptions(options: readonly string[], preset: string, capacity: string, path: FieldPath): FieldError[] {
  const isSorted = (option: string, index: number): boolean => index === 0 || !isMore(options[index - 1] ?? option, option);
  const tooLarge = (option: string, at: FieldPath): FieldError[] => (isMore(option, capacity) ? [invalidValue(at, option, `option is larger than capacity value: ${capacity}`)] : []);
  const isOption = options.length <= MAX_OPTIONS && options.some((option) => parseQuantity(option).cmp(parseQuantity(preset)) === 0);
  return [
    ...options.flatMap((option, index) => (isSorted(option, index) ? [] : [invalidValue(path.index(index), option, "values must be sorted in ascending order")])),
    ...validateSet(options, MAX_OPTIONS, tooLarge, (option) => String(parseQuantity(option).value()), path),
    ...(isOption ? [] : [invalidValue(path, preset, "default value is not valid according to the requestPolicy")]),
  ];
}

function validateRange({ min, max, step }: CapacityRequestPolicyRange, preset: string, capacity: string, path: FieldPath): FieldError[] {
  const [minPath, maxPath, stepPath] = [path.child("min"), path.child("max"), path.child("step")];
  if (min === undefined) return [requiredValue(minPath, "required when validRange is defined")];
  const errors: FieldError[] = [];
  if (isMore(min, capacity)) errors.push(invalidValue(minPath, min, `min is larger than capacity value: ${capacity}`));
  if (isMore(min, preset)) errors.push(invalidValue(minPath, preset, `default is less than min: ${min}`));
  if (max !== undefined) {
    if (isMore(min, max)) errors.push(invalidValue(maxPath, min, `min is larger than max: ${max}`));
    if (isMore(max, capacity)) errors.push(invalidValue(maxPath, max, `max is larger than capacity value: ${capacity}`));
    if (isMore(preset, max)) errors.push(invalidValue(maxPath, preset, `default is more than max: ${max}`));
  }
  if (step === undefined) return errors;
  const added = parseQuantity(min).add(parseQuantity(step));
  if (added.cmp(parseQuantity(capacity)) > 0) errors.push(invalidValue(stepPath, step, `one step ${added.toString()} is larger than capacity value: ${capacity}`));
  const offSteps = [preset, ...(max === undefined ? [] : [max])].filter((value) => !isOnStep(value, min, step));
  return [...errors, ...offSteps.map((value) => invalidValue(stepPath, value, `value is not a multiple of a given step (${step}) from (${min})`))];
}

function isOnStep(value: string, min: string, step: string): boolean {
  const size = parseQuantity(step).value();
  return size !== 0n && (parseQuantity(value).value() - parseQuantity(min).value()) % size === 0n;
}
