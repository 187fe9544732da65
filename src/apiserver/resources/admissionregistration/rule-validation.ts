// Behaviour: validateRuleWithOperations, validateResources and validateMatchResources in k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
import { duplicateValue, type FieldError, type FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { MatchResources, NamedRuleWithOperations, RuleWithOperations } from "../../../api/generated/types/admissionregistration/v1.ts";
import { invalidEach, oneOf } from "../shared/field-checks.ts";
import { validateLabelSelector } from "../shared/label-selector.ts";
import { nameIsPathSegment } from "../shared/names.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const SCOPES = ["*", "Cluster", "Namespaced"];
const MATCH_POLICIES = ["Equivalent", "Exact"];

/** What is wrong with a rule that says which requests are meant. */
export function validateRule(rule: RuleWithOperations, path: FieldPath): FieldError[] {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const operationsPath = path.child("operations");
  return [
    ...someOrAny(operations, "operations", operationsPath),
    ...operations.flatMap((operation, index) => oneOf(operation, OPERATIONS, operationsPath.index(index))),
    ...someOrAny(apiGroups, "API groups", path.child("apiGroups")),
    ...someOrAny(apiVersions, "API versions", path.child("apiVersions")),
    ...apiVersions.flatMap((version, index) => (version === "" ? [requiredValue(path.child("apiVersions").index(index))] : [])),
    ...validateResources(resources, path.child("resources")),
    ...(scope === undefined ? [] : oneOf(scope, SCOPES, path.child("scope"))),
  ];
}

/** What is wrong with what a policy or a binding is about. */
export function validateMatchResources(match: MatchResources | undefined, path: FieldPath): FieldError[] {
  if (match === undefined) return [];
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = match;
  return [
    ...oneOf(matchPolicy, MATCH_POLICIES, path.child("matchPolicy")),
    ...validateLabelSelector(namespaceSelector, path.child("namespaceSelector")),
    ...validateLabelSelector(objectSelector, path.child("objectSelector")),
    ...resourceRules.flatMap((rule, index) => validateNamedRule(rule, path.child("resourceRules").index(index))),
    ...excludeResourceRules.flatMap((rule, index) => validateNamedRule(rule, path.child("excludeResourceRules").index(index))),
  ];
}

/** Deletions cannot be mutated. */
export function validateMutatingOperations(match: MatchResources | undefined, path: FieldPath): FieldError[] {
  const operations = (match?.resourceRules ?? []).flatMap((rule) => rule.operations ?? []);
  return operations.flatMap((operation) =>
    oneOf(
      operation,
      OPERATIONS.filter((known) => known !== "DELETE"),
      path.child("resourceRules", "operations"),
    ),
  );
}

function validateNamedRule(rule: NamedRuleWithOperations, path: FieldPath): FieldError[] {
  const names = rule.resourceNames ?? [];
  const at = path.child("resourceNames");
  return [
    ...names.flatMap((name, index) => [
      ...invalidEach(at.index(index), name, nameIsPathSegment(name, false)),
      ...(names.indexOf(name) < index ? [duplicateValue(at.index(index), name)] : []),
    ]),
    ...validateRule(rule, path),
  ];
}

function someOrAny(list: readonly string[], others: string, path: FieldPath): FieldError[] {
  if (list.length === 0) return [requiredValue(path)];
  return list.length > 1 && list.includes("*") ? [invalidValue(path, list, `if '*' is present, must not specify other ${others}`)] : [];
}

/** "pods", "pods/log", "pods/*", "*", "*\/scale", "*\/*": none that another one covers. */
function validateResources(resources: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [requiredValue(path)] : [];
  const [wholeResources, wholeSubresources] = [new Set<string>(), new Set<string>()];
  let lastIsNamed = false;
  for (const [index, text] of resources.entries()) {
    if (text === "") {
      errors.push(requiredValue(path.index(index)));
      continue;
    }
    const slash = text.indexOf("/");
    if (slash === -1) {
      lastIsNamed = text !== "*";
      continue;
    }
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wholeResources.has(resource)) errors.push(invalidValue(path.index(index), text, `if '${resource}/*' is present, must not specify ${text}`));
    if (wholeSubresources.has(subresource)) errors.push(invalidValue(path.index(index), text, `if '*/${subresource}' is present, must not specify ${text}`));
    if (subresource === "*") wholeResources.add(resource);
    if (resource === "*") wholeSubresources.add(subresource);
  }
  if (resources.length > 1 && resources.includes("*/*")) errors.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes("*") && lastIsNamed) errors.push(invalidValue(path, resources, "if '*' is present, must not specify other resources without subresources"));
  return errors;
}
