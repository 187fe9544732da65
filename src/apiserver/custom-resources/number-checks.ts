// Behaviour: k8s.io/kube-openapi/pkg/validation/validate's number validator.
import { broken, type SchemaResult, unplaced } from "./schema-errors.ts";
import type { Schema } from "./structural-schema.ts";

const INT32 = 2 ** 31;

/** Checks the range and the form of a number. */
export function checkNumber(schema: Schema, value: number, path: string, result: SchemaResult): void {
  const { multipleOf, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = schema;
  result.matches++;
  checkRange(schema, value, path, result);
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) result.add(broken(path, value, `should be a multiple of ${multipleOf}`));
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    result.add(broken(path, value, `should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`));
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    result.add(broken(path, value, `should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`));
  }
}

function checkRange({ type, format }: Schema, value: number, path: string, result: SchemaResult): void {
  if (type !== "integer") return;
  const fits = Number.isInteger(value) && (format !== "int32" || (value >= -INT32 && value < INT32));
  if (!fits) result.add(unplaced(`Checked value must be of type integer ${format ? `with format ${format}` : "(default format)"} in ${path}`));
}

function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}
