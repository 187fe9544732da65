// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions: expressions that must all hold.
import { forbidden } from "../../api/errors.ts";
import type { MatchCondition } from "../../api/generated/types/admissionregistration/v1.ts";
import type { Authorizer } from "../auth/authorizer.ts";
import type { AdmissionRequest } from "./admission.ts";
import { aggregate, nameOf } from "./attributes.ts";
import { RequestCompiler, type RequestVariables } from "./cel/expressions.ts";
import type { MatchedVersion } from "./request-matching.ts";

/** Whether all conditions hold. Throws a StatusError (403) when one cannot be evaluated and the failure policy is Fail. */
export type ConditionMatcher = (request: AdmissionRequest, matched: MatchedVersion) => boolean;

/** Compiles conditions of webhooks; `failurePolicy` is Fail or Ignore. */
export type CompileConditions = (conditions: readonly MatchCondition[], failurePolicy: string) => ConditionMatcher;

/** Whether conditions hold, or why that cannot be told. */
export type ConditionResult = { readonly matches: boolean } | { readonly error: string };

/** Makes the function that compiles conditions of webhooks. */
export function webhookConditions(authorizer: Authorizer): CompileConditions {
  return (conditions, failurePolicy) => {
    const compiler = new RequestCompiler();
    const check = compileConditions(compiler, conditions, failurePolicy);
    return (request, matched) => {
      const result = check(compiler.bind(request, matched, authorizer));
      if ("error" in result) throw forbidden(request.resource, nameOf(request), result.error);
      return result.matches;
    };
  };
}

/** Compiles conditions with the variables of a compiler; one that is false decides, whatever fails beside it. */
export function compileConditions(compiler: RequestCompiler, conditions: readonly MatchCondition[], failurePolicy: string): (variables: RequestVariables) => ConditionResult {
  const compiled = conditions.map(({ expression }) => compiler.compile(expression));
  return (variables) => {
    const errors: string[] = [];
    for (const expression of compiled) {
      try {
        if (expression.evaluate(variables) === false) return { matches: false };
      } catch (error) {
        errors.push(error instanceof Error ? error.message : String(error));
      }
    }
    if (errors.length === 0) return { matches: true };
    return failurePolicy === "Ignore" ? { matches: false } : { error: aggregate(errors) };
  };
}
