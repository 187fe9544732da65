// Behaviour: validateAffinity and ValidateNodeSelector in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type * as core from "../../../../api/generated/types/core/v1.ts";
import type { LabelSelector } from "../../../../api/generated/types/meta/v1.ts";
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidLabelValue } from "../../../../api/name-validation.ts";
import { invalidEach } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector.ts";

/** Where a pod wants to run, and beside which others. */
export function validateAffinity(affinity: core.Affinity | undefined, path: FieldPath): FieldError[] {
  if (affinity === undefined) return [];
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  return [
    ...(nodeAffinity === undefined ? [] : validateNodeAffinity(nodeAffinity, path.child("nodeAffinity"))),
    ...(podAffinity === undefined ? [] : validatePodAffinity(podAffinity, path.child("podAffinity"))),
    ...(podAntiAffinity === undefined ? [] : validatePodAffinity(podAntiAffinity, path.child("podAntiAffinity"))),
  ];
}

function validateNodeAffinity(affinity: core.NodeAffinity, path: FieldPath): FieldError[] {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferredPath = path.child("preferredDuringSchedulingIgnoredDuringExecution");
  const preferred = (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ weight, preference }, index) => [
    ...validateWeight(weight, preferredPath.index(index)),
    ...validateTerm(preference, preferredPath.index(index).child("preference"), false),
  ]);
  return [...(required === undefined ? [] : validateNodeSelector(required, path.child("requiredDuringSchedulingIgnoredDuringExecution"))), ...preferred];
}

function validateWeight(weight: number, path: FieldPath): FieldError[] {
  return weight > 0 && weight <= 100 ? [] : [invalidValue(path.child("weight"), weight, "must be in the range 1-100")];
}

/** A choice of nodes: any of its terms. */
export function validateNodeSelector({ nodeSelectorTerms = [] }: core.NodeSelector, path: FieldPath): FieldError[] {
  const at = path.child("nodeSelectorTerms");
  if (nodeSelectorTerms.length === 0) return [requiredValue(at, "must have at least one node selector term")];
  return nodeSelectorTerms.flatMap((term, index) => validateTerm(term, at.index(index), true));
}

/** A choice of nodes by labels and fields, all of which have to match. */
export function validateTerm({ matchExpressions = [], matchFields = [] }: core.NodeSelectorTerm, path: FieldPath, checkValues: boolean): FieldError[] {
  return [
    ...matchExpressions.flatMap((requirement, index) => validateRequirement(requirement, path.child("matchExpressions").index(index), checkValues)),
    ...matchFields.flatMap((requirement, index) => validateFieldRequirement(requirement, path.child("matchFields").index(index))),
  ];
}

function validateRequirement({ key, operator, values = [] }: core.NodeSelectorRequirement, path: FieldPath, checkValues: boolean): FieldError[] {
  const at = path.child("values");
  return [
    ...validateOperator(operator, values.length, path),
    ...invalidEach(path.child("key"), key, isQualifiedName(key)),
    ...(checkValues ? values.flatMap((value, index) => invalidEach(at.index(index), value, isValidLabelValue(value))) : []),
  ];
}

function validateOperator(operator: string, count: number, path: FieldPath): FieldError[] {
  const at = path.child("values");
  switch (operator) {
    case "In":
    case "NotIn":
      return count === 0 ? [requiredValue(at, "must be specified when `operator` is 'In' or 'NotIn'")] : [];
    case "Exists":
    case "DoesNotExist":
      return count > 0 ? [forbiddenField(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [];
    case "Gt":
    case "Lt":
      return count === 1 ? [] : [requiredValue(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalidValue(path.child("operator"), operator, "not a valid selector operator")];
  }
}

function validateFieldRequirement({ key, operator, values = [] }: core.NodeSelectorRequirement, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== "In" && operator !== "NotIn") errors.push(invalidValue(path.child("operator"), operator, "not a valid selector operator"));
  else if (values.length !== 1) errors.push(requiredValue(path.child("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  if (key !== "metadata.name") return [...errors, invalidValue(path.child("key"), key, "not a valid field selector key")];
  return [...errors, ...values.flatMap((value, index) => invalidEach(path.child("values").index(index), value, isDNS1123Subdomain(value)))];
}

function validatePodAffinity(affinity: core.PodAffinity | core.PodAntiAffinity, path: FieldPath): FieldError[] {
  const requiredPath = path.child("requiredDuringSchedulingIgnoredDuringExecution");
  const preferredPath = path.child("preferredDuringSchedulingIgnoredDuringExecution");
  return [
    ...(affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, index) => validatePodTerm(term, requiredPath.index(index))),
    ...(affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ weight, podAffinityTerm }, index) => [
      ...validateWeight(weight, preferredPath.index(index)),
      ...validatePodTerm(podAffinityTerm, preferredPath.index(index).child("podAffinityTerm")),
    ]),
  ];
}

function validatePodTerm(term: core.PodAffinityTerm, path: FieldPath): FieldError[] {
  const topologyKey = term.topologyKey ?? "";
  return [
    ...validateLabelSelector(term.labelSelector, path.child("labelSelector")),
    ...validateLabelSelector(term.namespaceSelector, path.child("namespaceSelector")),
    ...(term.namespaces ?? []).flatMap((name) => invalidEach(path.child("namespace"), name, isDNS1123Label(name))),
    ...validateLabelKeys(term.matchLabelKeys ?? [], term.mismatchLabelKeys ?? [], term.labelSelector, path),
    ...(topologyKey === "" ? [requiredValue(path.child("topologyKey"), "can not be empty")] : []),
    ...invalidEach(path.child("topologyKey"), topologyKey, isQualifiedName(topologyKey)),
  ];
}

/** The keys of labels whose values the pod itself gives to a selector. */
export function validateLabelKeys(keys: readonly string[], mismatchKeys: readonly string[], selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  const errors = [...validateKeys(keys, selector, path.child("matchLabelKeys")), ...validateKeys(mismatchKeys, selector, path.child("mismatchLabelKeys"))];
  const selected = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key } of selector?.matchExpressions ?? []) {
    const place = keys.lastIndexOf(key);
    if (place !== -1 && selected.has(key)) errors.push(invalidValue(path.index(place), key, "exists in both matchLabelKeys and labelSelector"));
    selected.add(key);
  }
  for (const [index, key] of keys.entries()) {
    if (mismatchKeys.includes(key)) errors.push(invalidValue(path.child("matchLabelKeys").index(index), key, "exists in both matchLabelKeys and mismatchLabelKeys"));
  }
  return errors;
}

function validateKeys(keys: readonly string[], selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  if (keys.length === 0) return [];
  if (selector === undefined) return [forbiddenField(path, "must not be specified when labelSelector is not set")];
  return keys.flatMap((key, index) => invalidEach(path.index(index), key, isQualifiedName(key)));
}
