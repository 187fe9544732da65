// Behaviour: go.yaml.in/yaml/v2 (resolve.go, emitterc.go), through sigs.k8s.io/yaml: how a text is written as a YAML scalar.

const WIDTH = 80;
const RESERVED = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF|~|null|Null|NULL|\.nan|\.NaN|\.NAN|[-+]?\.inf|[-+]?\.Inf|[-+]?\.INF)$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP = /^[0-9]{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])(?:(?:[Tt](?:[01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2}))|(?: (?:[01]?[0-9]|2[0-3]):[0-5]?[0-9]:[0-5]?[0-9](?:[.,][0-9]+)?))?$/;
const COMMON = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0", "\x07": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r",
  "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
};

/** Which styles can carry a text. */
interface Analysis {
  multiline: boolean;
  plain: boolean;
  single: boolean;
  block: boolean;
}

/** Where a scalar stands. */
export interface ScalarPlace {
  /** Spaces before lines that go on. */
  readonly indent: number;
  /** Characters on the line before it. */
  readonly column: number;
  /** A mapping's key on the same line as its value: never broken into lines. */
  readonly key: boolean;
}

/** A text as a YAML scalar, without anything before or behind it. */
export function yamlScalar(text: string, place: ScalarPlace): string {
  if (text.length + place.column <= WIDTH && COMMON.test(text) && !RESERVED.test(text)) return text;
  const analysis = analyze(text);
  if (text.includes("\n") && !place.key && analysis.block) return literal(text, place.indent);
  if (text.includes("\n") || resolvesToOther(text) || (place.key && analysis.multiline)) return doubleQuoted(text, place);
  if (analysis.plain && text !== "") return plain(text, place);
  return analysis.single && text !== "" ? singleQuoted(text, place) : doubleQuoted(text, place);
}

/** Whether a plain text would be read as something other than a text. */
function resolvesToOther(text: string): boolean {
  if (text === "" || RESERVED.test(text)) return true;
  if (!/^[-+.0-9]/.test(text)) return false;
  const digits = text.replaceAll("_", "");
  if (text.startsWith(".")) return FLOAT.test(text);
  return INTEGER.test(digits) || FLOAT.test(digits) || SEXAGESIMAL.test(text) || TIMESTAMP.test(text);
}

function isBreak(character: string): boolean {
  return character === "\n" || character === "\r" || character === "\x85" || character === "\u2028" || character === "\u2029";
}

function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true;
  return (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
}

function analyze(text: string): Analysis {
  const found = { indicator: text.startsWith("---") || text.startsWith("..."), special: false, lines: false, edgeSpace: false, edgeBreak: false };
  let trailingSpace = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous = "";
  let precededByBlank = true;
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    const followedByBlank = next === undefined || next === " " || next === "\t" || isBreak(next);
    if (isIndicator(character, index === 0, precededByBlank, followedByBlank)) found.indicator = true;
    if (!isPrintable(character)) found.special = true;
    const last = next === undefined;
    if (character === " ") {
      if (index === 0 || last) found.edgeSpace = true;
      if (last) trailingSpace = true;
      if (isBreak(previous)) breakSpace = true;
    } else if (isBreak(character)) {
      found.lines = true;
      if (index === 0 || last) found.edgeBreak = true;
      if (previous === " ") spaceBreak = true;
    }
    previous = character;
    precededByBlank = character === " " || character === "\t" || isBreak(character);
  }
  const anyQuote = !spaceBreak && !found.special;
  return {
    multiline: found.lines,
    plain: anyQuote && !found.indicator && !found.lines && !found.edgeSpace && !found.edgeBreak && !breakSpace,
    single: anyQuote && !breakSpace,
    block: anyQuote && !trailingSpace && text !== "",
  };
}

function isIndicator(character: string, first: boolean, precededByBlank: boolean, followedByBlank: boolean): boolean {
  if (first) return "#,[]{}&*!|>'\"%@`".includes(character) || ("?:-".includes(character) && followedByBlank);
  return (character === ":" && followedByBlank) || (character === "#" && precededByBlank);
}

function plain(text: string, place: ScalarPlace): string {
  return place.key ? text : folded([...text], place, (character) => character, () => false);
}

function singleQuoted(text: string, place: ScalarPlace): string {
  if (place.key) return `'${text.replaceAll("'", "''")}'`;
  const characters = [...text];
  const body = folded(characters, { ...place, column: place.column + 1 }, (character) => (character === "'" ? "''" : character), (index) => index === 0 || index === characters.length - 1);
  return `'${body}'`;
}

/** Breaks at single spaces beyond the width; line breaks of the text become blank lines. */
function folded(characters: readonly string[], place: ScalarPlace, write: (character: string) => string, keep: (index: number) => boolean): string {
  let out = "";
  let column = place.column;
  let spaces = false;
  let breaks = false;
  for (const [index, character] of characters.entries()) {
    if (character === " ") {
      if (!spaces && column > WIDTH && !keep(index) && characters[index + 1] !== " ") {
        out += `\n${" ".repeat(place.indent)}`;
        column = place.indent;
      } else {
        out += " ";
        column += 1;
      }
      spaces = true;
    } else if (isBreak(character)) {
      if (!breaks && character === "\n") out += "\n";
      out += character;
      column = 0;
      breaks = true;
    } else {
      if (breaks) {
        out += " ".repeat(place.indent);
        column = place.indent;
      }
      const written = write(character);
      out += written;
      column += written.length;
      spaces = false;
      breaks = false;
    }
  }
  return out;
}

function doubleQuoted(text: string, place: ScalarPlace): string {
  let out = '"';
  let column = place.column + 1;
  let spaces = false;
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    if (!isPrintable(character) || isBreak(character) || character === '"' || character === "\\") {
      const escaped = ESCAPES[character] ?? escapeCode(character.codePointAt(0) ?? 0);
      out += escaped;
      column += escaped.length;
      spaces = false;
    } else if (character === " ") {
      if (!place.key && !spaces && column > WIDTH && index > 0 && index < characters.length - 1) {
        out += `\n${" ".repeat(place.indent)}${characters[index + 1] === " " ? "\\" : ""}`;
        column = place.indent;
      } else {
        out += " ";
        column += 1;
      }
      spaces = true;
    } else {
      out += character;
      column += 1;
      spaces = false;
    }
  }
  return `${out}"`;
}

function escapeCode(code: number): string {
  const hex = (width: number) => code.toString(16).toUpperCase().padStart(width, "0");
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

function literal(text: string, indent: number): string {
  const hint = text.startsWith(" ") || isBreak(text.slice(0, 1)) ? "2" : "";
  let chomp = "";
  if (!text.endsWith("\n")) chomp = "-";
  else if (text === "\n" || text.endsWith("\n\n")) chomp = "+";
  const body = (text.endsWith("\n") ? text.slice(0, -1) : text)
    .split("\n")
    .map((line) => (line === "" ? "" : `${" ".repeat(indent)}${line}`))
    .join("\n");
  return `|${hint}${chomp}\n${body}`;
}
