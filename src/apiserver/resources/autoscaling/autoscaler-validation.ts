// Behaviour: k8s.io/kubernetes/pkg/apis/autoscaling/validation, with the options of pkg/registry/autoscaling/horizontalpodautoscaler.
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { CrossVersionObjectReference, HorizontalPodAutoscaler, HPAScalingPolicy, HPAScalingRules } from "../../../api/generated/types/autoscaling/v2.ts";
import { invalidEach, nonNegative, nonNegativeQuantity, oneOf, positive } from "../shared/field-checks.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { validateMetric } from "./metric-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");
const MAX_PERIOD_SECONDS = 1800;
const MAX_STABILIZATION_SECONDS = 3600;

/** How the API version of a reference is checked. */
type VersionCheck = "no check" | "any group" | "named group";

/** What is wrong with an autoscaler; what was wrong before an update may stay so. */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, old?: HorizontalPodAutoscaler): FieldError[] {
  const { minReplicas, maxReplicas, scaleTargetRef, behavior } = spec;
  const errors: FieldError[] = [];
  const least = old?.spec.minReplicas === 0 ? 0 : 1;
  const max = SPEC.child("maxReplicas");
  if (minReplicas !== undefined && minReplicas < least) errors.push(invalidValue(SPEC.child("minReplicas"), minReplicas, `must be greater than or equal to ${least}`));
  if (maxReplicas === 0) errors.push(requiredValue(max, "must be set and greater than 0"));
  else if (maxReplicas < 0) errors.push(invalidValue(max, maxReplicas, "must be greater than or equal to 1"));
  if (minReplicas !== undefined && maxReplicas < minReplicas) errors.push(invalidValue(max, maxReplicas, "must be greater than or equal to `minReplicas`"));
  return [
    ...errors,
    ...validateReference(scaleTargetRef, SPEC.child("scaleTargetRef"), targetCheck(scaleTargetRef, old?.spec.scaleTargetRef)),
    ...validateMetrics(spec, old),
    ...validateRules(behavior?.scaleUp, SPEC.child("behavior", "scaleUp")),
    ...validateRules(behavior?.scaleDown, SPEC.child("behavior", "scaleDown")),
  ];
}

/** What is wrong with an autoscaler's status. */
export function validateAutoscalerStatus({ status }: HorizontalPodAutoscaler): FieldError[] {
  return (["currentReplicas", "desiredReplicas"] as const).flatMap((field) => nonNegative(status[field], STATUS.child(field)));
}

function targetCheck(next: CrossVersionObjectReference, old: CrossVersionObjectReference | undefined): VersionCheck {
  if (old !== undefined && old.kind === next.kind && (old.apiVersion ?? "") === (next.apiVersion ?? "")) return "no check";
  return next.kind === "ReplicationController" ? "any group" : "named group";
}

/** What is wrong with a reference to an object of whatever kind. */
function validateReference({ kind, name, apiVersion = "" }: CrossVersionObjectReference, path: FieldPath, check: VersionCheck): FieldError[] {
  const problem = check === "no check" ? undefined : versionProblem(apiVersion, check);
  return [
    ...(kind ? invalidEach(path.child("kind"), kind, nameIsPathSegment(kind, false)) : [requiredValue(path.child("kind"))]),
    ...(name ? invalidEach(path.child("name"), name, nameIsPathSegment(name, false)) : [requiredValue(path.child("name"))]),
    ...(problem === undefined ? [] : [invalidValue(path.child("apiVersion"), apiVersion, problem)]),
  ];
}

function versionProblem(apiVersion: string, check: VersionCheck): string | undefined {
  const parts = apiVersion === "/" ? [] : apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  return check === "named group" && (parts.length < 2 || parts[0] === "") ? "apiVersion must specify API group" : undefined;
}

function validateMetrics({ metrics = [], minReplicas }: HorizontalPodAutoscaler["spec"], old: HorizontalPodAutoscaler | undefined): FieldError[] {
  const path = SPEC.child("metrics");
  const wasWrong = (old?.spec.metrics ?? []).some(({ type, object }) => type === "Object" && object !== undefined && versionProblem(object.describedObject.apiVersion ?? "", "any group") !== undefined);
  const check: VersionCheck = wasWrong ? "no check" : "any group";
  const errors = metrics.flatMap((metric, index) => validateMetric(metric, path.index(index), (reference, at) => validateReference(reference, at, check)));
  if (minReplicas !== 0 || metrics.some(({ type }) => type === "Object" || type === "External")) return errors;
  return [...errors, forbiddenField(path, "must specify at least one Object or External metric to support scaling to zero replicas")];
}

function validateRules(rules: HPAScalingRules | undefined, path: FieldPath): FieldError[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies = [], tolerance } = rules;
  const at = path.child("stabilizationWindowSeconds");
  const errors: FieldError[] = [];
  if (seconds !== undefined && seconds < 0) errors.push(invalidValue(at, seconds, "must be greater than or equal to zero"));
  if (seconds !== undefined && seconds > MAX_STABILIZATION_SECONDS) errors.push(invalidValue(at, seconds, `must be less than or equal to ${MAX_STABILIZATION_SECONDS}`));
  if (selectPolicy !== undefined) errors.push(...oneOf(selectPolicy, ["Disabled", "Max", "Min"], path.child("selectPolicy")));
  if (policies.length === 0) errors.push(requiredValue(path.child("policies"), "must specify at least one Policy"));
  errors.push(...policies.flatMap((policy, index) => validatePolicy(policy, path.child("policies").index(index))));
  return tolerance === undefined ? errors : [...errors, ...nonNegativeQuantity(tolerance, path.child("tolerance"))];
}

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy, path: FieldPath): FieldError[] {
  const at = path.child("periodSeconds");
  return [
    ...(type === "Pods" || type === "Percent" ? [] : [notSupportedValue(path.child("type"), type, ["Percent", "Pods"])]),
    ...positive(value, path.child("value")),
    ...positive(periodSeconds, at),
    ...(periodSeconds > MAX_PERIOD_SECONDS ? [invalidValue(at, periodSeconds, `must be less than or equal to ${MAX_PERIOD_SECONDS}`)] : []),
  ];
}
