// What JSON.parse keeps to itself: Go's words for a syntax error, how deep a text nests, and which keys it repeats.
// Behaviour: encoding/json's scanner, sigs.k8s.io/json.

/** Nesting that no object of the API comes near; deeper bodies are refused before anything walks them. */
export const MAX_JSON_DEPTH = 500;

/** A text that is not JSON, in Go's words. */
export class JSONSyntaxError extends Error {
  override readonly name = "JSONSyntaxError";
}

/** Parses JSON; throws a JSONSyntaxError with Go's message, also when the text nests too deeply. */
export function parseJSON(text: string): unknown {
  if (scanStructure(text).depth > MAX_JSON_DEPTH) throw new JSONSyntaxError("exceeded max depth");
  try {
    return JSON.parse(text);
  } catch {
    throw new JSONSyntaxError(syntaxError(text));
  }
}

/** The paths of keys that stand twice in one object of the text, in the order of their second appearance: [["metadata", "name"]]. */
export function duplicateKeys(text: string, parsed: unknown): (string | number)[][] {
  if (scanStructure(text).members === countMembers(parsed)) return [];
  return findDuplicates(text);
}

/** How deep a text nests, and how many members its objects have, as far as its brackets, colons and strings tell. */
function scanStructure(text: string): { depth: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 34) index = endOfString(text, index);
    else if (code === 58) members++;
    else if (code === 123 || code === 91) {
      if (++depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) depth--;
  }
  return { depth: deepest, members };
}

/** The index of the quote that ends the string which begins at `start`; the text's length when there is none. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 92) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  for (const key in value) count += 1 + countMembers((value as Record<string, unknown>)[key]);
  return count;
}

/** Walks a valid text and notes each key that its object had before. */
function findDuplicates(text: string): (string | number)[][] {
  const found: (string | number)[][] = [];
  const open: { keys: Set<string> | undefined; index: number; key: string }[] = [];
  let expectKey = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const top = open.at(-1);
    if (character === '"') {
      const end = endOfString(text, index);
      if (expectKey && top?.keys !== undefined) {
        top.key = JSON.parse(text.slice(index, end + 1)) as string;
        if (top.keys.has(top.key)) found.push(open.map((level) => (level.keys === undefined ? level.index : level.key)));
        top.keys.add(top.key);
        expectKey = false;
      }
      index = end;
    } else if (character === "{") {
      open.push({ keys: new Set(), index: 0, key: "" });
      expectKey = true;
    } else if (character === "[") {
      open.push({ keys: undefined, index: 0, key: "" });
      expectKey = false;
    } else if (character === "}" || character === "]") {
      open.pop();
      expectKey = false;
    } else if (character === "," && top !== undefined) {
      if (top.keys === undefined) top.index++;
      else expectKey = true;
    }
  }
  return found;
}

/** Go's message for a text that JSON.parse refuses. */
function syntaxError(text: string): string {
  try {
    const end = skipSpace(text, skipValue(text, skipSpace(text, 0)));
    return end < text.length ? invalidCharacter(text, end, "after top-level value").message : "invalid JSON";
  } catch (error) {
    if (error instanceof JSONSyntaxError) return error.message;
    throw error;
  }
}

function invalidCharacter(text: string, index: number, context: string): JSONSyntaxError {
  if (index >= text.length) return new JSONSyntaxError("unexpected end of JSON input");
  const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
  const quoted = character === "'" ? "'\\''" : character === '"' ? "'\"'" : `'${JSON.stringify(character).slice(1, -1)}'`;
  return new JSONSyntaxError(`invalid character ${quoted} ${context}`);
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (index < text.length && " \t\r\n".includes(text.charAt(index))) index++;
  return index;
}

/** The index after the value at `start`; throws Go's error where it is broken. */
function skipValue(text: string, start: number): number {
  const character = text.charAt(start);
  if (character === "{") return skipObject(text, start);
  if (character === "[") return skipArray(text, start);
  if (character === '"') return skipString(text, start);
  if (character === "-" || /[0-9]/.test(character)) return skipNumber(text, start);
  for (const literal of ["true", "false", "null"]) if (character === literal.charAt(0)) return skipLiteral(text, start, literal);
  throw invalidCharacter(text, start, "looking for beginning of value");
}

function skipObject(text: string, start: number): number {
  let index = skipSpace(text, start + 1);
  if (text.charAt(index) === "}") return index + 1;
  for (;;) {
    if (text.charAt(index) !== '"') throw invalidCharacter(text, index, "looking for beginning of object key string");
    index = skipSpace(text, skipString(text, index));
    if (text.charAt(index) !== ":") throw invalidCharacter(text, index, "after object key");
    index = skipSpace(text, skipValue(text, skipSpace(text, index + 1)));
    if (text.charAt(index) === "}") return index + 1;
    if (text.charAt(index) !== ",") throw invalidCharacter(text, index, "after object key:value pair");
    index = skipSpace(text, index + 1);
  }
}

function skipArray(text: string, start: number): number {
  let index = skipSpace(text, start + 1);
  if (text.charAt(index) === "]") return index + 1;
  for (;;) {
    index = skipSpace(text, skipValue(text, index));
    if (text.charAt(index) === "]") return index + 1;
    if (text.charAt(index) !== ",") throw invalidCharacter(text, index, "after array element");
    index = skipSpace(text, index + 1);
  }
}

function skipString(text: string, start: number): number {
  for (let index = start + 1; ; index++) {
    const character = text.charAt(index);
    if (character === '"') return index + 1;
    if (index >= text.length || text.charCodeAt(index) < 32) throw invalidCharacter(text, index, "in string literal");
    if (character !== "\\") continue;
    index++;
    if (text.charAt(index) === "u") {
      for (let digit = 0; digit < 4; digit++) {
        index++;
        if (!/[0-9a-fA-F]/.test(text.charAt(index))) throw invalidCharacter(text, index, "in \\u hexadecimal character escape");
      }
    } else if (!'bfnrt\\/"'.includes(text.charAt(index)) || index >= text.length) throw invalidCharacter(text, index, "in string escape code");
  }
}

function skipNumber(text: string, start: number): number {
  const digit = (at: number): boolean => /[0-9]/.test(text.charAt(at));
  let index = text.charAt(start) === "-" ? start + 1 : start;
  if (!digit(index)) throw invalidCharacter(text, index, "in numeric literal");
  if (text.charAt(index) === "0") index++;
  else while (digit(index)) index++;
  if (text.charAt(index) === ".") {
    if (!digit(++index)) throw invalidCharacter(text, index, "after decimal point in numeric literal");
    while (digit(index)) index++;
  }
  if (/[eE]/.test(text.charAt(index))) {
    index++;
    if (/[+-]/.test(text.charAt(index))) index++;
    if (!digit(index)) throw invalidCharacter(text, index, "in exponent of numeric literal");
    while (digit(index)) index++;
  }
  return index;
}

function skipLiteral(text: string, start: number, literal: string): number {
  for (let offset = 0; offset < literal.length; offset++) {
    if (text.charAt(start + offset) !== literal.charAt(offset)) {
      throw invalidCharacter(text, start + offset, `in literal ${literal} (expecting '${literal.charAt(offset)}')`);
    }
  }
  return start + literal.length;
}
