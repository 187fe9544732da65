// Behaviour: ValidateFlowSchema* in k8s.io/kubernetes/pkg/apis/flowcontrol/validation.
import { type FieldError, FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { FlowSchema, FlowSchemaSpec, NonResourcePolicyRule, PolicyRulesWithSubjects, ResourcePolicyRule } from "../../../api/generated/types/flowcontrol/v1.ts";
import { isDNS1123Label } from "../../../api/name-validation.ts";
import { dnsSubdomain } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { validateStatus } from "./conditions.ts";
import { mandatorySpec } from "./mandatory.ts";
import { validateSubject } from "./subject-validation.ts";

const SPEC = new FieldPath("spec");
const MAX_PRECEDENCE = 10_000;
const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
const METHODS = ["ByNamespace", "ByUser"];

/** What is wrong with a flow schema. */
export function validateFlowSchema(schema: FlowSchema): FieldError[] {
  const { metadata, spec } = schema;
  const name = metadata.name ?? "";
  const errors = validateSpec(spec, name);
  const fixed = mandatorySpec<FlowSchemaSpec>("FlowSchema", name);
  if (fixed !== undefined && !semanticEqual(spec, fixed)) {
    errors.push(invalidValue(SPEC, internalForm("flowcontrol.v1.FlowSchemaSpec", spec), `spec of '${name}' must equal the fixed value`));
  }
  return [...errors, ...validateStatus(schema)];
}

function validateSpec({ matchingPrecedence: precedence, distinguisherMethod: method, priorityLevelConfiguration: level, rules = [] }: FlowSchemaSpec, name: string): FieldError[] {
  const path = SPEC.child("matchingPrecedence");
  const levelPath = SPEC.child("priorityLevelConfiguration", "name");
  const errors: FieldError[] = [];
  if (precedence <= 0) errors.push(invalidValue(path, precedence, "must be a positive value"));
  if (precedence > MAX_PRECEDENCE) errors.push(invalidValue(path, precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  if (precedence === 1 && name !== "exempt") errors.push(invalidValue(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (method !== undefined && !METHODS.includes(method.type)) {
    errors.push(notSupportedValue(SPEC.child("distinguisherMethod", "type"), internalForm("flowcontrol.v1.FlowDistinguisherMethod", method), METHODS));
  }
  errors.push(...(level.name === "" ? [requiredValue(levelPath, "must reference a priority level")] : dnsSubdomain(level.name, levelPath)));
  return [...errors, ...rules.flatMap((rule, index) => validateRule(rule, SPEC.child("rules").index(index)))];
}

function validateRule({ subjects, resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects, path: FieldPath): FieldError[] {
  const subjectsPath = path.child("subjects");
  const list = subjects ?? [];
  return [
    ...(list.length === 0 ? [requiredValue(subjectsPath, "subjects must contain at least one value")] : list.flatMap((subject, index) => validateSubject(subject, subjectsPath.index(index)))),
    ...(resourceRules.length + nonResourceRules.length === 0 ? [requiredValue(path, "at least one of resourceRules and nonResourceRules has to be non-empty")] : []),
    ...resourceRules.flatMap((rule, index) => validateResourceRule(rule, path.child("resourceRules").index(index))),
    ...nonResourceRules.flatMap((rule, index) => validateNonResourceRule(rule, path.child("nonResourceRules").index(index))),
  ];
}

function validateResourceRule({ verbs, apiGroups, resources, namespaces, clusterScope = false }: ResourcePolicyRule, path: FieldPath): FieldError[] {
  const namespacesPath = path.child("namespaces");
  const list = namespaces ?? [];
  const namespaceErrors =
    list.length === 0 && !clusterScope
      ? [requiredValue(namespacesPath, "resource rules that are not cluster scoped must supply at least one namespace")]
      : list.includes("*")
        ? onlyWildcard(list, "namespaces", namespacesPath)
        : list.flatMap((namespace, index) =>
            isDNS1123Label(namespace).map((message) => invalidValue(namespacesPath.index(index), namespace, `each member of this list must be '*' or a DNS-1123 label; ${message}`)),
          );
  return [
    ...validateVerbs(verbs, path.child("verbs")),
    ...validateList(apiGroups, "resource rules must supply at least one api group", "api groups", path.child("apiGroups")),
    ...validateList(resources, "resource rules must supply at least one resource", "resources", path.child("resources")),
    ...namespaceErrors,
  ];
}

function validateNonResourceRule({ verbs, nonResourceURLs }: NonResourcePolicyRule, path: FieldPath): FieldError[] {
  const at = path.child("nonResourceURLs");
  const urls = nonResourceURLs ?? [];
  const listErrors = validateList(urls, "nonResourceURLs must contain at least one value", "non-resource URLs", at);
  const urlErrors = urls.includes("*") ? [] : urls.flatMap((url, index) => urlProblems(url).map((problem) => invalidValue(at.index(index), url, problem)));
  return [...validateVerbs(verbs, path.child("verbs")), ...listErrors, ...urlErrors];
}

function validateVerbs(verbs: readonly string[] | undefined, path: FieldPath): FieldError[] {
  const list = verbs ?? [];
  const errors = validateList(list, "verbs must contain at least one value", "verbs", path);
  return errors.length > 0 || list.includes("*") || list.every((verb) => VERBS.includes(verb)) ? errors : [notSupportedValue(path, list, VERBS)];
}

function validateList(list: readonly string[] | undefined, missing: string, others: string, path: FieldPath): FieldError[] {
  return (list ?? []).length === 0 ? [requiredValue(path, missing)] : onlyWildcard(list ?? [], others, path);
}

function onlyWildcard(list: readonly string[], others: string, path: FieldPath): FieldError[] {
  return list.length > 1 && list.includes("*") ? [invalidValue(path, list, `if '*' is present, must not specify other ${others}`)] : [];
}

/** The first thing that is wrong with a path. */
function urlProblems(url: string): string[] {
  if (url === "") return ["must not be empty"];
  if (url === "/") return [];
  if (!url.startsWith("/")) return ["must start with slash"];
  if (url.includes(" ")) return ["must not contain white-space"];
  if (url.includes("//")) return ["must not contain double slash"];
  const wildcard = url.indexOf("*");
  return wildcard === -1 || (wildcard === url.length - 1 && url.endsWith("/*")) ? [] : ["wildcard can only do suffix matching"];
}
