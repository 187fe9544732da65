// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go: x-kubernetes-validations of objects.
import { CelEvaluationError, COST_EXCEEDED, type CostBudget } from "../../api/cel/expression.ts";
import { deepEqual } from "../registry/deep-equal.ts";
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidField, invalidValue, requiredValue } from "../../api/field-errors.ts";
import type { ValidationRule } from "../../api/generated/types/apiextensions/v1.ts";
import { optionalValue } from "../../api/cel/optionals.ts";
import { type CompiledRule, compileRules } from "./rule-compilation.ts";
import { correlatedItem, type Previous } from "./schema-validator.ts";
import { additionalOf, isEmbedded, isObject, itemsOf, propertyOf, type Schema, someSchema } from "./structural-schema.ts";

const MAX_MESSAGE_BYTES = 5 * 1024;

/** What all rules of one object together may cost, about a second. */
const COST_BUDGET = 10_000_000;

/** Runs the rules of a schema and of all below it; they are compiled when they are first needed. */
export class RuleValidator {
  readonly hasRules: boolean;
  private readonly schema: Schema;
  private readonly compiled = new Map<Schema, CompiledRule[]>();
  private readonly withRules = new Map<Schema, boolean>();
  /** Of the validation that is under way. */
  private budget: CostBudget = { remaining: COST_BUDGET };

  constructor(schema: Schema) {
    this.schema = schema;
    this.hasRules = this.hasAny(schema);
  }

  /** What the rules say against a value; `old` is what it replaces. */
  validate(value: unknown, old: unknown, path: FieldPath = new FieldPath()): FieldError[] {
    this.budget = { remaining: COST_BUDGET };
    return this.hasRules ? this.check(this.schema, value, old === undefined ? undefined : { value: old }, path, true) : [];
  }

  private hasAny(schema: Schema): boolean {
    let has = this.withRules.get(schema);
    if (has === undefined) {
      has = someSchema(schema, (at) => (at["x-kubernetes-validations"] ?? []).length > 0);
      this.withRules.set(schema, has);
    }
    return has;
  }

  private check(schema: Schema, value: unknown, old: Previous | undefined, path: FieldPath, isRoot = false): FieldError[] {
    if (value === null || value === undefined || this.budget.remaining < 0 || !this.hasAny(schema)) return [];
    const errors = this.checkOwn(schema, value, old, path, isRoot || isEmbedded(schema));
    if (Array.isArray(value)) {
      const items = itemsOf(schema);
      const oldItems = Array.isArray(old?.value) ? old.value : [];
      if (items !== undefined) for (const [index, item] of value.entries()) errors.push(...this.check(items, item, correlatedItem(schema, oldItems, item), path.index(index)));
    } else if (isObject(value)) {
      for (const [key, field] of Object.entries(value)) {
        const property = propertyOf(schema, key);
        const of = property ?? additionalOf(schema);
        const before = isObject(old?.value) && old.value[key] !== undefined ? { value: old.value[key] } : undefined;
        if (of !== undefined) errors.push(...this.check(of, field, before, property === undefined ? path.key(key) : path.child(key)));
      }
    }
    return errors;
  }

  private checkOwn(schema: Schema, value: unknown, old: Previous | undefined, path: FieldPath, isResource: boolean): FieldError[] {
    if (!schema["x-kubernetes-validations"]?.length) return [];
    let rules = this.compiled.get(schema);
    if (rules === undefined) this.compiled.set(schema, (rules = compileRules(schema, isResource)));
    const before = old === undefined || old.value === null ? undefined : old;
    const self = rules[0]?.type.toValue(value);
    return rules.flatMap((rule) => this.run(rule, schema, value, self, before, path));
  }

  private run(compiled: CompiledRule, schema: Schema, value: unknown, self: unknown, old: Previous | undefined, path: FieldPath): FieldError[] {
    const { rule, expression, usesOldSelf, type } = compiled;
    if (this.budget.remaining < 0) return [];
    if (compiled.problem !== undefined) return [invalidValue(at(path), schema.type ?? "", `rule compile error: ${compiled.problem}`)];
    if (expression === undefined || (usesOldSelf && old === undefined && !rule.optionalOldSelf)) return [];
    const oldSelf = old === undefined ? undefined : type.toValue(old.value);
    const variables = { self, ...(usesOldSelf && { oldSelf: rule.optionalOldSelf ? optionalValue(oldSelf) : oldSelf }) };
    let result: unknown;
    try {
      result = expression.evaluate(variables, this.budget);
    } catch (error) {
      if (!(error instanceof CelEvaluationError)) throw error;
      if (error.message === COST_EXCEEDED) this.budget.remaining = -1;
      return [invalidValue(at(path), schema.type ?? "", runtimeProblem(error.message, rule))];
    }
    if (this.budget.remaining < 0) return [invalidValue(at(path), schema.type ?? "", "validation failed due to running out of cost budget, no further validation rules will be run")];
    if (result === true) return [];
    // What was wrong before and did not change may stay.
    if (!usesOldSelf && old !== undefined && deepEqual(value, old.value)) return [];
    const shown = schema.type === "object" || schema.type === "array" ? undefined : value;
    return [errorOf(rule, at(fieldPathOf(path, rule)), shown, this.messageOf(compiled, { self, ...(oldSelf !== undefined && { oldSelf: rule.optionalOldSelf ? optionalValue(oldSelf) : oldSelf }) }))];
  }

  private messageOf({ rule, message }: CompiledRule, variables: Readonly<Record<string, unknown>>): string {
    if (message !== undefined) {
      try {
        const text = message.evaluate(variables);
        const trimmed = typeof text === "string" ? text.trim() : "";
        if (trimmed !== "" && !trimmed.includes("\n") && Buffer.byteLength(trimmed) <= MAX_MESSAGE_BYTES) return trimmed;
      } catch (error) {
        if (!(error instanceof CelEvaluationError)) throw error;
      }
    }
    return rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
  }
}

/** A field that has no path is "<nil>" to Go. */
function at(path: FieldPath): FieldPath {
  return path.toString() === "" ? new FieldPath("<nil>") : path;
}

function fieldPathOf(path: FieldPath, { fieldPath = "" }: ValidationRule): FieldPath {
  const normalized = fieldPath.trim().replace(/^\./, "").replace(/\['((?:\\.|[^'])*)'\]/g, "[$1]");
  if (normalized.startsWith("[")) return new FieldPath(`${path}${normalized}`);
  return path.child(normalized);
}

function runtimeProblem(message: string, rule: ValidationRule): string {
  const text = rule.message ? rule.message.trim() : rule.rule.trim();
  if (message.startsWith("no such overload")) return `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${text}`;
  if (message === COST_EXCEEDED) return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
  return `${message} evaluating rule: ${text}`;
}

function errorOf({ reason }: ValidationRule, path: FieldPath, value: unknown, detail: string): FieldError {
  switch (reason) {
    case "FieldValueForbidden":
      return forbiddenField(path, detail);
    case "FieldValueRequired":
      return requiredValue(path, detail);
    case "FieldValueDuplicate":
      return duplicateValue(path, value);
    default:
      return value === undefined ? invalidField(path, detail) : invalidValue(path, value, detail);
  }
}
