// Behaviour: k8s.io/apimachinery/pkg/labels: the text form of label selectors, and metav1.LabelSelector.
import type { LabelSelector as LabelSelectorSpec } from "./generated/types/meta/v1.ts";
import { FieldPath, type FieldError, invalidValue, notSupportedValue } from "./field-errors.ts";
import { isQualifiedName, isValidLabelValue } from "./name-validation.ts";

/** The relations between a label and the values of a requirement. */
export type LabelOperator = "in" | "notin" | "=" | "==" | "!=" | "exists" | "!" | "gt" | "lt";

/** One condition on one label. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** A conjunction of requirements; with none it matches everything. */
export class LabelSelector {
  readonly requirements: readonly LabelRequirement[];
  private readonly nothing: boolean;

  /** With `nothing` set it matches no object at all. */
  constructor(requirements: readonly LabelRequirement[], nothing = false) {
    this.requirements = requirements;
    this.nothing = nothing;
  }

  /** Whether it restricts nothing. */
  get isEmpty(): boolean {
    return this.requirements.length === 0 && !this.nothing;
  }

  matches(labels: Readonly<Record<string, string>> | undefined): boolean {
    return !this.nothing && this.requirements.every((requirement) => requirementMatches(requirement, labels?.[requirement.key]));
  }

  /** The text form that parses to the same selector. */
  toString(): string {
    return this.requirements.map(formatRequirement).join(",");
  }
}

/** Matches no object. */
export const selectNothing = new LabelSelector([], true);

/** The text is no label selector; the message is upstream's. */
export class LabelSelectorError extends Error {
  override readonly name = "LabelSelectorError";
}

/** Parses "a=b,c in (d,e),!f,g>1"; throws a LabelSelectorError. */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = new Parser(tokenize(text)).parse();
  return new LabelSelector(requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
}

/** The selector of a spec; none selects nothing, an empty one everything. Throws a LabelSelectorError for an unknown operator. */
export function labelSelector(spec: LabelSelectorSpec | undefined | null): LabelSelector {
  if (spec === undefined || spec === null) return selectNothing;
  const labels = Object.entries(spec.matchLabels ?? {}).map(([key, value]): LabelRequirement => ({ key, operator: "=", values: [value] }));
  const expressions = (spec.matchExpressions ?? []).map((expression): LabelRequirement => {
    const operator = EXPRESSION_OPERATORS[expression.operator];
    if (operator === undefined) throw new LabelSelectorError(`"${expression.operator}" is not a valid label selector operator`);
    return { key: expression.key, operator, values: expression.values ?? [] };
  });
  return new LabelSelector([...labels, ...expressions].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)));
}

/** The selector of a plain map, as ReplicationControllers and Services have it. */
export function labelSelectorOfMap(labels: Readonly<Record<string, string>> | undefined): LabelSelector {
  return labelSelector({ matchLabels: { ...labels } });
}

/** The text form of a spec, as tables and `kubectl describe` print it: "<none>" for none. */
export function formatLabelSelector(spec: LabelSelectorSpec | undefined | null): string {
  return labelSelector(spec).toString() || "<none>";
}

const EXPRESSION_OPERATORS: Record<string, LabelOperator> = { In: "in", NotIn: "notin", Exists: "exists", DoesNotExist: "!" };

function requirementMatches(requirement: LabelRequirement, label: string | undefined): boolean {
  switch (requirement.operator) {
    case "exists":
      return label !== undefined;
    case "!":
      return label === undefined;
    case "in":
    case "=":
    case "==":
      return label !== undefined && requirement.values.includes(label);
    case "notin":
    case "!=":
      return label === undefined || !requirement.values.includes(label);
    default: {
      if (label === undefined || !isInteger(label)) return false;
      const bound = BigInt(requirement.values[0] ?? "0");
      return requirement.operator === "gt" ? BigInt(label) > bound : BigInt(label) < bound;
    }
  }
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  if (operator === "exists") return key;
  if (operator === "!") return `!${key}`;
  if (operator === "in" || operator === "notin") return `${key} ${operator} (${[...values].sort().join(",")})`;
  return `${key}${operator === "gt" ? ">" : operator === "lt" ? "<" : operator}${values.join(",")}`;
}

const SYMBOLS = [")", ",", "!", "==", "=", ">", "<", "!=", "("];
const END = "";

/** Splits the text into symbols and words; the last token is the end. */
function tokenize(text: string): string[] {
  const tokens: string[] = [];
  let rest = text.replace(/^[ \t\r\n]+/, "");
  while (rest !== "") {
    const symbol = /^(?:==|!=|[=!(),<>])/.exec(rest)?.[0];
    const token = symbol ?? /^[^=!(),<> \t\r\n]+/.exec(rest)?.[0] ?? rest;
    tokens.push(token);
    rest = rest.slice(token.length).replace(/^[ \t\r\n]+/, "");
  }
  return [...tokens, END];
}

const OPERATORS: Record<string, LabelOperator> = { in: "in", notin: "notin", "=": "=", "==": "==", "!=": "!=", ">": "gt", "<": "lt" };

/** Recursive descent over the tokens, with upstream's messages for what it did not expect. */
class Parser {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const token = this.peek();
      if (token === END) return requirements;
      if (!isWord(token) && token !== "!") throw new LabelSelectorError(`found '${token}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.requirement());
      const separator = this.next();
      if (separator === END) return requirements;
      if (separator !== ",") throw new LabelSelectorError(`found '${separator}', expected: ',' or 'end of string'`);
      const following = this.peek();
      if (!isWord(following) && following !== "!") throw new LabelSelectorError(`found '${following}', expected: identifier after ','`);
    }
  }

  private requirement(): LabelRequirement {
    const negated = this.peek() === "!";
    if (negated) this.next();
    const key = this.next();
    if (!isWord(key)) throw unparsable(`found '${key}', expected: identifier`);
    const keyProblems = isQualifiedName(key);
    if (keyProblems.length > 0) throw unparsable(invalidValue(new FieldPath(), key, keyProblems.join("; ")).message);
    if (negated) return checked({ key, operator: "!", values: [] });
    if (this.peek() === END || this.peek() === ",") return checked({ key, operator: "exists", values: [] });
    const token = this.next();
    const operator = Object.hasOwn(OPERATORS, token) ? OPERATORS[token] : undefined;
    if (operator === undefined) throw unparsable(`found '${token}', expected: in, notin, =, ==, !=, gt, lt`);
    return checked({ key, operator, values: operator === "in" || operator === "notin" ? this.values() : [this.exactValue()] });
  }

  private values(): string[] {
    const open = this.next();
    if (open !== "(") throw unparsable(`found '${open}' expected: '('`);
    if (this.peek() === ")") {
      this.next();
      return [""];
    }
    const values = new Set<string>();
    let expectWord = true;
    for (;;) {
      const token = this.next();
      if (isWord(token) && expectWord) {
        values.add(token);
        expectWord = false;
        if (this.peek() !== "," && this.peek() !== ")") throw unparsable(`found '${this.peek()}', expected: ',' or ')'`);
      } else if (token === ",") {
        if (expectWord) values.add("");
        expectWord = true;
      } else if (token === ")") {
        if (expectWord) values.add("");
        return [...values].sort();
      } else throw unparsable(`found '${token}', expected: ',', or identifier`);
    }
  }

  private exactValue(): string {
    if (this.peek() === END || this.peek() === ",") return "";
    const token = this.next();
    if (!isWord(token)) throw unparsable(`found '${token}', expected: identifier`);
    return token;
  }

  private peek(): string {
    return this.tokens[this.position] ?? END;
  }

  private next(): string {
    return this.tokens[this.position++] ?? END;
  }
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const errors = requirementErrors(requirement, new FieldPath());
  if (errors.length > 0) throw unparsable(errors.map((error) => error.message).join(", "));
  return requirement;
}

/** What is wrong with a requirement, at the paths of its key, operator and values. */
export function requirementErrors({ key, operator, values }: LabelRequirement, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const keyProblems = isQualifiedName(key);
  if (keyProblems.length > 0) errors.push(invalidValue(path.child("key"), key, keyProblems.join("; ")));
  const valuesPath = path.child("values");
  if ((operator === "in" || operator === "notin") && values.length === 0) errors.push(invalidValue(valuesPath, values, "for 'in', 'notin' operators, values set can't be empty"));
  if ((operator === "gt" || operator === "lt") && !values.every(isInteger)) {
    errors.push(...values.map((value, index) => invalidValue(valuesPath.index(index), value, "for 'Gt', 'Lt' operators, the value must be an integer")));
  }
  if (!Object.hasOwn(OPERATOR_NAMES, operator)) errors.push(notSupportedValue(path.child("operator"), operator, Object.keys(OPERATOR_NAMES)));
  for (const [index, value] of values.entries()) {
    const problems = isValidLabelValue(value);
    if (problems.length > 0) errors.push(invalidValue(valuesPath.index(index).key(key), value, problems.join("; ")));
  }
  return errors;
}

const OPERATOR_NAMES: Record<LabelOperator, true> = { in: true, notin: true, "=": true, "==": true, "!=": true, gt: true, lt: true, exists: true, "!": true };

function isWord(token: string): boolean {
  return token !== END && !SYMBOLS.includes(token);
}

function isInteger(text: string): boolean {
  return /^[+-]?[0-9]{1,19}$/.test(text);
}

function unparsable(reason: string): LabelSelectorError {
  return new LabelSelectorError(`unable to parse requirement: ${reason}`);
}
