// Behaviour: Go's regexp (RE2) syntax, as far as JavaScript's differs from it.

/** The text is no regular expression; the message is Go's. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

const patterns = new Map<string, RegExp>();

/** A regular expression in Go's syntax; throws a PatternError. */
export function goPattern(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    pattern = compile(source);
    patterns.set(source, pattern);
  }
  return pattern;
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z", alpha: "A-Za-z", ascii: "\\x00-\\x7F", blank: "\\t ", cntrl: "\\x00-\\x1F\\x7F", digit: "0-9", graph: "!-~",
  lower: "a-z", print: " -~", punct: "!-\\/:-@\\[-`{-~", space: "\\t\\n\\v\\f\\r ", upper: "A-Z", word: "0-9A-Za-z_", xdigit: "0-9A-Fa-f",
};

function compile(source: string): RegExp {
  refuseUnsupported(source);
  let flags = "";
  let text = source;
  const leading = /^\(\?([ims]+)\)/.exec(text);
  if (leading !== null) {
    flags = leading[1] ?? "";
    text = text.slice(leading[0].length);
  }
  text = text
    .replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole)
    .replace(/\\A/g, "^")
    .replace(/\\z/g, "$")
    .replace(/\(\?P</g, "(?<")
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, literal: string) => literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  try {
    return new RegExp(text, `${flags}u`);
  } catch {
    try {
      return new RegExp(text, flags);
    } catch (error) {
      throw new PatternError(`error parsing regexp: ${goReason(source, error)}`);
    }
  }
}

function refuseUnsupported(source: string): void {
  const lookaround = /\(\?(?:[=!]|<[=!])/.exec(source);
  if (lookaround !== null) throw new PatternError(`error parsing regexp: invalid or unsupported Perl syntax: \`${lookaround[0].slice(0, lookaround[0].startsWith("(?<") ? 4 : 3)}\``);
  const reference = /(?:^|[^\\])(?:\\\\)*(\\[1-9])/.exec(source);
  if (reference !== null) throw new PatternError(`error parsing regexp: invalid escape sequence: \`${reference[1] ?? ""}\``);
}

function goReason(source: string, error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  if (/unterminated group/i.test(message)) return `missing closing ): \`${source}\``;
  if (/unmatched '\)'/i.test(message)) return `unexpected ): \`${source}\``;
  if (/unterminated character class/i.test(message)) return `missing closing ]: \`${source.slice(source.lastIndexOf("["))}\``;
  if (/nothing to repeat/i.test(message)) return `missing argument to repetition operator: \`${/[*+?]/.exec(source)?.[0] ?? ""}\``;
  if (/range out of order in character class/i.test(message)) return `invalid character class range: \`${/[^[]-[^\]]/.exec(source)?.[0] ?? source}\``;
  if (/\\ at end of pattern/i.test(message)) return "trailing backslash at end of expression: ``";
  return `invalid syntax: \`${source}\``;
}
