// Behaviour: k8s.io/kube-openapi/pkg/validation/errors, and apiextensions-apiserver's kubeOpenAPIResultToFieldErrors.
import { type FieldError, FieldPath, invalidValue, notSupportedValue, requiredValue, tooLongValue, tooManyItems, typeInvalid } from "../../api/field-errors.ts";

/** What is wrong at one path of a value; `text` tells problems apart. */
export interface SchemaProblem {
  readonly text: string;
  toFieldError(root: string): FieldError;
}

/** Problems of one value, and how many checks it went through: the alternative with the most fits best. */
export class SchemaResult {
  readonly problems: SchemaProblem[] = [];
  matches = 0;

  get isValid(): boolean {
    return this.problems.length === 0;
  }

  add(problem: SchemaProblem): void {
    if (!this.problems.some(({ text }) => text === problem.text)) this.problems.push(problem);
  }

  merge(other: SchemaResult): void {
    for (const problem of other.problems) this.add(problem);
    this.matches += other.matches;
  }
}

/** The type or the format is another. */
export function wrongType(path: string, expected: string, value: string): SchemaProblem {
  const text = `${path} in body must be of type ${expected}: ${JSON.stringify(value)}`;
  return { text, toFieldError: (root) => typeInvalid(at(root, path), value, text) };
}

/** The value breaks a constraint. */
export function broken(path: string, value: unknown, constraint: string): SchemaProblem {
  const text = `${path} in body ${constraint}`;
  return { text, toFieldError: (root) => invalidValue(at(root, path), value, text) };
}

/** The field is not there. */
export function missing(path: string): SchemaProblem {
  return { text: `${path} in body is required`, toFieldError: (root) => requiredValue(at(root, path)) };
}

/** The value is none of those allowed. */
export function notOneOf(path: string, value: unknown, values: readonly unknown[]): SchemaProblem {
  const texts = values.map((allowed) => (typeof allowed === "string" ? allowed : JSON.stringify(allowed)));
  return { text: `${path} in body should be one of [${texts.join(" ")}]`, toFieldError: (root) => notSupportedValue(at(root, path), value, texts) };
}

/** The text is longer than allowed. */
export function tooLong(path: string, max: number): SchemaProblem {
  return { text: `${path} in body should be at most ${max} chars long`, toFieldError: (root) => tooLongValue(at(root, path), max) };
}

/** The list, or the map, holds more than allowed. */
export function tooMany(path: string, actual: number, max: number, what: "items" | "properties"): SchemaProblem {
  return { text: `${path} in body should have at most ${max} ${what}`, toFieldError: (root) => tooManyItems(at(root, path), actual, max) };
}

/** What is reported without a path of its own. */
export function unplaced(text: string): SchemaProblem {
  return { text, toFieldError: (root) => invalidValue(at(root, ""), "", text) };
}

/** A field that has no path is "<nil>" to Go. */
function at(root: string, path: string): FieldPath {
  const trimmed = path.startsWith(".") ? path.slice(1) : path;
  if (root === "") return new FieldPath(trimmed === "" ? "<nil>" : trimmed);
  return new FieldPath(trimmed === "" ? root : `${root}.${trimmed}`);
}
