// Behaviour: k8s.io/client-go/util/jsonpath, as far as printer columns and selectable fields need it.

/** The text is no path. */
export class JsonPathSyntaxError extends Error {
  override readonly name = "JsonPathSyntaxError";
}

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly start: number; readonly end: number | undefined; readonly single: boolean }
  | { readonly kind: "all" }
  | { readonly kind: "recursive" }
  | { readonly kind: "filter"; readonly left: Operand; readonly operator: string; readonly right: Operand };

type Operand = { readonly path: readonly Step[] } | { readonly value: unknown };

/** A path that is parsed once and looked up in many objects. */
export class JsonPath {
  private readonly steps: readonly Step[];

  /** Throws a JsonPathSyntaxError. */
  constructor(text: string) {
    this.steps = parseSteps(text.replace(/^\{|\}$/g, "").replace(/^\$/, ""));
  }

  /** All values at the path; none when a step leads nowhere. */
  find(object: unknown): unknown[] {
    return this.steps.reduce<unknown[]>((values, step) => values.flatMap((value) => follow(value, step)), [object]);
  }
}

const FIELD = /^\.?((?:\\.|[^.[\]\\])+)/;

function parseSteps(text: string): Step[] {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== "") {
    if (rest === ".") return steps;
    if (rest.startsWith("..")) {
      steps.push({ kind: "recursive" });
      rest = rest.slice(1);
    } else if (rest.startsWith("[")) {
      const end = closingBracket(rest);
      steps.push(parseBracket(rest.slice(1, end)));
      rest = rest.slice(end + 1);
    } else if (rest.startsWith(".[")) {
      rest = rest.slice(1);
    } else {
      const field = FIELD.exec(rest);
      if (field === null) throw new JsonPathSyntaxError(`unrecognized character in ${text}`);
      const name = (field[1] ?? "").replace(/\\(.)/g, "$1");
      steps.push(name === "*" ? { kind: "all" } : { kind: "field", name });
      rest = rest.slice(field[0].length);
    }
  }
  return steps;
}

function closingBracket(text: string): number {
  let depth = 0;
  let quote = "";
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (quote !== "") {
      if (character === "\\") index++;
      else if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "[") depth++;
    else if (character === "]" && --depth === 0) return index;
  }
  throw new JsonPathSyntaxError("unterminated array");
}

function parseBracket(text: string): Step {
  const inner = text.trim();
  if (inner === "*") return { kind: "all" };
  const quoted = /^(['"])(.*)\1$/s.exec(inner);
  if (quoted !== null) return { kind: "field", name: (quoted[2] ?? "").replace(/\\(.)/g, "$1") };
  const filter = /^\?\((.*)\)$/s.exec(inner);
  if (filter !== null) return parseFilter(filter[1] ?? "");
  const range = /^(-?\d+)?(:)?(-?\d+)?$/.exec(inner);
  if (range === null || inner === "") throw new JsonPathSyntaxError(`invalid array index ${inner}`);
  return { kind: "index", start: Number(range[1] ?? 0), end: range[3] === undefined ? undefined : Number(range[3]), single: range[2] === undefined };
}

function parseFilter(text: string): Step {
  const match = /^\s*(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$/s.exec(text);
  if (match === null) return { kind: "filter", left: parseOperand(text), operator: "exists", right: { value: undefined } };
  return { kind: "filter", left: parseOperand(match[1] ?? ""), operator: match[2] ?? "", right: parseOperand(match[3] ?? "") };
}

function parseOperand(text: string): Operand {
  const trimmed = text.trim();
  if (trimmed.startsWith("@")) return { path: parseSteps(trimmed.slice(1)) };
  const quoted = /^(['"])(.*)\1$/s.exec(trimmed);
  if (quoted !== null) return { value: (quoted[2] ?? "").replace(/\\(.)/g, "$1") };
  if (trimmed === "true" || trimmed === "false") return { value: trimmed === "true" };
  const number = Number(trimmed);
  if (Number.isNaN(number)) throw new JsonPathSyntaxError(`unrecognized operand ${trimmed}`);
  return { value: number };
}

function follow(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  switch (step.kind) {
    case "field":
      return !Array.isArray(value) && Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
    case "all":
      return Object.values(value);
    case "recursive":
      return [value, ...Object.values(value).flatMap((child) => follow(child, step))];
    case "index":
      return Array.isArray(value) ? indexed(value, step) : [];
    case "filter":
      return Array.isArray(value) ? value.filter((item) => holds(item, step)) : [];
  }
}

function indexed(list: readonly unknown[], { start, end, single }: Step & { kind: "index" }): unknown[] {
  const from = start < 0 ? list.length + start : start;
  return single ? list.slice(Math.max(from, 0), from + 1) : list.slice(from, end);
}

function holds(item: unknown, { left, operator, right }: Step & { kind: "filter" }): boolean {
  const [one, ...more] = operandValues(item, left);
  if (operator === "exists") return one !== undefined;
  const other = operandValues(item, right)[0];
  if (more.length > 0 || one === undefined || other === undefined) return false;
  if (operator === "==") return one === other;
  if (operator === "!=") return one !== other;
  if (typeof one !== typeof other || (typeof one !== "number" && typeof one !== "string")) return false;
  const [a, b] = [one, other as typeof one];
  return operator === "<" ? a < b : operator === ">" ? a > b : operator === "<=" ? a <= b : a >= b;
}

function operandValues(item: unknown, operand: Operand): unknown[] {
  if ("value" in operand) return [operand.value];
  return operand.path.reduce<unknown[]>((values, step) => values.flatMap((value) => follow(value, step)), [item]);
}
