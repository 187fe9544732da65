// Behaviour: Go's text/template/parse (lex.go): a template as text and actions, an action as words.

/** A template that cannot be read or carried out; its message is Go's. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/** A word of an action. */
export interface Token {
  readonly type: "word" | "field" | "variable" | "string" | "number" | "character" | "operator" | "space";
  readonly text: string;
  /** Its place in the template. */
  readonly at: number;
}

/** A piece of a template. */
export interface Piece {
  readonly line: number;
  readonly text?: string;
  readonly action?: readonly Token[];
}

const TOKENS: readonly (readonly [Token["type"], RegExp])[] = [
  ["space", /^[ \t\r\n]+/],
  ["string", /^"(?:[^"\\\n]|\\.)*"|^`[^`]*`/],
  ["character", /^'(?:[^'\\\n]|\\.[^']*)'/],
  ["field", /^\.[\p{L}_][\p{L}\p{N}_]*/u],
  ["number", /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?)/],
  ["variable", /^\$[\p{L}\p{N}_]*/u],
  ["operator", /^(?::=|[=|(),.])/],
  ["word", /^[\p{L}_][\p{L}\p{N}_]*/u],
];

/** What may stand behind a name or number. */
const TERMINATOR = /^(?:[ \t\r\n.,|:()=]|-?\}\}|$)/;

/** Splits a template at its "{{" and "}}"; trim markers take the space beside them away. */
export function lexTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  let line = 1;
  while (at < template.length) {
    const open = template.indexOf("{{", at);
    let text = template.slice(at, open === -1 ? undefined : open);
    const trimmed = open !== -1 && /^\{\{-[ \t\r\n]/.test(template.slice(open));
    const lines = text.split("\n").length - 1;
    if (trimNext) text = text.trimStart();
    if (trimmed) text = text.trimEnd();
    if (text !== "") pieces.push({ line, text });
    line += lines;
    if (open === -1) break;
    const start = open + (trimmed ? 3 : 2);
    const action = readAction(template, start, line);
    if (action.tokens !== undefined) pieces.push({ line, action: action.tokens });
    line += template.slice(start, action.end).split("\n").length - 1;
    at = action.end;
    trimNext = action.trim;
  }
  return pieces;
}

function readAction(template: string, start: number, line: number): { tokens?: Token[]; end: number; trim: boolean } {
  const fail = (problem: string): never => {
    throw new TemplateError(`template: output:${line}: ${problem}`);
  };
  const comment = /^[ \t\r\n]*\/\*/.exec(template.slice(start));
  if (comment !== null) {
    const close = template.indexOf("*/", start);
    if (close === -1) fail("unclosed comment");
    const end = /^( -)?\}\}/.exec(template.slice(close + 2));
    if (end === null) return fail("comment ends before closing delimiter");
    return { end: close + 2 + end[0].length, trim: end[1] !== undefined };
  }
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    const rest = template.slice(at);
    const end = /^([ \t\r\n]+-)?\}\}/.exec(rest);
    if (end !== null) return { tokens, end: at + end[0].length, trim: end[1] !== undefined };
    if (rest === "") fail("unclosed action");
    const found = TOKENS.map(([type, pattern]) => ({ type, text: pattern.exec(rest)?.[0] })).find(({ text }) => text !== undefined);
    if (found?.text === undefined) {
      if (rest.startsWith('"')) fail("unterminated quoted string");
      if (rest.startsWith("`")) fail("unterminated raw quoted string");
      return fail(`unexpected ${JSON.stringify(rest.slice(0, 1))} in command`.replace(/unexpected "(.)" in command/, "unrecognized character in action: U+00$1"));
    }
    tokens.push({ type: found.type, text: found.text, at });
    at += found.text.length;
    const next = template.slice(at, at + 1);
    if (["field", "variable", "word", "number"].includes(found.type) && !TERMINATOR.test(template.slice(at))) {
      fail(`bad character U+${(next.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${next}'`);
    }
  }
}
