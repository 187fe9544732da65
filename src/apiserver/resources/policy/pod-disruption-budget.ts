// Behaviour: k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget and pkg/apis/policy/validation.
import { type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";
import type { PodDisruptionBudget } from "../../../api/generated/types/policy/v1.ts";
import { ageColumn, integerColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { validateConditions } from "../shared/conditions.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nonNegative, notMoreThanHundredPercent, oneOf, positiveIntOrPercent } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { validateLabelSelector } from "../shared/label-selector.ts";
import { statusOnly } from "../shared/status-only.ts";
import { nameIsPathSegment } from "../shared/names.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");

/** policy/v1 poddisruptionbudgets. */
export const podDisruptionBudgetResource = defineResource<PodDisruptionBudget>({
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  resource: "poddisruptionbudgets",
  singular: "poddisruptionbudget",
  shortNames: ["pdb"],
  namespaced: true,
  type: "policy.v1.PodDisruptionBudget",
  allowUnconditionalUpdate: false,
  validateName: nameIsPathSegment,
  prepareForCreate(budget) {
    budget.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateBudget,
  status: statusOnly(({ status }) => [
    ...validateConditions(status.conditions ?? [], STATUS.child("conditions")),
    ...(["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const).flatMap((field) => nonNegative(status[field], STATUS.child(field))),
  ]),
  columns: [
    nameColumn,
    textColumn("Min Available", "The minimum number of pods that must be available.", ({ spec }) => String(spec.minAvailable ?? "N/A")),
    textColumn("Max Unavailable", "The maximum number of pods that may be unavailable.", ({ spec }) => String(spec.maxUnavailable ?? "N/A")),
    integerColumn("Allowed Disruptions", "Calculated number of pods that may be disrupted at this time.", ({ status }) => status.disruptionsAllowed),
    ageColumn,
  ],
});

function validateBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const errors: FieldError[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalidValue(SPEC, internalForm("policy.v1.PodDisruptionBudgetSpec", spec), "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value !== undefined) errors.push(...positiveIntOrPercent(value, SPEC.child(field)), ...notMoreThanHundredPercent(value, SPEC.child(field)));
  }
  errors.push(...validateLabelSelector(selector, SPEC.child("selector")));
  if (unhealthyPodEvictionPolicy === undefined) return errors;
  return [...errors, ...oneOf(unhealthyPodEvictionPolicy, ["AlwaysAllow", "IfHealthyBudget"], SPEC.child("unhealthyPodEvictionPolicy"))];
}
