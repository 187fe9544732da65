// Behaviour: validateMutatingAdmissionPolicy* in k8s.io/kubernetes/pkg/apis/admissionregistration/validation.
import type { Environment } from "../../../api/cel/environment.ts";
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, Mutation } from "../../../api/generated/types/admissionregistration/v1.ts";
import { oneOf, requiredOneOf } from "../shared/field-checks.ts";
import { isNew } from "../shared/new-object.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { requestEnvironment, validateExpression, validateMatchConditions } from "./expression-validation.ts";
import { validateBindingSpec, validatePolicyHead, validateVariables } from "./policy-validation.ts";
import { validateMutatingOperations } from "./rule-validation.ts";

const SPEC = new FieldPath("spec");

/** The field of each type of patch, and the type that its expression has: one of maps or of lists. */
const PATCHES = [
  { type: "ApplyConfiguration", field: "applyConfiguration", other: "jsonPatch", result: "map<" },
  { type: "JSONPatch", field: "jsonPatch", other: "applyConfiguration", result: "list<" },
] as const;

/** What is wrong with a new policy. */
export function validateMutatingPolicy(policy: MutatingAdmissionPolicy): FieldError[] {
  return isNew(policy) ? validatePolicy(policy, false) : [];
}

/** What is wrong with a policy that was there before; conditions that stay are not compiled again. */
export function validateMutatingPolicyUpdate(next: MutatingAdmissionPolicy, old: MutatingAdmissionPolicy): FieldError[] {
  return validatePolicy(next, semanticEqual(next.spec.paramKind, old.spec.paramKind) && semanticEqual(next.spec.matchConditions, old.spec.matchConditions));
}

/** What is wrong with a policy's binding. */
export function validateMutatingBinding({ spec }: MutatingAdmissionPolicyBinding): FieldError[] {
  return [...validateBindingSpec(spec), ...validateMutatingOperations(spec.matchResources, SPEC.child("matchResources"))];
}

function validatePolicy({ spec }: MutatingAdmissionPolicy, sameConditions: boolean): FieldError[] {
  const { paramKind, matchConstraints, matchConditions = [], variables = [], mutations = [], reinvocationPolicy } = spec;
  const params = paramKind !== undefined;
  const environment = requestEnvironment({ params, authorizer: true, variables: true });
  const path = SPEC.child("mutations");
  return [
    ...validatePolicyHead(spec),
    ...validateMutatingOperations(matchConstraints, SPEC.child("matchConstraints")),
    ...(sameConditions ? [] : validateMatchConditions(matchConditions, params, SPEC.child("matchConditions"))),
    ...validateVariables(variables, environment),
    ...(mutations.length === 0 ? [requiredValue(path, "mutations must contain at least one item")] : mutations.flatMap((mutation, index) => validateMutation(mutation, environment, path.index(index)))),
    ...requiredOneOf(reinvocationPolicy, ["IfNeeded", "Never"], SPEC.child("reinvocationPolicy")),
  ];
}

function validateMutation(mutation: Mutation, environment: Environment, path: FieldPath): FieldError[] {
  const { patchType } = mutation;
  if (patchType === "") return [requiredValue(path.child("patchType"))];
  const patch = PATCHES.find(({ type }) => type === patchType);
  if (patch === undefined) return oneOf(patchType, PATCHES.map(({ type }) => type), path.child("patchType"));
  const { field, other, result } = patch;
  const own = mutation[field];
  const errors = own === undefined ? [requiredValue(path.child(field), `must be specified when patchType is ${patchType}`)] : validatePatch(own.expression ?? "", result, environment, path.child(field));
  return mutation[other] === undefined ? errors : [...errors, invalidValue(path.child(other), `{${other}}`, `must not be specified when patchType is ${patchType}`)];
}

function validatePatch(expression: string, result: string, environment: Environment, path: FieldPath): FieldError[] {
  const trimmed = expression.trim();
  return trimmed === "" ? [requiredValue(path.child("expression"))] : validateExpression(trimmed, [result], environment, path.child("expression"));
}
