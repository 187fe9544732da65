// Behaviour: validateMatchConditions and validateCELCondition in k8s.io/kubernetes/pkg/apis/admissionregistration/validation, and compile.go in k8s.io/apiserver/pkg/admission/plugin/cel.
import type { Environment } from "../../../api/cel/environment.ts";
import { CelCompileError, compileExpression } from "../../../api/cel/expression.ts";
import { structsAsMaps } from "../../../api/cel/struct-literals.ts";
import { duplicateValue, type FieldError, type FieldPath, invalidValue, requiredValue, tooManyItems } from "../../../api/field-errors.ts";
import type { MatchCondition } from "../../../api/generated/types/admissionregistration/v1.ts";
import { requestEnvironment as environmentOf } from "../../admission/cel/environment.ts";
import { qualifiedName } from "../shared/field-checks.ts";

const MAX_CONDITIONS = 64;
const REQUEST = ["object", "oldObject", "request", "namespaceObject"];

/** What an expression may name beyond the request. */
export interface Known {
  readonly params?: boolean;
  readonly authorizer?: boolean;
  readonly variables?: boolean;
}

/** The variables of expressions about a request. */
export function requestEnvironment({ params, authorizer, variables }: Known): Environment {
  return environmentOf([...REQUEST, ...(params ? ["params"] : []), ...(authorizer ? ["authorizer"] : []), ...(variables ? ["variables"] : [])]);
}

/** The type of an expression, or why it does not compile. */
export function typeOfExpression(expression: string, environment: Environment): { type: string } | { problem: string } {
  try {
    const { type } = compileExpression(environment, structsAsMaps(expression));
    return { type: type === "null" ? "null_type" : type };
  } catch (error) {
    if (error instanceof CelCompileError) return { problem: `compilation failed: ERROR: ${error.message}` };
    throw error;
  }
}

/** The expression compiles, and has one of these types; what is known only at run time can have any. */
export function validateExpression(expression: string, types: readonly string[], environment: Environment, path: FieldPath, shown = expression): FieldError[] {
  const compiled = typeOfExpression(expression, environment);
  if ("problem" in compiled) return [invalidValue(path, shown, compiled.problem)];
  const { type } = compiled;
  if (type === "dyn" || types.some((wanted) => type === wanted || (wanted.endsWith("<") && type.startsWith(wanted)))) return [];
  const named = types.map((wanted) => NAMES[wanted] ?? wanted);
  const wanted = named.length === 1 ? named[0] : `one of [${named.join(" ")}]`;
  return [invalidValue(path, shown, `must evaluate to ${wanted} but got ${type}`)];
}

/** Types that are maps here, and how messages name them. */
const NAMES: Readonly<Record<string, string>> = { "map<": "Object", "list<": "list(JSONPatch)" };

/** What is wrong with the conditions that a request has to meet. */
export function validateMatchConditions(conditions: readonly MatchCondition[], params: boolean, path: FieldPath): FieldError[] {
  const errors = conditions.length > MAX_CONDITIONS ? [tooManyItems(path, conditions.length, MAX_CONDITIONS)] : [];
  if (conditions.length === 0) return errors;
  const environment = requestEnvironment({ params, authorizer: true });
  const names = conditions.map(({ name }) => name);
  const each = conditions.flatMap(({ name, expression }, index) => {
    const at = path.index(index);
    const trimmed = expression.trim();
    return [
      ...(trimmed === "" ? [requiredValue(at.child("expression"))] : validateExpression(trimmed, ["bool"], environment, at.child("expression"))),
      ...(name === "" ? [requiredValue(at.child("name"))] : qualifiedName(name, at.child("name"))),
      ...(name !== "" && names.indexOf(name) < index ? [duplicateValue(at.child("name"), name)] : []),
    ];
  });
  return [...errors, ...each];
}
