// Behaviour: k8s.io/apiserver/pkg/apis/cel/config.go (PerCallLimit): an expression that goes round too often is cut off.

/** What one evaluation may cost: a node of the syntax tree that an iteration evaluates costs one. */
const PER_CALL_LIMIT = 1_000_000;

/** What many evaluations together may cost; each takes from it. */
export interface CostBudget {
  remaining: number;
}

/** cel-go's words for an evaluation that was cut off. */
export const COST_EXCEEDED = "operation cancelled: actual cost limit exceeded";

/** The library's syntax tree, its macros and the parts of its comprehensions, as far as they are looked at. */
interface SyntaxPart {
  readonly op?: string;
  readonly args?: unknown;
  readonly meta?: { readonly alternate?: unknown; readonly macro?: unknown };
  readonly iterable?: unknown;
  readonly step?: unknown;
  readonly iterCtx?: IterationContext;
  /** What cel.bind binds, and where it is bound. */
  readonly val?: unknown;
  readonly exp?: unknown;
}

interface IterationContext {
  setIterValue(value: unknown, evaluator: unknown): unknown;
}

/** Counts what one evaluation costs. */
export class CostMeter {
  spent = 0;

  get isExceeded(): boolean {
    return this.spent > PER_CALL_LIMIT;
  }

  reset(): void {
    this.spent = 0;
  }

  /** Throws once the limit is exceeded. */
  spend(cost: number): void {
    this.spent += cost;
    if (this.isExceeded) throw new Error(COST_EXCEEDED);
  }
}

/** Makes each iteration in a checked syntax tree cost what it evaluates. */
export function meterIterations(ast: unknown, meter: CostMeter): void {
  for (const { iterCtx, step } of partsOf(ast)) {
    if (iterCtx === undefined) continue;
    const cost = [...partsOf(step)].filter(({ op }) => op !== undefined).length;
    const setIterValue = iterCtx.setIterValue.bind(iterCtx);
    iterCtx.setIterValue = (value, evaluator) => {
      meter.spend(cost);
      return setIterValue(value, evaluator);
    };
  }
}

/** A part and all below it, each once. */
function partsOf(root: unknown): Set<SyntaxPart> {
  const seen = new Set<SyntaxPart>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null) return;
    const part = value as SyntaxPart;
    if (seen.has(part)) return;
    seen.add(part);
    for (const below of [part.args, part.meta?.alternate, part.meta?.macro, part.iterable, part.step, part.val, part.exp]) visit(below);
  };
  visit(root);
  return seen;
}
