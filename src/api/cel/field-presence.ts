// has(): whether a field is there, of variables and of anything else that has fields.
import type { Environment } from "@marcbachmann/cel-js";

/** A node of the library's syntax tree, as far as it is looked at. */
interface SyntaxNode {
  readonly op: string;
  readonly args: [SyntaxNode, string];
}

/** The library's checker and evaluator, as far as they are used. */
interface Checker {
  check(node: SyntaxNode, context: unknown): { readonly kind: string };
  checkAccessOnType(node: SyntaxNode, context: unknown, type: { readonly kind: string }): unknown;
  getType(name: string): unknown;
  createError(code: string, message: string, node: SyntaxNode): Error;
}

interface Evaluator {
  run(node: SyntaxNode, context: unknown): unknown;
  debugType(value: unknown): { fieldLazy(value: unknown, field: string, node: SyntaxNode, evaluator: Evaluator): unknown };
}

interface Presence {
  readonly args: [SyntaxNode];
  readonly async: false;
  typeCheck(checker: Checker, macro: Presence, context: unknown): unknown;
  evaluate(evaluator: Evaluator, macro: Presence, context: unknown): boolean;
}

const presence: Omit<Presence, "args"> = {
  async: false,
  typeCheck(checker, { args: [field] }, context) {
    if (field.op !== "." && field.op !== ".?") throw checker.createError("invalid_macro_argument", "invalid argument to has() macro", field);
    const of = checker.check(field.args[0], context);
    if (of.kind !== "optional") checker.checkAccessOnType(field, context, of);
    return checker.getType("bool");
  },
  evaluate(evaluator, { args: [field] }, context) {
    const of = evaluator.run(field.args[0], context);
    if (of === null || of === undefined) return false;
    const value = evaluator.debugType(of).fieldLazy(of, field.args[1], field, evaluator);
    return value !== undefined && !(typeof value === "object" && value !== null && "hasValue" in value && !(value as { hasValue(): boolean }).hasValue());
  },
};

/** Registers `hasField`, by which `has` is replaced. */
export function registerFieldPresence(environment: Environment): void {
  environment.registerFunction("hasField(ast): bool", ({ args }: { args: [SyntaxNode] }) => ({ ...presence, args }));
}
