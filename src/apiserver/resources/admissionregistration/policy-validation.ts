// Behaviour: what validating and mutating policies have in common in k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
import type { Environment } from "../../../api/cel/environment.ts";
import { type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { MatchResources, ParamKind, ParamRef, Variable } from "../../../api/generated/types/admissionregistration/v1.ts";
import { isDNS1035Label, isDNS1123Subdomain } from "../../../api/name-validation.ts";
import { dnsSubdomain, invalidEach, oneOf, requiredOneOf } from "../shared/field-checks.ts";
import { validateLabelSelector } from "../shared/label-selector.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { typeOfExpression } from "./expression-validation.ts";
import { validateMatchResources } from "./rule-validation.ts";

const SPEC = new FieldPath("spec");
const EXCLUSIVE = "name and selector are mutually exclusive";
const RESERVED = new Set(["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"]);

/** The parts that a policy of either kind has before its conditions. */
export function validatePolicyHead(spec: { failurePolicy?: string; paramKind?: ParamKind; matchConstraints?: MatchResources }): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints } = spec;
  const path = SPEC.child("matchConstraints");
  return [
    ...(failurePolicy === undefined ? [requiredValue(SPEC.child("failurePolicy"))] : oneOf(failurePolicy, ["Fail", "Ignore"], SPEC.child("failurePolicy"))),
    ...(paramKind === undefined ? [] : validateParamKind(paramKind, SPEC.child("paramKind"))),
    ...(matchConstraints === undefined ? [requiredValue(path)] : validateMatchResources(matchConstraints, path)),
    ...(matchConstraints !== undefined && (matchConstraints.resourceRules ?? []).length === 0 ? [requiredValue(path.child("resourceRules"))] : []),
  ];
}

/** What is wrong with the variables of a policy. */
export function validateVariables(variables: readonly Variable[], environment: Environment): FieldError[] {
  return variables.flatMap(({ name, expression }, index) => {
    const path = SPEC.child("variables").index(index);
    const errors: FieldError[] = [];
    if (name.trim() === "") errors.push(requiredValue(path.child("name"), "name is not specified"));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || RESERVED.has(name)) errors.push(invalidValue(path.child("name"), name, "must be a valid CEL identifier"));
    if (expression.trim() === "") return [...errors, requiredValue(path.child("expression"), "expression is not specified")];
    const compiled = typeOfExpression(expression, environment);
    return "problem" in compiled ? [...errors, invalidValue(path.child("expression"), expression, compiled.problem)] : errors;
  });
}

/** What is wrong with a binding's policy, parameters and match. */
export function validateBindingSpec({ policyName = "", paramRef, matchResources }: { policyName?: string; paramRef?: ParamRef; matchResources?: MatchResources }): FieldError[] {
  const path = SPEC.child("policyName");
  return [
    ...(policyName === "" ? [requiredValue(path)] : dnsSubdomain(policyName, path)),
    ...(paramRef === undefined ? [] : validateParamRef(paramRef, SPEC.child("paramRef"))),
    ...validateMatchResources(matchResources, SPEC.child("matchResources")),
  ];
}

function validateParamKind({ apiVersion = "", kind = "" }: ParamKind, path: FieldPath): FieldError[] {
  const kindPath = path.child("kind");
  const errors = apiVersion === "" ? [requiredValue(path.child("apiVersion"))] : validateGroupVersion(apiVersion, path.child("apiVersion"));
  if (kind === "") return [...errors, requiredValue(kindPath)];
  const problems = isDNS1035Label(kind.toLowerCase());
  return problems.length === 0 ? errors : [...errors, invalidValue(kindPath, kind, `may have mixed case, but should otherwise match: ${problems.join(",")}`)];
}

function validateGroupVersion(apiVersion: string, path: FieldPath): FieldError[] {
  const parts = apiVersion === "/" ? [""] : apiVersion.split("/");
  if (parts.length > 2) return [invalidValue(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const version = parts.at(-1) ?? "";
  const group = parts.length === 2 ? (parts[0] ?? "") : "";
  const groupProblems = group === "" ? [] : isDNS1123Subdomain(group);
  const errors = groupProblems.length === 0 ? [] : [invalidValue(path, group, groupProblems.join(","))];
  if (version === "") return [...errors, invalidValue(path, apiVersion, "version must be specified")];
  const problems = isDNS1035Label(version);
  return problems.length === 0 ? errors : [...errors, invalidValue(path, version, problems.join(","))];
}

function validateParamRef({ name = "", selector, parameterNotFoundAction }: ParamRef, path: FieldPath): FieldError[] {
  const both = name !== "" && selector !== undefined;
  return [
    ...(name === "" ? [] : invalidEach(path.child("name"), name, nameIsPathSegment(name, false))),
    ...(both ? [forbiddenField(path.child("name"), EXCLUSIVE)] : []),
    ...validateLabelSelector(selector, path.child("selector")),
    ...(both ? [forbiddenField(path.child("selector"), EXCLUSIVE)] : []),
    ...(name === "" && selector === undefined ? [requiredValue(path, "one of name or selector must be specified")] : []),
    ...requiredOneOf(parameterNotFoundAction, ["Deny", "Allow"], path.child("parameterNotFoundAction")),
  ];
}
