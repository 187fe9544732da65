// Behaviour: k8s.io/apiserver/pkg/admission/plugin/policy/validating/validator.go: one policy against one request.
import type { ValidatingAdmissionPolicy } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { AdmissionRequest } from "../admission.ts";
import { RequestCompiler, type RequestExpression, type RequestVariables } from "../cel/expressions.ts";
import { compileConditions, type ConditionResult } from "../match-conditions.ts";
import type { MatchedVersion } from "../request-matching.ts";

/** A policy's expressions, compiled. */
export interface CompiledValidations {
  readonly compiler: RequestCompiler;
  readonly ignoresFailures: boolean;
  readonly conditions: (variables: RequestVariables) => ConditionResult;
  readonly validations: readonly { readonly expression: RequestExpression; readonly message: RequestExpression | undefined; readonly text: string; readonly reason: string | undefined }[];
  readonly annotations: readonly { readonly key: string; readonly value: RequestExpression }[];
}

/** Why a policy does not let a request through; without a reason where an expression could not be evaluated. */
export interface Denial {
  readonly message: string;
  readonly reason?: string;
  /** Which validation, counted from zero. */
  readonly index: number;
}

/** What a policy has to say of a request. */
export interface PolicyResult {
  readonly denials: readonly Denial[];
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  readonly annotationErrors: readonly string[];
}

const MAX_MESSAGE = 5 * 1024;
const MAX_ANNOTATION = 10 * 1024;
const NOTHING: PolicyResult = { denials: [], annotations: [], annotationErrors: [] };

/** Compiles a policy; what does not compile fails when it is evaluated. */
export function compileValidations({ spec }: ValidatingAdmissionPolicy): CompiledValidations {
  const compiler = new RequestCompiler(spec.variables);
  return {
    compiler,
    ignoresFailures: spec.failurePolicy === "Ignore",
    conditions: compileConditions(compiler, spec.matchConditions ?? [], spec.failurePolicy ?? "Fail"),
    validations: (spec.validations ?? []).map(({ expression, message = "", messageExpression = "", reason }) => ({
      expression: compiler.compile(expression),
      message: messageExpression === "" ? undefined : compiler.compile(messageExpression),
      text: message.trim() || `failed expression: ${expression.trim()}`,
      reason,
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({ key, value: compiler.compile(valueExpression) })),
  };
}

/** Evaluates a policy with one object of parameters. */
export function evaluatePolicy(policy: CompiledValidations, request: AdmissionRequest, matched: MatchedVersion, authorizer: Authorizer, params: KubernetesObject | undefined): PolicyResult {
  const variables = policy.compiler.bind(request, matched, authorizer, params);
  const conditions = policy.conditions(variables);
  if ("error" in conditions) return policy.ignoresFailures ? NOTHING : { ...NOTHING, denials: [{ message: conditions.error, index: 0 }] };
  if (!conditions.matches) return NOTHING;
  const denials = policy.validations.flatMap((validation, index) => denialOf(policy, validation, index, variables) ?? []);
  const evaluated = policy.annotations.map(({ key, value }) => annotationOf(key, value, variables));
  return {
    denials,
    annotations: evaluated.flatMap((result) => ("value" in result ? [result] : [])),
    annotationErrors: evaluated.flatMap((result) => ("error" in result && !(policy.ignoresFailures && result.isFailure) ? [result.error] : [])),
  };
}

function denialOf(policy: CompiledValidations, { expression, message, text, reason = "Invalid" }: CompiledValidations["validations"][number], index: number, variables: RequestVariables): Denial | undefined {
  try {
    if (expression.evaluate(variables) === true) return undefined;
  } catch (error) {
    return policy.ignoresFailures ? undefined : { message: messageOf(error), index };
  }
  return { message: (message && spoken(message, variables)) || text, reason, index };
}

/** The text of a messageExpression; empty when it fails, or gives none that can be shown. */
function spoken(expression: RequestExpression, variables: RequestVariables): string {
  try {
    const value = expression.evaluate(variables);
    const text = typeof value === "string" ? value.trim() : "";
    return text.includes("\n") || Buffer.byteLength(text) > MAX_MESSAGE ? "" : text;
  } catch {
    return "";
  }
}

function annotationOf(key: string, expression: RequestExpression, variables: RequestVariables): { key: string; value: string } | { error: string; isFailure: boolean } | { nothing: true } {
  try {
    const value = expression.evaluate(variables);
    if (value === null) return { nothing: true };
    if (typeof value === "string") return value.trim() === "" ? { nothing: true } : { key, value: value.trim().slice(0, MAX_ANNOTATION) };
    return { error: `valueExpression '${expression.source}' resulted in unsupported return type: ${typeof value}. Return type must be either string or null.`, isFailure: false };
  } catch (error) {
    return { error: messageOf(error), isFailure: true };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
