// Behaviour: k8s.io/apimachinery/pkg/apis/meta/v1/validation: label selectors in specs.
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { LabelSelector as LabelSelectorSpec, LabelSelectorRequirement } from "../../../api/generated/types/meta/v1.ts";
import { type LabelSelector, labelSelector, requirementErrors } from "../../../api/label-selector.ts";
import { isQualifiedName, isValidLabelValue } from "../../../api/name-validation.ts";
import { validateLabels } from "../../object-meta-validation.ts";
import { invalidEach } from "./field-checks.ts";
import { sortedMap } from "./internal-form.ts";

/** What is wrong with a label selector; none is no error. */
export function validateLabelSelector(selector: LabelSelectorSpec | undefined, path: FieldPath): FieldError[] {
  return [
    ...validateLabels(selector?.matchLabels, path.child("matchLabels")),
    ...(selector?.matchExpressions ?? []).flatMap((requirement, index) => validateRequirement(requirement, path.child("matchExpressions").index(index))),
  ];
}

function validateRequirement({ key, operator, values = [] }: LabelSelectorRequirement, path: FieldPath): FieldError[] {
  const valuesPath = path.child("values");
  return [
    ...validateOperator(operator, values.length, path),
    ...invalidEach(path.child("key"), key, isQualifiedName(key)),
    ...values.flatMap((value, index) => invalidEach(valuesPath.index(index), value, isValidLabelValue(value))),
  ];
}

function validateOperator(operator: string, count: number, path: FieldPath): FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn":
      return count === 0 ? [requiredValue(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'")] : [];
    case "Exists":
    case "DoesNotExist":
      return count > 0 ? [forbiddenField(path.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [];
    default:
      return [invalidValue(path.child("operator"), operator, "not a valid selector operator")];
  }
}

/** The selector that a spec means, undefined when it is malformed; none selects nothing. */
export function selectorOf(spec: LabelSelectorSpec | undefined): LabelSelector | undefined {
  try {
    const selector = labelSelector(spec);
    const malformed = selector.requirements.some((requirement) => requirementErrors(requirement, new FieldPath()).length > 0);
    return malformed ? undefined : selector;
  } catch {
    return undefined;
  }
}

/** Whether a selector, though it is there, selects everything. */
export function isEmptySelector(selector: LabelSelectorSpec): boolean {
  return Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
}

/** A selector as messages show it. */
export function shownSelector(selector: LabelSelectorSpec | undefined): unknown {
  if (selector === undefined) return null;
  const { matchLabels, matchExpressions } = selector;
  return { ...(matchLabels && Object.keys(matchLabels).length > 0 && { matchLabels: sortedMap(matchLabels) }), ...(matchExpressions?.length && { matchExpressions }) };
}
