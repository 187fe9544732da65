// Behaviour: ValidateTolerations, validateTopologySpreadConstraints and the gates of k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PodReadinessGate, PodSchedulingGate, Toleration, TopologySpreadConstraint } from "../../../../api/generated/types/core/v1.ts";
import { isQualifiedName, isValidLabelValue } from "../../../../api/name-validation.ts";
import { invalidEach, oneOf, positive, qualifiedName } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { taintEffect } from "../taint-effect.ts";
import { validateLabelKeys } from "./affinity.ts";

/** The taints that a pod tolerates. */
export function validateTolerations(tolerations: readonly Toleration[], path: FieldPath): FieldError[] {
  return tolerations.flatMap((toleration, index) => {
    const at = path.index(index);
    const { key = "", operator = "", effect = "", tolerationSeconds } = toleration;
    const errors = key === "" ? [] : invalidEach(at.child("key"), key, isQualifiedName(key));
    if (key === "" && operator !== "Exists") {
      errors.push(invalidValue(at.child("operator"), operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    }
    if (tolerationSeconds !== undefined && effect !== "NoExecute") errors.push(invalidValue(at.child("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    return [...errors, ...validateOperator(toleration, at.child("operator")), ...(effect === "" ? [] : taintEffect(effect, true, at.child("effect")))];
  });
}

function validateOperator({ operator = "", value = "" }: Toleration, path: FieldPath): FieldError[] {
  switch (operator) {
    case "":
    case "Equal": {
      const problems = isValidLabelValue(value);
      return problems.length === 0 ? [] : [invalidValue(path, value, problems.join(";"))];
    }
    case "Exists":
      return value === "" ? [] : [invalidValue(path, value, "value must be empty when `operator` is 'Exists'")];
    case "Lt":
    case "Gt":
      return [notSupportedValue(path, operator, ["Equal", "Exists", "Lt", "Gt"])];
    default:
      return [notSupportedValue(path, operator, ["Equal", "Exists"])];
  }
}

/** How pods are spread over nodes and zones. */
export function validateSpreadConstraints(constraints: readonly TopologySpreadConstraint[], path: FieldPath): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const at = path.index(index);
    const { topologyKey, whenUnsatisfiable, labelSelector } = constraint;
    const repeated = constraints.slice(index + 1).some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    return [
      ...positive(constraint.maxSkew, at.child("maxSkew")),
      ...(topologyKey ? [] : [requiredValue(at.child("topologyKey"), "can not be empty")]),
      ...oneOf(whenUnsatisfiable, ["DoNotSchedule", "ScheduleAnyway"], at.child("whenUnsatisfiable")),
      ...(repeated ? [duplicateValue(at.child("{topologyKey, whenUnsatisfiable}"), `{${topologyKey}, ${whenUnsatisfiable}}`)] : []),
      ...validateMinDomains(constraint, at.child("minDomains")),
      ...(["nodeAffinityPolicy", "nodeTaintsPolicy"] as const).flatMap((field) => (constraint[field] === undefined ? [] : oneOf(constraint[field], ["Honor", "Ignore"], at.child(field)))),
      ...validateLabelKeys(constraint.matchLabelKeys ?? [], [], labelSelector, at),
      ...validateLabelSelector(labelSelector, at.child("labelSelector")),
    ];
  });
}

function validateMinDomains({ minDomains, whenUnsatisfiable }: TopologySpreadConstraint, path: FieldPath): FieldError[] {
  if (minDomains === undefined) return [];
  const errors = positive(minDomains, path);
  if (whenUnsatisfiable === "DoNotSchedule") return errors;
  return [...errors, invalidValue(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`)];
}

/** The conditions that have to be true for a pod to be ready. */
export function validateReadinessGates(gates: readonly PodReadinessGate[], path: FieldPath): FieldError[] {
  return gates.flatMap(({ conditionType }, index) => qualifiedName(conditionType, path.index(index).child("conditionType")));
}

/** The gates that have to go before a pod is scheduled. */
export function validateSchedulingGates(gates: readonly PodSchedulingGate[], path: FieldPath): FieldError[] {
  const names = gates.map((gate) => gate.name);
  return names.flatMap((name, index) => [...qualifiedName(name, path.index(index)), ...(names.indexOf(name) < index ? [duplicateValue(path.index(index), name)] : [])]);
}
