import { expect, it } from "vitest";
import { kubernetesEnvironment } from "./environment.ts";
import { type CostBudget, compileExpression } from "./expression.ts";

const environment = kubernetesEnvironment().registerVariable("self", "list<int>");

function evaluate(source: string, self: readonly bigint[] = []): unknown {
  return compileExpression(environment, source).evaluate({ self });
}

it("formats values", () => {
  expect(evaluate('"%s-%d".format(["a", 1])')).toBe("a-1");
  expect(evaluate('"%s %d %.2f %x %%".format([[1, 2], self[0], 1.5, 255])', [4n])).toBe("[1, 2] 4 1.50 ff %");
});

it("cuts an expression off that goes round too often", () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => BigInt(index));
  const exceeded = "operation cancelled: actual cost limit exceeded";
  expect(() => evaluate("self.all(a, self.all(b, self.all(c, a + b + c >= 0)))", numbers)).toThrow(exceeded);
  expect(() => evaluate("self.exists(a, self.exists(b, self.exists(c, a < 0))) || true", numbers)).toThrow(exceeded);
  expect(() => evaluate("self.map(a, self.map(b, self.filter(c, c > a))).size() > 0", numbers)).toThrow(exceeded);
  expect(() => evaluate("cel.bind(x, self, x.all(a, x.all(b, x.all(c, a + b + c >= 0))))", numbers)).toThrow(exceeded);
  const expression = compileExpression(environment, "self.all(a, self.exists(b, a == b))");
  expect(expression.evaluate({ self: numbers.slice(0, 100) })).toBe(true);
  const budget: CostBudget = { remaining: 100_000 };
  for (let round = 0; round < 10; round++) expect(expression.evaluate({ self: numbers.slice(0, 100) }, budget)).toBe(true);
  expect(budget.remaining).toBeLessThan(0);
});
