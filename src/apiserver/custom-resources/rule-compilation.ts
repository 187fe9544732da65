// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go: the rules of one schema.
import type { ValidationRule } from "../../api/generated/types/apiextensions/v1.ts";
import { kubernetesEnvironment } from "../../api/cel/environment.ts";
import { CelCompileError, type CelExpression, compileExpression, mentions } from "../../api/cel/expression.ts";
import { RuleTypes, type RuleType } from "./rule-types.ts";
import type { Schema } from "./structural-schema.ts";

/** A rule that can be run, or what keeps it from that. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly expression?: CelExpression;
  readonly message?: CelExpression;
  readonly problem?: string;
  readonly messageProblem?: string;
  readonly usesOldSelf: boolean;
  /** The type of self and oldSelf. */
  readonly type: RuleType;
}

/** Compiles the rules that stand at a schema itself. */
export function compileRules(schema: Schema, isResource: boolean): CompiledRule[] {
  const rules = schema["x-kubernetes-validations"] ?? [];
  if (rules.length === 0) return [];
  const environment = kubernetesEnvironment();
  const type = new RuleTypes(environment).typeOf({ ...schema, nullable: false }, isResource);
  environment.registerVariable("self", type.name);
  const transition = environment.clone().registerVariable("oldSelf", type.name);
  const optional = environment.clone().registerVariable("oldSelf", `optional<${type.name}>`);
  return rules.map((rule) => compileRule(rule, type, rule.optionalOldSelf ? optional : transition));
}

function compileRule(rule: ValidationRule, type: RuleType, environment: ReturnType<typeof kubernetesEnvironment>): CompiledRule {
  const common = {
    rule,
    type,
    usesOldSelf: mentions(rule.rule, "oldSelf"),
  };
  const compiled = attempt(environment, rule.rule, "bool", "compilation failed", "cel expression must evaluate to a bool");
  if (typeof compiled === "string") return { ...common, problem: compiled };
  if (!rule.messageExpression) return { ...common, expression: compiled };
  const message = attempt(environment, rule.messageExpression, "string", "messageExpression compilation failed", "messageExpression must evaluate to a string");
  return typeof message === "string" ? { ...common, expression: compiled, messageProblem: message } : { ...common, expression: compiled, message };
}

/** The expression, or why there is none. */
function attempt(environment: ReturnType<typeof kubernetesEnvironment>, source: string, wanted: string, failure: string, mistyped: string): CelExpression | string {
  try {
    const expression = compileExpression(environment, source);
    return expression.type === wanted || expression.type.startsWith("dyn") ? expression : mistyped;
  } catch (error) {
    if (error instanceof CelCompileError) return `${failure}: ${error.message}`;
    throw error;
  }
}
