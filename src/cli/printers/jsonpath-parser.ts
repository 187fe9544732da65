// Behaviour: k8s.io/client-go/util/jsonpath/parser.go: kubectl's dialect of JSONPath, with its own words for what is wrong.

/** A part of a parsed template. */
export type PathNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "list"; readonly nodes: PathNode[] }
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "wildcard" }
  | { readonly type: "recursive" }
  | { readonly type: "identifier"; readonly name: string }
  | { readonly type: "value"; readonly value: number | boolean }
  | { readonly type: "array"; readonly from: number | undefined; readonly to: number | undefined; readonly single: boolean; readonly step: number | undefined }
  | { readonly type: "union"; readonly branches: readonly PathNode[][] }
  | { readonly type: "filter"; readonly left: readonly PathNode[]; readonly right: readonly PathNode[]; readonly operator: string };

/** A template that cannot be parsed. */
export class JsonPathError extends Error {
  override readonly name = "JsonPathError";
}

/** Parses a template: text with paths in braces. */
export function parseJsonPath(template: string): PathNode[] {
  return new Parser(template).parse();
}

const TERMINATORS = new Set(["", " ", "\t", "\r", "\n", ".", ",", "[", "]", "$", "@", "{", "}"]);

class Parser {
  private readonly input: string;
  private at = 0;

  constructor(input: string) {
    this.input = input;
  }

  parse(): PathNode[] {
    const nodes: PathNode[] = [];
    while (this.at < this.input.length) {
      const open = this.input.indexOf("{", this.at);
      if (open !== this.at) nodes.push({ type: "text", text: this.input.slice(this.at, open === -1 ? undefined : open) });
      if (open === -1) break;
      this.at = open + 1;
      nodes.push({ type: "list", nodes: this.action() });
    }
    return nodes;
  }

  /** What stands between braces. */
  private action(): PathNode[] {
    const nodes: PathNode[] = [];
    for (;;) {
      const rest = this.input.slice(this.at);
      const character = rest.slice(0, 1);
      if (character === "}") {
        this.at += 1;
        return nodes;
      }
      if (rest.startsWith("[?(")) nodes.push(this.filter());
      else if (rest.startsWith("..")) this.recursive(nodes);
      else if (character === "" || character === "\r" || character === "\n") throw new JsonPathError("unclosed action");
      else if (character === " " || character === "@" || character === "$") this.at += 1;
      else if (character === "[") nodes.push(...this.array());
      else if (character === '"' || character === "'") nodes.push(this.quoted(character));
      else if (character === ".") {
        this.at += 1;
        nodes.push(this.field());
      } else if (/[-+0-9]/.test(character)) nodes.push(this.number());
      else if (/[\p{L}_]/u.test(character)) nodes.push(this.identifier());
      else throw new JsonPathError(`unrecognized character in action: ${unicodeName(character)}`);
    }
  }

  private filter(): PathNode {
    const start = this.at + "[?(".length;
    let begun = false;
    let ended = false;
    let quote = "";
    let at = start;
    for (; ; at++) {
      const character = this.input[at];
      if (character === undefined || character === "\n") throw new JsonPathError("unterminated filter");
      if (character === '"' || character === "'") {
        if (!begun) {
          begun = true;
          quote = character;
        } else if (this.input[at - 1] !== "\\" && character === quote) ended = true;
      } else if (character === ")" && begun === ended) break;
    }
    if (this.input[at + 1] !== "]") throw new JsonPathError("unclosed array expect ]");
    this.at = at + 2;
    const text = this.input.slice(start, at);
    const parts = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
    if (parts === null) return { type: "filter", left: parseAction(text), right: [], operator: "exists" };
    return { type: "filter", left: parseAction(parts[1] ?? ""), right: parseAction(parts[3] ?? ""), operator: parts[2] ?? "" };
  }

  private recursive(nodes: PathNode[]): void {
    if (nodes.at(-1)?.type === "recursive") throw new JsonPathError("invalid multiple recursive descent");
    this.at += "..".length;
    nodes.push({ type: "recursive" });
    if (/^[\p{L}0-9_]/u.test(this.input.slice(this.at))) nodes.push(this.field());
  }

  private field(): PathNode {
    const start = this.at;
    while (!TERMINATORS.has(this.input[this.at] ?? "")) this.at += this.input[this.at] === "\\" ? 2 : 1;
    const name = this.input.slice(start, this.at);
    return name === "*" ? { type: "wildcard" } : { type: "field", name: name.replaceAll("\\", "") };
  }

  private identifier(): PathNode {
    const start = this.at;
    while (!TERMINATORS.has(this.input[this.at] ?? "")) this.at += 1;
    const name = this.input.slice(start, this.at);
    return name === "true" || name === "false" ? { type: "value", value: name === "true" } : { type: "identifier", name };
  }

  private number(): PathNode {
    const text = /^[-+]?[0-9.]*/.exec(this.input.slice(this.at))?.[0] ?? "";
    this.at += text.length;
    const value = Number(text);
    if (text === "" || Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    return { type: "value", value };
  }

  private quoted(quote: string): PathNode {
    let end = this.at + 1;
    for (; ; end++) {
      const character = this.input[end];
      if (character === undefined || character === "\n") throw new JsonPathError("unterminated quoted string");
      if (character === quote && this.input[end - 1] !== "\\") break;
    }
    const text = this.input.slice(this.at + 1, end);
    this.at = end + 1;
    return { type: "text", text: unquote(text) };
  }

  private array(): PathNode[] {
    const end = this.input.indexOf("]", this.at);
    const line = this.input.indexOf("\n", this.at);
    if (end === -1 || (line !== -1 && line < end)) throw new JsonPathError("unterminated array");
    const text = this.input.slice(this.at + 1, end);
    this.at = end + 1;
    const branches = text.split(",");
    if (branches.length > 1) return [{ type: "union", branches: branches.map((branch) => parseAction(`[${branch.trim()}]`)) }];
    const key = /^'([^']*)'$/.exec(text);
    if (key !== null) return parseAction(`.${key[1] ?? ""}`);
    return [slice(text === "*" ? ":" : text)];
  }
}

function parseAction(text: string): PathNode[] {
  const [first] = parseJsonPath(`{${text}}`);
  return first?.type === "list" ? first.nodes : [];
}

function slice(text: string): PathNode {
  const parts = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (parts === null) throw new JsonPathError(`invalid array index ${text}`);
  const number = (part: string | undefined) => {
    const digits = part?.replace(":", "") ?? "";
    if (digits === "-") throw new JsonPathError(`array index ${digits} is not a number`);
    return digits === "" ? undefined : Number(digits);
  };
  const from = number(parts[1]);
  const single = parts[2] === undefined;
  return { type: "array", from, to: single ? (from ?? 0) + 1 : number(parts[2]), single, step: number(parts[3]) };
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

function unquote(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g, (_, x, u, long, octal, plain: string) => {
    const hex: string | undefined = x ?? u ?? long;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    return ESCAPES[plain] ?? plain;
  });
}

function unicodeName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}
