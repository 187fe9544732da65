// Behaviour: k8s.io/apimachinery/pkg/fields: "metadata.name=a,status.phase!=Running".

/** One condition on one field. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** A conjunction of conditions on fields. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  readonly isEmpty: boolean;
  /** Whether an object matches whose fields `get` returns. */
  matches(get: (field: string) => string): boolean;
  /** The value that `field` must have, if there is a requirement that says so. */
  requiresExactMatch(field: string): string | undefined;
  toString(): string;
}

/** The text is no field selector; the message is upstream's. */
export class FieldSelectorError extends Error {
  override readonly name = "FieldSelectorError";
}

/** Parses a field selector; throws a FieldSelectorError. */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements = splitTerms(text)
    .filter((term) => term !== "")
    .sort()
    .map((term): FieldRequirement => {
      const match = /^([^]*?)(!=|==|=)([^]*)$/.exec(term);
      if (match === null) throw new FieldSelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
      return { field: match[1] ?? "", operator: match[2] === "!=" ? "!=" : "=", value: unescapeValue(match[3] ?? "") };
    });
  return {
    requirements,
    isEmpty: requirements.length === 0,
    matches: (get) => requirements.every(({ field, operator, value }) => (get(field) === value) === (operator === "=")),
    requiresExactMatch: (field) => requirements.find((requirement) => requirement.field === field && requirement.operator === "=")?.value,
    toString: () => requirements.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(","),
  };
}

/** Writes a value so that it stands for itself in a field selector. */
export function escapeValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, "\\$&");
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === ",") {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...terms, text.slice(start)];
}

function unescapeValue(value: string): string {
  return value.replaceAll(/\\([^]?)|[,=]/g, (sequence, escaped: string | undefined) => {
    if (escaped === undefined) throw new FieldSelectorError(`invalid field selector: unescaped character in value: ${sequence.codePointAt(0)}`);
    if (!["\\", ",", "="].includes(escaped)) throw new FieldSelectorError(`invalid field selector: invalid escape sequence: ${sequence}`);
    return escaped;
  });
}
