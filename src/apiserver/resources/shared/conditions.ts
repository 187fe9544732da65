// Behaviour: ValidateConditions in k8s.io/apimachinery/pkg/apis/meta/v1/validation.
import { duplicateValue, type FieldError, type FieldPath, invalidValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import type { Condition } from "../../../api/generated/types/meta/v1.ts";
import { byteLength, regexMessage } from "../../../api/name-validation.ts";
import { nonNegative, oneOf, qualifiedName } from "./field-checks.ts";

const MAX_REASON_BYTES = 1024;
const MAX_MESSAGE_BYTES = 32 * 1024;
const REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const REASON_RULE =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";

/** What is wrong with conditions of the common form: no two of one type. */
export function validateConditions(conditions: readonly Condition[], path: FieldPath): FieldError[] {
  const types = conditions.map(({ type }) => type);
  return conditions.flatMap((condition, index) => [
    ...(types.indexOf(condition.type) < index ? [duplicateValue(path.index(index), condition.type)] : []),
    ...validateCondition(condition, path.index(index)),
  ]);
}

function validateCondition({ type, status, observedGeneration, lastTransitionTime, reason, message }: Condition, path: FieldPath): FieldError[] {
  return [
    ...qualifiedName(type, path.child("type")),
    ...oneOf(status, ["False", "True", "Unknown"], path.child("status")),
    ...nonNegative(observedGeneration, path.child("observedGeneration")),
    ...(lastTransitionTime ? [] : [requiredValue(path.child("lastTransitionTime"), "must be set")]),
    ...validateReason(reason, path.child("reason")),
    ...(byteLength(message) > MAX_MESSAGE_BYTES ? [tooLongValue(path.child("message"), MAX_MESSAGE_BYTES)] : []),
  ];
}

function validateReason(reason: string, path: FieldPath): FieldError[] {
  if (reason === "") return [requiredValue(path, "must be set")];
  return [
    ...(new RegExp(`^${REASON}$`).test(reason) ? [] : [invalidValue(path, reason, regexMessage(REASON_RULE, REASON, "my_name", "MY_NAME", "MyName", "ReasonA,ReasonB", "ReasonA:ReasonB"))]),
    ...(byteLength(reason) > MAX_REASON_BYTES ? [tooLongValue(path, MAX_REASON_BYTES)] : []),
  ];
}
