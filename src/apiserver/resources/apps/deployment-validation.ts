// Behaviour: ValidateDeployment* in k8s.io/kubernetes/pkg/apis/apps/validation.
import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "../../../api/generated/types/apps/v1.ts";
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue } from "../../../api/field-errors.ts";
import { immutable, nonNegative, notMoreThanHundredPercent, positiveIntOrPercent } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { shownSelector } from "../shared/label-selector.ts";
import { intOrPercentOf, validateReplicaCounts, validateSelectorAndTemplate } from "./workload-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");

/** What is wrong with a deployment. */
export function validateDeployment({ spec }: Deployment): FieldError[] {
  const deadline = spec.progressDeadlineSeconds ?? 0;
  const deadlinePath = SPEC.child("progressDeadlineSeconds");
  return [
    ...nonNegative(spec.replicas, SPEC.child("replicas")),
    ...validateSelectorAndTemplate(spec.selector, spec.template, SPEC),
    ...validateStrategy(spec.strategy ?? {}, SPEC.child("strategy")),
    ...nonNegative(spec.minReadySeconds, SPEC.child("minReadySeconds")),
    ...nonNegative(spec.revisionHistoryLimit, SPEC.child("revisionHistoryLimit")),
    ...nonNegative(deadline, deadlinePath),
    ...(deadline <= (spec.minReadySeconds ?? 0) ? [invalidValue(deadlinePath, deadline, "must be greater than minReadySeconds")] : []),
  ];
}

/** What may not change in a deployment. */
export function validateDeploymentUpdate(next: Deployment, old: Deployment): FieldError[] {
  return immutable(next.spec.selector, old.spec.selector, SPEC.child("selector"), shownSelector(next.spec.selector));
}

/** What is wrong with a deployment's status. */
export function validateDeploymentStatusUpdate(next: Deployment, old: Deployment): FieldError[] {
  const { status } = next;
  const path = STATUS;
  const counts = ["observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas", "terminatingReplicas", "collisionCount"] as const;
  const errors = [
    ...counts.flatMap((field) => nonNegative(status[field], path.child(field))),
    ...validateReplicaCounts(status, ["updatedReplicas", "readyReplicas", "availableReplicas"], path),
  ];
  const collisions = status.collisionCount ?? 0;
  if (collisions < (old.status.collisionCount ?? 0)) errors.push(invalidValue(path.child("collisionCount"), collisions, "cannot be decremented"));
  return errors;
}

function validateStrategy(strategy: DeploymentStrategy, path: FieldPath): FieldError[] {
  switch (strategy.type) {
    case "Recreate":
      return strategy.rollingUpdate === undefined ? [] : [forbiddenField(path.child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'")];
    case "RollingUpdate":
      return validateRollingUpdate(strategy.rollingUpdate ?? {}, path.child("rollingUpdate"));
    default:
      return [notSupportedValue(path, internalForm("apps.v1.DeploymentStrategy", strategy), ["Recreate", "RollingUpdate"])];
  }
}

function validateRollingUpdate({ maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment, path: FieldPath): FieldError[] {
  const unavailablePath = path.child("maxUnavailable");
  const stuck = intOrPercentOf(maxUnavailable) === 0 && intOrPercentOf(maxSurge) === 0;
  return [
    ...positiveIntOrPercent(maxUnavailable, unavailablePath),
    ...positiveIntOrPercent(maxSurge, path.child("maxSurge")),
    ...(stuck ? [invalidValue(unavailablePath, maxUnavailable, "may not be 0 when `maxSurge` is 0")] : []),
    ...notMoreThanHundredPercent(maxUnavailable, unavailablePath),
  ];
}
