// Behaviour: Go's text/template/parse (parse.go): actions as a tree.
import { type Piece, TemplateError, type Token, lexTemplate } from "./go-template-lexer.ts";

/** An operand of a command. */
export type Operand =
  | { readonly type: "dot" }
  | { readonly type: "nil" }
  | { readonly type: "value"; readonly value: string | number | boolean }
  | { readonly type: "function"; readonly name: string; readonly at: number }
  | { readonly type: "field"; readonly path: readonly string[]; readonly at: number }
  | { readonly type: "variable"; readonly name: string; readonly path: readonly string[]; readonly at: number }
  | { readonly type: "pipeline"; readonly pipeline: Pipeline; readonly path: readonly string[]; readonly at: number };

/** Commands whose results go on to the next, perhaps kept in variables. */
export interface Pipeline {
  readonly variables: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly (readonly Operand[])[];
  readonly text: string;
}

/** A part of a template. */
export type TemplateNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "action"; readonly pipeline: Pipeline; readonly line: number }
  | ControlNode
  | { readonly type: "template"; readonly name: string; readonly pipeline: Pipeline | undefined; readonly line: number }
  | { readonly type: "break" }
  | { readonly type: "continue" };

/** A part that is carried out or not, or several times. */
export interface ControlNode {
  readonly type: "control";
  readonly keyword: "if" | "with" | "range";
  readonly pipeline: Pipeline;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
  readonly line: number;
}

/** A parsed template and those that it defines. */
export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[];
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** Parses a template; `isFunction` tells which names are functions. */
export function parseTemplate(template: string, isFunction: (name: string) => boolean): ParsedTemplate {
  const parser = new TemplateParser(lexTemplate(template), isFunction);
  return { nodes: parser.list(undefined).nodes, defined: parser.defined };
}

const KEYWORDS = new Set(["if", "else", "end", "range", "with", "template", "define", "block", "break", "continue"]);

class TemplateParser {
  readonly defined = new Map<string, readonly TemplateNode[]>();
  private readonly pieces: readonly Piece[];
  private readonly isFunction: (name: string) => boolean;
  private at = 0;

  constructor(pieces: readonly Piece[], isFunction: (name: string) => boolean) {
    this.pieces = pieces;
    this.isFunction = isFunction;
  }

  /** Nodes up to {{end}} or {{else}}; at the top level up to the template's end. */
  list(inside: string | undefined): { nodes: TemplateNode[]; end: readonly Token[]; line: number } {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.pieces[this.at++];
      if (piece === undefined) {
        if (inside !== undefined) throw new TemplateError(`template: output:${this.pieces.at(-1)?.line ?? 1}: unexpected EOF`);
        return { nodes, end: [], line: 0 };
      }
      if (piece.text !== undefined) {
        nodes.push({ type: "text", text: piece.text });
        continue;
      }
      const words = (piece.action ?? []).slice();
      while (words[0]?.type === "space") words.shift();
      const keyword = words[0]?.type === "word" && KEYWORDS.has(words[0].text) ? words[0].text : "";
      if (keyword === "end" || keyword === "else") {
        if (inside === undefined) throw fail(piece.line, `unexpected {{${keyword}}}`);
        return { nodes, end: words, line: piece.line };
      }
      const node = this.node(keyword, words, piece.line);
      if (node !== undefined) nodes.push(node);
    }
  }

  private node(keyword: string, words: readonly Token[], line: number): TemplateNode | undefined {
    switch (keyword) {
      case "if":
      case "with":
      case "range":
        return this.control(keyword, words.slice(1), line);
      case "break":
      case "continue":
        return { type: keyword };
      case "define":
      case "block":
      case "template":
        return this.named(keyword, words.slice(1), line);
      default:
        return { type: "action", pipeline: this.pipeline(words, line, "command"), line };
    }
  }

  private control(keyword: ControlNode["keyword"], words: readonly Token[], line: number): ControlNode {
    const type = "control";
    const pipeline = this.pipeline(words, line, keyword);
    const body = this.list(keyword);
    const [first, ...rest] = body.end;
    if (first?.text !== "else") return { type, keyword, pipeline, body: body.nodes, otherwise: [], line };
    const chained = rest.filter((token) => token.type !== "space");
    const next = chained[0]?.text;
    if (next === "if" || next === "with") {
      const inner = this.control(next, rest.slice(rest.findIndex((token) => token.text === next) + 1), body.line);
      return { type, keyword, pipeline, body: body.nodes, otherwise: [inner], line };
    }
    const otherwise = this.list(keyword);
    if (otherwise.end[0]?.text === "else") throw fail(otherwise.line, "expected end; found {{else}}");
    return { type, keyword, pipeline, body: body.nodes, otherwise: otherwise.nodes, line };
  }

  private named(keyword: "define" | "block" | "template", words: readonly Token[], line: number): TemplateNode | undefined {
    const tokens = words.filter((token) => token.type !== "space");
    const name = tokens[0]?.type === "string" ? unquote(tokens[0].text) : undefined;
    if (name === undefined) throw fail(line, `unexpected ${tokens[0]?.text ?? "<nil>"} in ${keyword} clause`);
    const rest = words.slice(words.findIndex((token) => token.type === "string") + 1);
    const pipeline = rest.some((token) => token.type !== "space") ? this.pipeline(rest, line, keyword) : undefined;
    if (keyword !== "template") this.defined.set(name, this.list(keyword).nodes);
    return keyword === "define" ? undefined : { type: "template", name, pipeline, line };
  }

  private pipeline(words: readonly Token[], line: number, context: string): Pipeline {
    const reader = new PipelineReader(words, line, this.isFunction, context);
    return reader.whole();
  }
}

function fail(line: number, problem: string): TemplateError {
  return new TemplateError(`template: output:${line}: ${problem}`);
}

class PipelineReader {
  private readonly words: readonly Token[];
  private readonly line: number;
  private readonly isFunction: (name: string) => boolean;
  private readonly context: string;
  private at = 0;

  constructor(words: readonly Token[], line: number, isFunction: (name: string) => boolean, context: string) {
    this.words = words;
    this.line = line;
    this.isFunction = isFunction;
    this.context = context;
  }

  whole(): Pipeline {
    const pipeline = this.pipeline();
    if (this.at < this.words.length) throw fail(this.line, `unexpected ${JSON.stringify(this.words[this.at]?.text)} in ${this.context}`);
    return pipeline;
  }

  private pipeline(): Pipeline {
    const text = this.words.slice(this.at).map((token) => token.text).join("").trim();
    const { variables, declares } = this.declaration();
    const commands: Operand[][] = [[]];
    for (;;) {
      const token = this.words[this.at];
      if (token === undefined || token.text === ")") break;
      if (token.type === "space") this.at += 1;
      else if (token.text === "|") {
        this.at += 1;
        if (commands.at(-1)?.length === 0) throw fail(this.line, `missing value for ${this.context}`);
        commands.push([]);
      } else commands.at(-1)?.push(this.operand(token));
    }
    if (commands.at(-1)?.length === 0) throw fail(this.line, `missing value for ${this.context}`);
    return { variables, declares, commands, text };
  }

  /** "$x :=", "$i, $x :=" or "$x =" at the beginning. */
  private declaration(): { variables: string[]; declares: boolean } {
    const variables: string[] = [];
    for (let at = this.at; at < this.words.length; at++) {
      const token = this.words[at];
      if (token === undefined || token.type === "space" || token.text === ",") continue;
      if (token.type === "variable" && variables.length < 2) variables.push(token.text);
      else if (variables.length > 0 && (token.text === ":=" || token.text === "=")) {
        this.at = at + 1;
        return { variables, declares: token.text === ":=" };
      } else break;
    }
    return { variables: [], declares: false };
  }

  private operand(token: Token): Operand {
    this.at += 1;
    switch (token.type) {
      case "string":
        return { type: "value", value: unquote(token.text) };
      case "number":
        return { type: "value", value: Number(token.text.replaceAll("_", "")) };
      case "character":
        return { type: "value", value: unquote(`"${token.text.slice(1, -1)}"`).codePointAt(0) ?? 0 };
      case "field":
        return { type: "field", at: this.chainPlace(token), path: [token.text.slice(1), ...this.path()] };
      case "variable":
        return { type: "variable", name: token.text, at: this.chainPlace(token), path: this.path() };
      case "word":
        return this.word(token);
      default:
        if (token.text === ".") return { type: "dot" };
        if (token.text === "(") return this.parenthesized(token);
        throw fail(this.line, `unexpected ${JSON.stringify(token.text)} in operand`);
    }
  }

  private word({ text: word, at }: Token): Operand {
    if (word === "true" || word === "false") return { type: "value", value: word === "true" };
    if (word === "nil") return { type: "nil" };
    if (!this.isFunction(word)) throw fail(this.line, `function ${JSON.stringify(word)} not defined`);
    return { type: "function", name: word, at };
  }

  private parenthesized({ at }: Token): Operand {
    const pipeline = this.pipeline();
    if (this.words[this.at]?.text !== ")") throw fail(this.line, "unclosed left paren");
    this.at += 1;
    return { type: "pipeline", pipeline, at, path: this.path() };
  }

  /** Where messages place a chain of fields: at its second part, when it has one. */
  private chainPlace(token: Token): number {
    const next = this.words[this.at];
    return next?.type === "field" ? next.at : token.at;
  }

  /** Fields that follow without a space. */
  private path(): string[] {
    const path: string[] = [];
    for (let token = this.words[this.at]; token?.type === "field"; token = this.words[this.at]) {
      path.push(token.text.slice(1));
      this.at += 1;
    }
    return path;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function unquote(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  return literal.slice(1, -1).replaceAll(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs, (_, x, u, long, octal, plain: string) => {
    const hex: string | undefined = x ?? u ?? long;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return octal === undefined ? (ESCAPES[plain] ?? plain) : String.fromCodePoint(Number.parseInt(octal, 8));
  });
}
