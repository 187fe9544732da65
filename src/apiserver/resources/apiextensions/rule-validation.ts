// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation: x-kubernetes-validations.
import { type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import { findFieldPath, FieldPathError } from "../../custom-resources/field-paths.ts";
import { compileRules } from "../../custom-resources/rule-compilation.ts";
import type { Schema } from "../../custom-resources/structural-schema.ts";
import { internalRule } from "./internal-form.ts";
import { unreadable } from "./structural-validation.ts";

const RULES = "x-kubernetes-validations";
const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** What is wrong with the form of a schema's rules. */
export function validateRuleForm(schema: Schema, path: FieldPath): FieldError[] {
  return (schema[RULES] ?? []).flatMap(({ rule, message = "", messageExpression = "", reason, fieldPath = "" }, index) => {
    const at = path.child(RULES).index(index);
    const errors: FieldError[] = [];
    if (rule.trim() === "") errors.push(requiredValue(at.child("rule"), "rule is not specified"));
    else if (message !== "" && message.trim() === "") errors.push(invalidValue(at.child("message"), message, "must be non-empty if specified"));
    else if (hasLineBreak(message.trim())) errors.push(invalidValue(at.child("message"), message, "must not contain line breaks"));
    else if (hasLineBreak(rule.trim()) && message.trim() === "") errors.push(requiredValue(at.child("message"), "message must be specified if rule contains line breaks"));
    if (messageExpression !== "" && messageExpression.trim() === "") errors.push(requiredValue(at.child("messageExpression"), "messageExpression must be non-empty if specified"));
    if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupportedValue(at.child("reason"), reason, REASONS));
    if (fieldPath !== "" && fieldPath.trim() === "") errors.push(invalidValue(at.child("fieldPath"), fieldPath, "must be non-empty if specified"));
    if (hasLineBreak(fieldPath)) errors.push(invalidValue(at.child("fieldPath"), fieldPath, "must not contain line breaks"));
    if (fieldPath !== "" && !isPath(schema, fieldPath)) errors.push(invalidValue(at.child("fieldPath"), fieldPath, "must be a valid path"));
    return errors;
  });
}

function hasLineBreak(text: string): boolean {
  return /[\n\r]/.test(text);
}

function isPath(schema: Schema, fieldPath: string): boolean {
  if (unreadable(schema) !== undefined) return true;
  try {
    findFieldPath(fieldPath, schema);
    return true;
  } catch (error) {
    if (error instanceof FieldPathError) return false;
    throw error;
  }
}

/** What is wrong with the expressions of a schema's rules. */
export function validateRules(
  schema: Schema,
  path: FieldPath,
  of: { readonly isRoot: boolean; readonly uncorrelatable: FieldPath | undefined },
): FieldError[] {
  return compileRules(schema, of.isRoot).flatMap(({ rule, problem, messageProblem, usesOldSelf }, index) => {
    const at = path.child(RULES).index(index);
    const errors: FieldError[] = [];
    if (problem !== undefined) errors.push(invalidValue(at.child("rule"), internalRule(rule), problem));
    if (messageProblem !== undefined) errors.push(invalidValue(at.child("messageExpression"), internalRule(rule), messageProblem));
    if (usesOldSelf && of.uncorrelatable !== undefined) {
      errors.push(invalidValue(at.child("rule"), rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${of.uncorrelatable}`));
    } else if (!usesOldSelf && problem === undefined && rule.optionalOldSelf !== undefined) {
      errors.push(invalidValue(at.child("optionalOldSelf"), rule.optionalOldSelf, "may not be set if oldSelf is not used in rule"));
    }
    return errors;
  });
}
