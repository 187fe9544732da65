import type { FieldError } from "../../api/field-errors.ts";
import type { Schema } from "./structural-schema.ts";

/** placeholder */
export class RuleValidator {
  readonly hasRules: boolean = false;
  constructor(_schema: Schema) {}
  validate(_next: unknown, _old: unknown): FieldError[] {
    return [];
  }
}
