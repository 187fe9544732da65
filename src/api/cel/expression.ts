// Expressions in CEL: compiled once against the variables that there are, evaluated often.
import type { Environment } from "@marcbachmann/cel-js";
import { COST_EXCEEDED, type CostBudget, CostMeter, meterIterations } from "./cost-limit.ts";

export { COST_EXCEEDED, type CostBudget } from "./cost-limit.ts";

/** The expression does not compile; the message has no position. */
export class CelCompileError extends Error {
  override readonly name = "CelCompileError";
}

/** The expression came to no value; the message is cel-go's where the failures are alike. */
export class CelEvaluationError extends Error {
  override readonly name = "CelEvaluationError";
}

/** A compiled expression. */
export interface CelExpression {
  /** The type of its values, e.g. "bool", "list<string>", "dyn". */
  readonly type: string;
  /** Throws a CelEvaluationError. */
  evaluate(variables: Readonly<Record<string, unknown>>, budget?: CostBudget): unknown;
}

/** Compiles an expression; throws a CelCompileError. */
export function compileExpression(environment: Environment, source: string): CelExpression {
  try {
    const parsed = environment.parse(withOwnHas(source));
    const { valid, type = "dyn", error } = parsed.check();
    if (!valid) throw new CelCompileError(firstLine(error));
    const meter = new CostMeter();
    meterIterations(parsed.ast, meter);
    return { type, evaluate: (variables, budget) => evaluate(parsed, variables, meter, budget) };
  } catch (error) {
    if (error instanceof CelCompileError) throw error;
    throw new CelCompileError(firstLine(error));
  }
}

function evaluate(parsed: (variables: Record<string, unknown>) => unknown, variables: Readonly<Record<string, unknown>>, meter: CostMeter, budget?: CostBudget): unknown {
  meter.reset();
  try {
    const value = parsed(variables);
    // all() and || look past errors.
    if (!meter.isExceeded) return value;
  } catch (error) {
    if (!meter.isExceeded) throw new CelEvaluationError(goMessage(firstLine(error)));
  } finally {
    if (budget !== undefined) budget.remaining -= meter.spent;
  }
  throw new CelEvaluationError(COST_EXCEEDED);
}

const STRINGS_AND_HAS = /[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?<![\w.])has(?=\s*\()|\/\/[^\n]*/g;

/** The library's `has` looks at fields of variables only; the environment has one for fields of anything. */
function withOwnHas(source: string): string {
  return source.replace(STRINGS_AND_HAS, (token) => (token === "has" ? "hasField" : token));
}

/** Whether an expression names a variable. */
export function mentions(source: string, variable: string): boolean {
  const names = source.replace(STRINGS_AND_HAS, (token) => (token === "has" ? token : '""'));
  return new RegExp(`(?<![\\w.])${variable}(?!\\w)`).test(names);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}

function goMessage(message: string): string {
  const bounds = /^No such key: index out of bounds, index (-?\d+)/.exec(message);
  if (bounds !== null) return `index out of bounds: ${bounds[1] ?? ""}`;
  return message.replace(/^No such key: /, "no such key: ").replace(/^Optional value is not present$/, "optional.none() dereference").replace(/^modulo by zero$/, "modulus by zero");
}
