// Behaviour: validateDeviceBindingParameters in k8s.io/kubernetes/pkg/apis/resource/validation.
import { duplicateValue, type FieldError, type FieldPath, invalidValue } from "../../../api/field-errors.ts";
import { isQualifiedName } from "../../../api/name-validation.ts";
import { invalidEach } from "../shared/field-checks.ts";
import { validateSlice } from "./collections.ts";

const MAX_CONDITIONS = 4;

/** What is wrong with the conditions on which binding waits, and those on which it fails: there are both or none. */
export function validateBindingConditions({ bindingConditions, bindingFailureConditions }: { bindingConditions?: readonly string[]; bindingFailureConditions?: readonly string[] }, path: FieldPath): FieldError[] {
  const [conditions, failures] = [bindingConditions ?? [], bindingFailureConditions ?? []];
  const [conditionsPath, failuresPath] = [path.child("bindingConditions"), path.child("bindingFailureConditions")];
  const name = (value: string, at: FieldPath): FieldError[] => invalidEach(at, value, isQualifiedName(value));
  const repeated = (list: readonly string[], index: number, at: FieldPath): FieldError[] => (list.indexOf(list[index] ?? "") < index ? [duplicateValue(at.index(index), list[index])] : []);
  return [
    ...validateSlice(conditions, MAX_CONDITIONS, name, conditionsPath),
    ...validateSlice(failures, MAX_CONDITIONS, name, failuresPath),
    ...conditions.flatMap((_condition, index) => repeated(conditions, index, conditionsPath)),
    ...failures.flatMap((failure, index) => [
      ...repeated(failures, index, failuresPath),
      ...(conditions.includes(failure) ? [invalidValue(failuresPath.index(index), failure, "bindingFailureConditions must not overlap with bindingConditions")] : []),
    ]),
    ...(conditions.length === 0 && failures.length > 0 ? [invalidValue(conditionsPath, bindingConditions, "bindingConditions are required to use bindingFailureConditions")] : []),
    ...(failures.length === 0 && conditions.length > 0 ? [invalidValue(failuresPath, bindingFailureConditions, "bindingFailureConditions are required to use bindingConditions")] : []),
  ];
}
