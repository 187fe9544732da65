// Behaviour: Go's text/template (exec.go), over decoded JSON.
import { TemplateError } from "./go-template-lexer.ts";
import { type ControlNode, type Operand, type ParsedTemplate, type Pipeline, type TemplateNode, parseTemplate } from "./go-template-parser.ts";
import { isTrue, templateFunctions } from "./go-template-functions.ts";
import { goText } from "./go-values.ts";

/** What a field that is not there evaluates to. */
const NO_VALUE = undefined;

class LoopSignal extends Error {
  readonly kind: "break" | "continue";

  constructor(kind: "break" | "continue") {
    super(kind);
    this.kind = kind;
  }
}

type FunctionOperand = Operand & { readonly type: "function" };

interface Variable {
  readonly name: string;
  value: unknown;
}

/** A template that can be carried out on any number of objects. */
export class GoTemplate {
  private readonly text: string;
  private readonly parsed: ParsedTemplate;
  private readonly allowMissingKeys: boolean;

  /** Throws TemplateError when the text is no template. */
  constructor(text: string, allowMissingKeys: boolean) {
    this.text = text;
    this.parsed = parseTemplate(text, (name) => name in templateFunctions || name === "and" || name === "or");
    this.allowMissingKeys = allowMissingKeys;
  }

  /** Writes what the template makes of `data`, piece by piece. Throws TemplateError when it goes wrong in between. */
  execute(data: unknown, write: (text: string) => void): void {
    new Execution(this.text, this.parsed, this.allowMissingKeys, write).run(data);
  }
}

class Execution {
  private readonly text: string;
  private readonly parsed: ParsedTemplate;
  private readonly allowMissingKeys: boolean;
  private readonly write: (text: string) => void;
  private variables: Variable[] = [];
  private line = 1;

  constructor(text: string, parsed: ParsedTemplate, allowMissingKeys: boolean, write: (text: string) => void) {
    this.text = text;
    this.parsed = parsed;
    this.allowMissingKeys = allowMissingKeys;
    this.write = write;
  }

  run(data: unknown): void {
    this.variables = [{ name: "$", value: data }];
    this.walk(this.parsed.nodes, data);
  }

  private walk(nodes: readonly TemplateNode[], dot: unknown): void {
    for (const node of nodes) this.visit(node, dot);
  }

  private visit(node: TemplateNode, dot: unknown): void {
    if (node.type === "text") return this.write(node.text);
    if (node.type === "break" || node.type === "continue") throw new LoopSignal(node.type);
    this.line = node.line;
    if (node.type === "action") {
      const value = this.pipeline(node.pipeline, dot);
      if (node.pipeline.variables.length === 0) this.write(value === NO_VALUE ? "<no value>" : goText(value));
    } else if (node.type === "template") this.call(node.name, node.pipeline === undefined ? null : this.pipeline(node.pipeline, dot));
    else this.scoped(() => (node.keyword === "range" ? this.range(node, dot) : this.branch(node, dot)));
  }

  private branch(node: ControlNode, dot: unknown): void {
    const value = this.pipeline(node.pipeline, dot);
    if (!isTrue(value)) this.walk(node.otherwise, dot);
    else this.walk(node.body, node.keyword === "with" ? value : dot);
  }

  private range(node: ControlNode, dot: unknown): void {
    const { variables, commands, declares, text } = node.pipeline;
    const value = this.pipeline({ variables: [], declares, commands, text }, dot);
    const entries = this.entriesOf(value);
    if (entries.length === 0) return this.walk(node.otherwise, dot);
    for (const [key, item] of entries) {
      try {
        this.scoped(() => {
          if (variables.length === 1) this.assign(variables[0] ?? "", item, declares);
          if (variables.length === 2) {
            this.assign(variables[0] ?? "", key, declares);
            this.assign(variables[1] ?? "", item, declares);
          }
          this.walk(node.body, item);
        });
      } catch (error) {
        if (!(error instanceof LoopSignal)) throw error;
        if (error.kind === "break") break;
      }
    }
  }

  private entriesOf(value: unknown): (readonly [unknown, unknown])[] {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) return value.map((item, index) => [index, item] as const);
    if (typeof value === "number") return Array.from({ length: value }, (_, index) => [index, index] as const);
    if (typeof value === "object") {
      const fields = value as Record<string, unknown>;
      return Object.keys(fields).sort().map((key) => [key, fields[key]] as const);
    }
    throw this.failure(`range can't iterate over ${goText(value)}`);
  }

  private call(name: string, dot: unknown): void {
    const nodes = this.parsed.defined.get(name);
    if (nodes === undefined) throw this.failure(`template ${JSON.stringify(name)} not defined`);
    const outer = this.variables;
    this.variables = [{ name: "$", value: dot }];
    this.walk(nodes, dot);
    this.variables = outer;
  }

  private scoped(action: () => void): void {
    const depth = this.variables.length;
    try {
      action();
    } finally {
      this.variables.length = depth;
    }
  }

  private assign(name: string, value: unknown, declares: boolean): void {
    const known = declares ? undefined : this.variables.findLast((variable) => variable.name === name);
    if (known === undefined) this.variables.push({ name, value });
    else known.value = value;
  }

  private pipeline(pipeline: Pipeline, dot: unknown): unknown {
    let value: unknown;
    for (const [index, command] of pipeline.commands.entries()) value = this.command(command, dot, index === 0 ? [] : [value]);
    for (const name of pipeline.variables) this.assign(name, value, pipeline.declares);
    return value;
  }

  private command(operands: readonly Operand[], dot: unknown, final: readonly unknown[]): unknown {
    const [first, ...rest] = operands;
    if (first === undefined) return NO_VALUE;
    if (first.type === "function") return this.callFunction(first, rest, dot, final);
    if (rest.length > 0 || final.length > 0) throw this.failure(`can't give argument to non-function ${describe(first)}`);
    if (first.type === "nil") throw this.failure("nil is not a command");
    return this.operand(first, dot);
  }

  private callFunction({ name, at }: FunctionOperand, operands: readonly Operand[], dot: unknown, final: readonly unknown[]): unknown {
    if (name === "and" || name === "or") {
      let value: unknown = final.length > 0 && operands.length === 0 ? final[0] : undefined;
      for (const operand of operands) {
        value = this.operand(operand, dot);
        if (isTrue(value) === (name === "or")) return value;
      }
      return final.length > 0 ? final[0] : value;
    }
    const run = templateFunctions[name];
    const args = [...operands.map((operand) => this.operand(operand, dot)), ...final];
    try {
      return run?.(args);
    } catch (error) {
      throw this.failure(`error calling ${name}: ${(error as Error).message}`, { name, at });
    }
  }

  private operand(operand: Operand, dot: unknown): unknown {
    switch (operand.type) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "value":
        return operand.value;
      case "function":
        return this.callFunction(operand, [], dot, []);
      case "field":
        return this.follow(dot, operand.path, operand.at);
      case "variable":
        return this.follow(this.variable(operand.name), operand.path, operand.at);
      case "pipeline":
        return this.follow(this.pipeline(operand.pipeline, dot), operand.path, operand.at);
    }
  }

  private variable(name: string): unknown {
    const found = this.variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw this.failure(`undefined variable ${JSON.stringify(name)}`);
    return found.value;
  }

  private follow(start: unknown, path: readonly string[], at: number): unknown {
    const place = { name: `.${path.join(".")}`, at };
    return path.reduce<unknown>((value, field) => {
      if (value === undefined) return NO_VALUE;
      if (value === null) throw this.failure(`nil data; no entry for key ${JSON.stringify(field)}`, place);
      if (typeof value !== "object" || Array.isArray(value)) throw this.failure(`can't evaluate field ${field} in type interface {}`, place);
      if (Object.hasOwn(value, field)) return (value as Record<string, unknown>)[field];
      if (!this.allowMissingKeys) throw this.failure(`map has no entry for key ${JSON.stringify(field)}`, place);
      return NO_VALUE;
    }, start);
  }

  private failure(problem: string, place?: { readonly name: string; readonly at: number }): TemplateError {
    if (place === undefined) return new TemplateError(`template: output:${this.line}: ${problem}`);
    const before = this.text.slice(0, place.at);
    const line = before.split("\n").length;
    const column = place.at - (line === 1 ? 0 : before.lastIndexOf("\n"));
    return new TemplateError(`template: output:${line}:${column}: executing "output" at <${place.name}>: ${problem}`);
  }
}

function describe(operand: Operand): string {
  if (operand.type === "field") return `.${operand.path.join(".")}`;
  return operand.type === "value" ? JSON.stringify(operand.value) : operand.type;
}
