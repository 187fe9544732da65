// Behaviour: validatePodFailurePolicy, validateSuccessPolicy and validatePodReplacementPolicy in k8s.io/kubernetes/pkg/apis/batch/validation.
import { duplicateValue, type FieldError, type FieldPath, invalidField, invalidValue, requiredValue, tooLongValue, tooManyItems } from "../../../api/field-errors.ts";
import type { JobSpec, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyOnPodConditionsPattern, PodFailurePolicyRule, SuccessPolicyRule } from "../../../api/generated/types/batch/v1.ts";
import { nonNegative, oneOf, qualifiedName } from "../shared/field-checks.ts";
import { countIndexes } from "./index-intervals.ts";

const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS = ["In", "NotIn"];
const CONDITION_STATUSES = ["False", "True", "Unknown"];
const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;
const MAX_PATTERNS = 20;
const MAX_INDEXES_LENGTH = 64 * 1024;

/** What is wrong with the rules for failed pods. */
export function validatePodFailurePolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  return [
    ...(rules.length > MAX_RULES ? [tooManyItems(path.child("rules"), rules.length, MAX_RULES)] : []),
    ...rules.flatMap((rule, index) => validateFailureRule(rule, spec, path.child("rules").index(index), names)),
  ];
}

function validateFailureRule({ action, onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, spec: JobSpec, path: FieldPath, containers: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  if (action === "FailIndex") {
    if (spec.backoffLimitPerIndex === undefined) errors.push(invalidValue(path.child("action"), action, "requires the backoffLimitPerIndex to be set"));
  } else errors.push(...requiredOneOfListed(action, ACTIONS, path.child("action")));
  if (onExitCodes !== undefined) errors.push(...validateExitCodes(onExitCodes, path.child("onExitCodes"), containers));
  errors.push(...validatePatterns(onPodConditions, path.child("onPodConditions")));
  if (onExitCodes !== undefined && onPodConditions.length > 0) errors.push(invalidField(path, "specifying both OnExitCodes and OnPodConditions is not supported"));
  if (onExitCodes === undefined && onPodConditions.length === 0) errors.push(invalidField(path, "specifying one of OnExitCodes and OnPodConditions is required"));
  return errors;
}

/** The value is set, and one of an enumeration's, which is listed when it is not set. */
function requiredOneOfListed(value: string | undefined, supported: readonly string[], path: FieldPath): FieldError[] {
  return value ? oneOf(value, supported, path) : [requiredValue(path, `valid values: [${supported.map((option) => JSON.stringify(option)).join(" ")}]`)];
}

function validatePatterns(patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: FieldPath): FieldError[] {
  return [
    ...(patterns.length > MAX_PATTERNS ? [tooManyItems(path, patterns.length, MAX_PATTERNS)] : []),
    ...patterns.flatMap(({ type, status }, index) => [
      ...qualifiedName(type, path.index(index).child("type")),
      ...requiredOneOfListed(status, CONDITION_STATUSES, path.index(index).child("status")),
    ]),
  ];
}

function validateExitCodes({ operator, containerName, values }: PodFailurePolicyOnExitCodesRequirement, path: FieldPath, containers: ReadonlySet<string>): FieldError[] {
  const codes = values ?? [];
  const at = path.child("values");
  const errors = requiredOneOfListed(operator, OPERATORS, path.child("operator"));
  if (containerName !== undefined && !containers.has(containerName)) {
    errors.push(invalidValue(path.child("containerName"), containerName, "must be one of the container or initContainer names in the pod template"));
  }
  if (codes.length === 0) errors.push(invalidValue(at, values ?? null, "at least one value is required"));
  else if (codes.length > MAX_EXIT_CODES) errors.push(tooManyItems(at, codes.length, MAX_EXIT_CODES));
  for (const [index, code] of codes.entries()) {
    if (operator === "In" && code === 0) errors.push(invalidValue(at.index(index), code, "must not be 0 for the In operator"));
    if (codes.indexOf(code) < index) errors.push(duplicateValue(at.index(index), code));
  }
  const isOrdered = codes.every((code, index) => index === 0 || (codes[index - 1] ?? code) <= code);
  return isOrdered ? errors : [...errors, invalidValue(at, codes, "must be ordered")];
}

/** What is wrong with the rules for a job's success. */
export function validateSuccessPolicy(spec: JobSpec, path: FieldPath): FieldError[] {
  const rules = spec.successPolicy?.rules ?? [];
  const at = path.child("rules");
  return [
    ...(rules.length === 0 ? [requiredValue(at, "at least one rules must be specified when the successPolicy is specified")] : []),
    ...(rules.length > MAX_RULES ? [tooManyItems(at, rules.length, MAX_RULES)] : []),
    ...rules.flatMap((rule, index) => validateSuccessRule(rule, spec.completions ?? 0, at.index(index))),
  ];
}

function validateSuccessRule({ succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule, completions: number, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (count === undefined && indexes === undefined) errors.push(requiredValue(path, "at least one of succeededCount or succeededIndexes must be specified"));
  const { total, problem } = countIndexes(indexes ?? "", completions);
  if (indexes !== undefined) {
    const at = path.child("succeededIndexes");
    if (indexes.length > MAX_INDEXES_LENGTH) errors.push(tooLongValue(at, MAX_INDEXES_LENGTH));
    if (problem !== undefined) errors.push(invalidValue(at, indexes, `error parsing succeededIndexes: ${problem}`));
  }
  if (count === undefined) return errors;
  const at = path.child("succeededCount");
  errors.push(...nonNegative(count, at));
  if (count > completions) errors.push(invalidValue(at, count, `must be less than or equal to ${completions} (the number of specified completions)`));
  if (indexes !== undefined && count > total) {
    errors.push(invalidValue(at, count, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`));
  }
  return errors;
}

/** When pods are replaced: with rules for failed pods only once they have failed. */
export function validatePodReplacementPolicy({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: FieldPath): FieldError[] {
  if (podReplacementPolicy === undefined) return [];
  return oneOf(podReplacementPolicy, podFailurePolicy === undefined ? ["Failed", "TerminatingOrFailed"] : ["Failed"], path);
}
