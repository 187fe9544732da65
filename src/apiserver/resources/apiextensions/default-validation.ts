// Behaviour: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go: defaults must be valid themselves.
import { type FieldError, FieldPath, invalidValue } from "../../../api/field-errors.ts";
import { semanticEqual } from "../../../api/equality.ts";
import { validateEmbedded } from "../../custom-resources/embedded-metadata.ts";
import { pruneValue } from "../../custom-resources/pruning.ts";
import { RuleValidator } from "../../custom-resources/rules.ts";
import { validateSchema } from "../../custom-resources/schema-validator.ts";
import { isEmbedded, itemsOf, type Schema } from "../../custom-resources/structural-schema.ts";

/** What is wrong with the defaults of a schema. */
export function validateDefaults(schema: Schema, path: FieldPath): FieldError[] {
  const errors = schema.default === undefined || schema.default === null ? [] : validateDefault(schema, schema.default, path.child("default"));
  const items = itemsOf(schema);
  if (items !== undefined) errors.push(...validateDefaults(items, path.child("items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) errors.push(...validateDefaults(property, path.child("properties").key(name)));
  return errors;
}

function validateDefault(schema: Schema, value: unknown, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const pruned = structuredClone(value);
  pruneValue(pruned, schema);
  if (!semanticEqual(pruned, value)) errors.push(invalidValue(path, value, "must not have unknown fields"));
  const embedded = validateEmbedded(value, schema, path, !isEmbedded(schema));
  if (embedded.length > 0) return [...errors, ...embedded];
  const invalid = validateSchema(schema, value, { root: path.toString() });
  if (invalid.length > 0) return [...errors, ...invalid];
  const rules = new RuleValidator(schema);
  const broken = rules.validate(value, value, path);
  return [...errors, ...(broken.length > 0 ? broken : rules.validate(value, undefined, path))];
}
