// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel ValidFieldPath.
import { additionalOf, propertyOf, type Schema } from "./structural-schema.ts";

/** The path leads nowhere, or is none. */
export class FieldPathError extends Error {
  override readonly name = "FieldPathError";
}

/** Follows a path such as `.spec.map['a.b']` through a schema; throws a FieldPathError. */
export function findFieldPath(text: string, schema: Schema, { allowArrayNotation = true } = {}): { path: string; schema: Schema | undefined } {
  const tokens = tokensOf(text);
  let at: Schema | undefined = schema;
  let path = "";
  const step = (name: string): void => {
    if (at?.properties !== undefined) {
      const next = propertyOf(at, name);
      if (next === undefined) throw new FieldPathError("does not refer to a valid field");
      at = next;
      path = path === "" ? name : `${path}.${name}`;
    } else if (at?.additionalProperties !== undefined) {
      at = additionalOf(at);
      path = `${path}[${name}]`;
    } else throw new FieldPathError("does not refer to a valid field");
  };
  const next = (): string => {
    const token = tokens.shift();
    if (token === undefined) throw new FieldPathError("unexpected end of JSON path");
    return token;
  };
  while (tokens.length > 0) {
    const token = next();
    if (token === ".") step(next());
    else if (token === "[") {
      if (!allowArrayNotation) throw new FieldPathError("array notation is not allowed");
      const quoted = next();
      if (!/^'.*'$/s.test(quoted) || quoted.length < 2) throw new FieldPathError(`expected single quoted string but got ${quoted}`);
      step(unescape(quoted.slice(1, -1)));
      const end = next();
      if (end !== "]") throw new FieldPathError(`expected ] but got ${end}`);
    } else throw new FieldPathError(`expected [ or . but got: ${token}`);
  }
  return { path, schema: at };
}

function tokensOf(text: string): string[] {
  return text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+|'.*/gs) ?? [];
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "'": "'", "\\": "\\" };

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (whole, character: string) => {
    const plain = ESCAPES[character];
    if (plain === undefined) throw new FieldPathError(`invalid string literal: invalid escape char ${whole}`);
    return plain;
  });
}
