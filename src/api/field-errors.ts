// Behaviour: k8s.io/apimachinery/pkg/util/validation/field: paths to fields and the errors found at them.

/** A path to a field: `spec.containers[0].name`, `metadata.labels[a/b]`. Immutable. */
export class FieldPath {
  private readonly text: string;

  constructor(text = "") {
    this.text = text;
  }

  /** The path of a named field of this one. */
  child(...names: string[]): FieldPath {
    let text = this.text;
    for (const name of names) if (name !== "") text = text === "" ? name : `${text}.${name}`;
    return new FieldPath(text);
  }

  /** The path of a list's item. */
  index(index: number): FieldPath {
    return new FieldPath(`${this.text}[${index}]`);
  }

  /** The path of a map's value. */
  key(key: string): FieldPath {
    return new FieldPath(`${this.text}[${key}]`);
  }

  toString(): string {
    return this.text;
  }
}

/** The kinds of field errors, by the reason of a Status' cause. */
export type FieldErrorReason =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError"
  | "FieldValueTypeInvalid";

/** One thing that is wrong with one field. */
export interface FieldError {
  readonly reason: FieldErrorReason;
  readonly field: string;
  /** The message without the field's path: `Invalid value: "A": must be lower case`. */
  readonly body: string;
  /** The whole message: `metadata.name: Invalid value: "A": must be lower case`. */
  readonly message: string;
}

function fieldError(path: FieldPath | string, reason: FieldErrorReason, body: string): FieldError {
  const field = path.toString();
  return { reason, field, body, message: `${field === "" ? "<nil>" : field}: ${body}` };
}

/** The value has the wrong form or range. */
export function invalidValue(path: FieldPath, value: unknown, detail: string): FieldError {
  return fieldError(path, "FieldValueInvalid", `Invalid value: ${formatValue(value)}${suffix(detail)}`);
}

/** The field's parts do not go together; the value is not shown. */
export function invalidField(path: FieldPath, detail: string): FieldError {
  return fieldError(path, "FieldValueInvalid", `Invalid value${suffix(detail)}`);
}

/** The field must be set. */
export function requiredValue(path: FieldPath, detail = ""): FieldError {
  return fieldError(path, "FieldValueRequired", `Required value${suffix(detail)}`);
}

/** Another item has the same value. */
export function duplicateValue(path: FieldPath, value: unknown): FieldError {
  return fieldError(path, "FieldValueDuplicate", `Duplicate value: ${formatValue(value)}`);
}

/** The value is none of an enumeration's; `supported` is listed in the order given. */
export function notSupportedValue(path: FieldPath, value: unknown, supported: readonly string[]): FieldError {
  const list = supported.map((option) => JSON.stringify(option)).join(", ");
  return fieldError(path, "FieldValueNotSupported", `Unsupported value: ${formatValue(value)}${supported.length === 0 ? "" : `: supported values: ${list}`}`);
}

/** The field may not be set, or not so. */
export function forbiddenField(path: FieldPath, detail: string): FieldError {
  return fieldError(path, "FieldValueForbidden", `Forbidden${suffix(detail)}`);
}

/** What the value refers to is not there. */
export function notFoundValue(path: FieldPath, value: unknown): FieldError {
  return fieldError(path, "FieldValueNotFound", `Not found: ${formatValue(value)}`);
}

/** The value is longer than `max` bytes. */
export function tooLongValue(path: FieldPath, max: number): FieldError {
  return fieldError(path, "FieldValueTooLong", max < 0 ? "Too long: value is too long" : `Too long: may not be more than ${max} bytes`);
}

/** The list has more than `max` items. */
export function tooManyItems(path: FieldPath, actual: number, max: number): FieldError {
  return fieldError(path, "FieldValueTooMany", `Too many: ${actual}: must have at most ${max} items`);
}

/** The value is of the wrong type. */
export function typeInvalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return fieldError(path, "FieldValueTypeInvalid", `Invalid value: ${formatValue(value)}${suffix(detail)}`);
}

function suffix(detail: string): string {
  return detail === "" ? "" : `: ${detail}`;
}

/** A value as Go's field errors print it: strings quoted, numbers and booleans bare, nil as null, the rest as JSON. */
function formatValue(value: unknown): string {
  if (value === undefined || value === null) return "null";
  const text = JSON.stringify(value);
  return typeof value === "object" ? text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`) : text;
}
