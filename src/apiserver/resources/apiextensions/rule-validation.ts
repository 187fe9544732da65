// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation: x-kubernetes-validations, and what they may cost.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import { findFieldPath, FieldPathError } from "../../custom-resources/field-paths.ts";
import { compileRules } from "../../custom-resources/rule-compilation.ts";
import type { Schema } from "../../custom-resources/structural-schema.ts";
import { internalRule } from "./internal-form.ts";
import { unreadable } from "./structural-validation.ts";

const RULES = "x-kubernetes-validations";
const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const RULE_COST_LIMIT = 10_000_000;
const SCHEMA_COST_LIMIT = 100_000_000;

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

/** Adds up what the rules of one schema may cost. */
export class RuleBudget {
  private readonly path: FieldPath;
  private readonly isUnchanged: boolean;
  private readonly costs: { path: FieldPath; cost: number }[] = [];

  constructor(path: FieldPath, isUnchanged: boolean) {
    this.path = path;
    this.isUnchanged = isUnchanged;
  }

  /** Notes a cost; the error when it is too much for one expression. */
  spend(path: FieldPath, cost: number, what: string): FieldError[] {
    this.costs.push({ path, cost });
    return !this.isUnchanged && cost > RULE_COST_LIMIT ? [forbiddenField(path, tooExpensive(`estimated ${what} cost`, cost, RULE_COST_LIMIT))] : [];
  }

  /** The errors of all together. */
  errors(): FieldError[] {
    const total = this.costs.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= SCHEMA_COST_LIMIT) return [];
    const expensive = [...this.costs].sort((left, right) => right.cost - left.cost).slice(0, 4).filter(({ cost }) => cost > 0);
    return [
      ...expensive.map(({ path }) => forbiddenField(path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema")),
      forbiddenField(this.path, tooExpensive("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", total, SCHEMA_COST_LIMIT)),
    ];
  }
}

function tooExpensive(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown = factor > 100 ? "more than 100x" : `${factor < 1.5 ? factor.toFixed(6) : factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** What is wrong with the expressions of a schema's rules. */
export function validateRules(
  schema: Schema,
  path: FieldPath,
  of: { readonly isRoot: boolean; readonly cardinality: number | undefined; readonly uncorrelatable: FieldPath | undefined; readonly budget: RuleBudget },
): FieldError[] {
  return compileRules(schema, of.isRoot).flatMap(({ rule, problem, messageProblem, usesOldSelf, cost, messageCost, ownCardinality }, index) => {
    const at = path.child(RULES).index(index);
    const errors = of.budget.spend(at.child("rule"), cost * (of.cardinality ?? ownCardinality), "rule");
    if (problem !== undefined) errors.push(invalidValue(at.child("rule"), internalRule(rule), problem));
    if (messageProblem !== undefined) errors.push(invalidValue(at.child("messageExpression"), internalRule(rule), messageProblem));
    else if (rule.messageExpression) errors.push(...of.budget.spend(at.child("messageExpression"), messageCost, "messageExpression"));
    if (usesOldSelf && of.uncorrelatable !== undefined) {
      errors.push(invalidValue(at.child("rule"), rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${of.uncorrelatable}`));
    } else if (!usesOldSelf && problem === undefined && rule.optionalOldSelf !== undefined) {
      errors.push(invalidValue(at.child("optionalOldSelf"), rule.optionalOldSelf, "may not be set if oldSelf is not used in rule"));
    }
    return errors;
  });
}
