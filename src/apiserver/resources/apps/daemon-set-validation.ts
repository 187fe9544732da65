// Behaviour: ValidateDaemonSet* in k8s.io/kubernetes/pkg/apis/apps/validation.
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { DaemonSet, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from "../../../api/generated/types/apps/v1.ts";
import { immutable, nonNegative, notMoreThanHundredPercent, positiveIntOrPercent } from "../shared/field-checks.ts";
import { internalForm, sortedMap } from "../shared/internal-form.ts";
import { isEmptySelector, selectorOf, shownSelector, validateLabelSelector } from "../shared/label-selector.ts";
import { validatePodTemplate } from "../shared/pod-template.ts";
import { alwaysRestarts, intOrPercentOf } from "./workload-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");

/** What is wrong with a daemon set. */
export function validateDaemonSet({ spec }: DaemonSet): FieldError[] {
  const path = SPEC.child("template");
  const { selector, template } = spec;
  const errors = validateLabelSelector(selector ?? undefined, SPEC.child("selector"));
  const parsed = selectorOf(selector);
  if (parsed !== undefined && !parsed.matches(template.metadata.labels)) {
    errors.push(invalidValue(path.child("metadata", "labels"), sortedMap(template.metadata.labels), "`selector` does not match template `labels`"));
  }
  if (selector && isEmptySelector(selector)) errors.push(invalidValue(SPEC.child("selector"), shownSelector(selector), "empty selector is invalid for daemonset"));
  errors.push(...validatePodTemplate(template, path), ...alwaysRestarts(template, path));
  if (template.spec.activeDeadlineSeconds !== undefined) errors.push(forbiddenField(path.child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in DaemonSet is not Supported"));
  return [
    ...errors,
    ...nonNegative(spec.minReadySeconds, SPEC.child("minReadySeconds")),
    ...validateStrategy(spec.updateStrategy ?? {}, SPEC.child("updateStrategy")),
    ...nonNegative(spec.revisionHistoryLimit, SPEC.child("revisionHistoryLimit")),
  ];
}

/** What may not change in a daemon set. */
export function validateDaemonSetUpdate(next: DaemonSet, old: DaemonSet): FieldError[] {
  return immutable(next.spec.selector, old.spec.selector, SPEC.child("selector"), shownSelector(next.spec.selector ?? undefined));
}

/** What is wrong with a daemon set's status. */
export function validateDaemonSetStatusUpdate({ status }: DaemonSet, { status: old }: DaemonSet): FieldError[] {
  const counts = [
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
  ] as const;
  const collisions = status.collisionCount ?? 0;
  return [
    ...counts.flatMap((field) => nonNegative(status[field], STATUS.child(field))),
    ...(collisions < (old.collisionCount ?? 0) ? [invalidValue(STATUS.child("collisionCount"), collisions, "cannot be decremented")] : []),
  ];
}

function validateStrategy(strategy: DaemonSetUpdateStrategy, path: FieldPath): FieldError[] {
  switch (strategy.type) {
    case "OnDelete":
      return [];
    case "RollingUpdate":
      return validateRollingUpdate(strategy.rollingUpdate ?? {}, path.child("rollingUpdate"));
    default:
      return [notSupportedValue(path, internalForm("apps.v1.DaemonSetUpdateStrategy", strategy), ["RollingUpdate", "OnDelete"])];
  }
}

function validateRollingUpdate({ maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDaemonSet, path: FieldPath): FieldError[] {
  const [unavailablePath, surgePath] = [path.child("maxUnavailable"), path.child("maxSurge")];
  const [unavailable, surge] = [intOrPercentOf(maxUnavailable), intOrPercentOf(maxSurge)];
  return [
    ...positiveIntOrPercent(maxUnavailable, unavailablePath),
    ...positiveIntOrPercent(maxSurge, surgePath),
    ...notMoreThanHundredPercent(maxUnavailable, unavailablePath),
    ...notMoreThanHundredPercent(maxSurge, surgePath),
    ...(unavailable !== 0 && surge !== 0 ? [invalidValue(surgePath, maxSurge, "may not be set when maxUnavailable is non-zero")] : []),
    ...(unavailable === 0 && surge === 0 ? [requiredValue(unavailablePath, "cannot be 0 when maxSurge is 0")] : []),
  ];
}
