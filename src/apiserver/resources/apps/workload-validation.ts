// Behaviour: ValidatePodTemplateSpecForReplicaSet and the helpers around it in k8s.io/kubernetes/pkg/apis/apps/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { PodTemplateSpec } from "../../../api/generated/types/core/v1.ts";
import type { LabelSelector } from "../../../api/generated/types/meta/v1.ts";
import { isValidPercent } from "../../../api/name-validation.ts";
import { sortedMap } from "../shared/internal-form.ts";
import { isEmptySelector, selectorOf, shownSelector, validateLabelSelector } from "../shared/label-selector.ts";
import { validatePodTemplate } from "../shared/pod-template.ts";

/** A selector is there, selects something, and selects the template's pods, which run forever. */
export function validateSelectorAndTemplate(selector: LabelSelector | undefined, template: PodTemplateSpec | undefined, path: FieldPath): FieldError[] {
  const selectorPath = path.child("selector");
  const errors: FieldError[] = [];
  if (isAbsent(selector)) errors.push(requiredValue(selectorPath));
  else {
    errors.push(...validateLabelSelector(selector, selectorPath));
    if (isEmptySelector(selector)) errors.push(invalidValue(selectorPath, shownSelector(selector), "empty selector is invalid for deployment"));
  }
  if (selectorOf(selector) === undefined) return [...errors, invalidValue(selectorPath, shownSelector(selector), "invalid label selector")];
  return [...errors, ...validateReplicaTemplate(selector, template ?? { metadata: {}, spec: { containers: [] } }, path.child("template"))];
}

/** The template of pods that are replicas. */
function validateReplicaTemplate(selector: LabelSelector | undefined, template: PodTemplateSpec, path: FieldPath): FieldError[] {
  const spec = template.spec;
  return [
    ...selectorMatchesTemplate(selector, template, path),
    ...validatePodTemplate(template, path),
    ...alwaysRestarts(template, path),
    ...(spec?.activeDeadlineSeconds === undefined ? [] : [forbiddenField(path.child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in ReplicaSet is not Supported")]),
  ];
}

/** The selector, unless it selects everything, selects the template's pods. */
export function selectorMatchesTemplate(selector: LabelSelector | undefined, template: PodTemplateSpec, path: FieldPath): FieldError[] {
  const parsed = selectorOf(selector ?? undefined);
  if (parsed === undefined || parsed.isEmpty || parsed.matches(template.metadata?.labels)) return [];
  return [invalidValue(path.child("metadata", "labels"), sortedMap(template.metadata?.labels), "`selector` does not match template `labels`")];
}

/** Replicas are restarted, however they end. */
export function alwaysRestarts(template: PodTemplateSpec, path: FieldPath): FieldError[] {
  const policy = template.spec?.restartPolicy ?? "";
  return policy === "Always" ? [] : [notSupportedValue(path.child("spec", "restartPolicy"), policy, ["Always"])];
}

/** Of the replicas there are, no more can be of a kind than there are. */
export function validateReplicaCounts<F extends string>(status: { replicas?: number; readyReplicas?: number; availableReplicas?: number } & { [K in F]?: number }, fields: readonly F[], path: FieldPath): FieldError[] {
  const replicas = status.replicas ?? 0;
  const errors = fields.flatMap((field) => {
    const count = status[field] ?? 0;
    return count > replicas ? [invalidValue(path.child(field), count, "cannot be greater than status.replicas")] : [];
  });
  const available = status.availableReplicas ?? 0;
  if (available > (status.readyReplicas ?? 0)) errors.push(invalidValue(path.child("availableReplicas"), available, "cannot be greater than readyReplicas"));
  return errors;
}

/** The number, or the percentage's number. */
export function intOrPercentOf(value: number | string): number {
  if (typeof value === "number") return value;
  if (isValidPercent(value).length === 0) return Number(value.slice(0, -1));
  return /^[+-]?[0-9]+$/.test(value) ? Number(value) : 0;
}

function isAbsent<T>(value: T | undefined | null): value is undefined | null {
  return value === undefined || value === null;
}
