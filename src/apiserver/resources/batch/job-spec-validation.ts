// Behaviour: validateJobSpec and ValidateJobTemplateSpec in k8s.io/kubernetes/pkg/apis/batch/validation.
import { type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue, tooLongValue } from "../../../api/field-errors.ts";
import type { JobSpec } from "../../../api/generated/types/batch/v1.ts";
import { byteLength, isDNS1123Subdomain, regexMessage } from "../../../api/name-validation.ts";
import { invalidEach, nonNegative } from "../shared/field-checks.ts";
import { internalForm, sortedMap } from "../shared/internal-form.ts";
import { selectorOf, shownSelector, validateLabelSelector } from "../shared/label-selector.ts";
import { validatePodTemplate } from "../shared/pod-template.ts";
import { validatePodFailurePolicy, validatePodReplacementPolicy, validateSuccessPolicy } from "./job-policies.ts";

const MAX_INDEXED_PARALLELISM = 100_000;
const MAX_FAILED_INDEXES = 100_000;
/** Above as many completions, fewer pods may run at once and fewer indexes may fail. */
const MANY_COMPLETIONS = 100_000;
const LIMIT_OF_MANY = 10_000;
const MAX_MANAGER_BYTES = 63;
const HTTP_PATH = String.raw`[A-Za-z0-9/\-._~%!$&'()*+,;=:]+`;
const COUNTS = ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex"] as const;

/** What is wrong with the spec of a job that has its selector. */
export function validateJobSpec(spec: JobSpec, path: FieldPath): FieldError[] {
  const selectorPath = path.child("selector");
  const labels = spec.template.metadata?.labels;
  const errors = validateUnselectedSpec(spec, path);
  errors.push(...(spec.selector === undefined ? [requiredValue(selectorPath)] : validateLabelSelector(spec.selector, selectorPath)));
  const selector = spec.selector === undefined ? undefined : selectorOf(spec.selector);
  const isUnmatched = spec.selector === undefined || (selector !== undefined && !selector.matches(labels));
  if (isUnmatched) errors.push(invalidValue(path.child("template", "metadata", "labels"), sortedMap(labels), "`selector` does not match template `labels`"));
  return errors;
}

/** What is wrong with the spec of the jobs that a cron job makes; they get their selectors later. */
export function validateJobTemplateSpec(spec: JobSpec, path: FieldPath): FieldError[] {
  const errors = validateUnselectedSpec(spec, path);
  if (spec.selector !== undefined) errors.push(invalidValue(path.child("selector"), shownSelector(spec.selector), "`selector` will be auto-generated"));
  if (spec.manualSelector === true) errors.push(notSupportedValue(path.child("manualSelector"), true, ["nil", "false"]));
  return errors;
}

function validateUnselectedSpec(spec: JobSpec, path: FieldPath): FieldError[] {
  const isIndexed = spec.completionMode === "Indexed";
  const errors = COUNTS.flatMap((field) => nonNegative(spec[field], path.child(field)));
  if (spec.maxFailedIndexes !== undefined) {
    errors.push(...nonNegative(spec.maxFailedIndexes, path.child("maxFailedIndexes")));
    if (spec.backoffLimitPerIndex === undefined) errors.push(requiredValue(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified"));
  }
  if (spec.managedBy !== undefined) errors.push(...validateManager(spec.managedBy, path.child("managedBy")));
  errors.push(...validateCompletionMode(spec, path));
  if (spec.podFailurePolicy !== undefined) errors.push(...validatePodFailurePolicy(spec, path.child("podFailurePolicy")));
  if (spec.successPolicy !== undefined) {
    const at = path.child("successPolicy");
    errors.push(...(isIndexed ? validateSuccessPolicy(spec, at) : [invalidValue(at, internalForm("batch.v1.SuccessPolicy", spec.successPolicy), "requires indexed completion mode")]));
  }
  errors.push(...validatePodReplacementPolicy(spec, path.child("podReplacementPolicy")));
  errors.push(...validatePodTemplate(spec.template, path.child("template")));
  return [...errors, ...validateRestartPolicy(spec, path.child("template", "spec", "restartPolicy"))];
}

function validateManager(manager: string, path: FieldPath): FieldError[] {
  const tooLong = byteLength(manager) > MAX_MANAGER_BYTES ? [tooLongValue(path, MAX_MANAGER_BYTES)] : [];
  if (manager === "") return [requiredValue(path), ...tooLong];
  const slash = manager.indexOf("/");
  const [host, rest] = [manager.slice(0, Math.max(0, slash)), manager.slice(slash + 1)];
  if (host === "" || rest === "") return [invalidValue(path, manager, 'must be a domain-prefixed path (such as "acme.io/foo")'), ...tooLong];
  const isPath = new RegExp(`^${HTTP_PATH}$`).test(rest);
  return [...invalidEach(path, host, isDNS1123Subdomain(host)), ...(isPath ? [] : [invalidValue(path, rest, regexMessage("Invalid path", HTTP_PATH))]), ...tooLong];
}

function validateCompletionMode(spec: JobSpec, path: FieldPath): FieldError[] {
  const mode = spec.completionMode ?? "NonIndexed";
  if (mode === "Indexed") return validateIndexed(spec, path);
  if (mode !== "NonIndexed") return [notSupportedValue(path.child("completionMode"), mode, ["NonIndexed", "Indexed"])];
  return (["backoffLimitPerIndex", "maxFailedIndexes"] as const).flatMap((field) =>
    spec[field] === undefined ? [] : [invalidValue(path.child(field), spec[field], "requires indexed completion mode")],
  );
}

function validateIndexed({ completions, parallelism = 0, maxFailedIndexes: maxFailed, backoffLimitPerIndex }: JobSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const parallel = path.child("parallelism");
  const failed = path.child("maxFailedIndexes");
  if (completions === undefined) errors.push(requiredValue(path.child("completions"), "when completion mode is Indexed"));
  if (parallelism > MAX_INDEXED_PARALLELISM) {
    errors.push(invalidValue(parallel, parallelism, `must be less than or equal to ${MAX_INDEXED_PARALLELISM} when completion mode is Indexed`));
  }
  if (completions !== undefined && maxFailed !== undefined && maxFailed > completions) errors.push(invalidValue(failed, maxFailed, "must be less than or equal to completions"));
  if (maxFailed !== undefined && maxFailed > MAX_FAILED_INDEXES) errors.push(invalidValue(failed, maxFailed, `must be less than or equal to ${MAX_FAILED_INDEXES}`));
  if (completions === undefined || completions <= MANY_COMPLETIONS || backoffLimitPerIndex === undefined) return errors;
  const detail = `must be less than or equal to ${LIMIT_OF_MANY} when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`;
  if (maxFailed === undefined) errors.push(requiredValue(failed, `must be specified when completions is above ${MANY_COMPLETIONS}`));
  if (parallelism > LIMIT_OF_MANY) errors.push(invalidValue(parallel, parallelism, detail));
  if (maxFailed !== undefined && maxFailed > LIMIT_OF_MANY) errors.push(invalidValue(failed, maxFailed, detail));
  return errors;
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: FieldPath): FieldError[] {
  const policy = template.spec?.restartPolicy ?? "";
  if (policy === "Always" || policy === "") return [requiredValue(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== "OnFailure" && policy !== "Never") return [notSupportedValue(path, policy, ["OnFailure", "Never"])];
  return podFailurePolicy !== undefined && policy !== "Never" ? [invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified')] : [];
}
