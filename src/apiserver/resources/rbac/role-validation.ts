// Behaviour: ValidateRole and ValidateClusterRole in k8s.io/kubernetes/pkg/apis/rbac/validation.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { ClusterRole, PolicyRule, Role } from "../../../api/generated/types/rbac/v1.ts";
import { selectorOf, shownSelector, validateLabelSelector } from "../shared/label-selector.ts";

const RULES = new FieldPath("rules");
const SELECTORS = new FieldPath("aggregationRule").child("clusterRoleSelectors");

/** What is wrong with a role. */
export function validateRole({ rules }: Role): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, true, RULES.index(index)));
}

/** What is wrong with a cluster role. */
export function validateClusterRole({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const errors = (rules ?? []).flatMap((rule, index) => validateRule(rule, false, RULES.index(index)));
  if (aggregationRule === undefined) return errors;
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0) errors.push(requiredValue(SELECTORS, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
  for (const [index, selector] of selectors.entries()) {
    errors.push(...validateLabelSelector(selector, SELECTORS.index(index)));
    if (selectorOf(selector) === undefined) errors.push(invalidValue(SELECTORS.index(index), shownSelector(undefined), "invalid label selector."));
  }
  return errors;
}

function validateRule({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule, namespaced: boolean, path: FieldPath): FieldError[] {
  const isEmpty = (list: readonly string[] | undefined): boolean => (list ?? []).length === 0;
  const errors = isEmpty(verbs) ? [requiredValue(path.child("verbs"), "verbs must contain at least one value")] : [];
  if (isEmpty(nonResourceURLs)) {
    if (isEmpty(apiGroups)) errors.push(requiredValue(path.child("apiGroups"), "resource rules must supply at least one api group"));
    if (isEmpty(resources)) errors.push(requiredValue(path.child("resources"), "resource rules must supply at least one resource"));
    return errors;
  }
  const urlsPath = path.child("nonResourceURLs");
  if (namespaced) errors.push(invalidValue(urlsPath, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"));
  if (![apiGroups, resources, resourceNames].every(isEmpty)) errors.push(invalidValue(urlsPath, nonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs"));
  return errors;
}
