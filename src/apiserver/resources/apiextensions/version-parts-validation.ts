// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation: columns, selectable fields and subresources.
import { duplicateValue, type FieldError, type FieldPath, invalidValue, requiredValue, tooManyItems } from "../../../api/field-errors.ts";
import type { CustomResourceColumnDefinition, CustomResourceSubresources, SelectableField } from "../../../api/generated/types/apiextensions/v1.ts";
import { findFieldPath, FieldPathError } from "../../custom-resources/field-paths.ts";
import type { Schema } from "../../custom-resources/structural-schema.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const MAX_SELECTABLE_FIELDS = 8;

/** What is wrong with a printer column. */
export function validateColumn({ name, type, format, jsonPath }: CustomResourceColumnDefinition, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (name === "") errors.push(requiredValue(path.child("name")));
  if (type === "") errors.push(requiredValue(path.child("type"), types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalidValue(path.child("type"), type, types));
  if (format && !COLUMN_FORMATS.includes(format)) errors.push(invalidValue(path.child("format"), format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  if (jsonPath === "") errors.push(requiredValue(path.child("JSONPath")));
  else errors.push(...simplePath(jsonPath, path.child("JSONPath")));
  return errors;
}

/** What is wrong with the fields that one can select by. */
export function validateSelectableFields(fields: readonly SelectableField[], schema: Schema | undefined, path: FieldPath): FieldError[] {
  if (schema === undefined) return [invalidValue(path, "", "may only be set when validations.schema is included")];
  const known = new Set<string>();
  const errors = fields.flatMap(({ jsonPath }, index) => validateSelectableField(jsonPath, schema, path.index(index).child("jsonPath"), known));
  return known.size > MAX_SELECTABLE_FIELDS ? [...errors, tooManyItems(path, known.size, MAX_SELECTABLE_FIELDS)] : errors;
}

function validateSelectableField(jsonPath: string, schema: Schema, path: FieldPath, known: Set<string>): FieldError[] {
  if (jsonPath === "") return [requiredValue(path)];
  let found: { path: string; schema: Schema | undefined };
  try {
    found = findFieldPath(jsonPath, schema, { allowArrayNotation: false });
  } catch (error) {
    if (!(error instanceof FieldPathError)) throw error;
    return [invalidValue(path, jsonPath, `is an invalid path: ${error.message}`)];
  }
  const errors: FieldError[] = [];
  if (/^metadata(?:$|[.[])/.test(found.path)) errors.push(invalidValue(path, jsonPath, "must not point to fields in metadata"));
  if (!["string", "boolean", "integer"].includes(found.schema?.type ?? "")) {
    errors.push(invalidValue(path, jsonPath, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."));
  }
  if (known.has(found.path)) errors.push(duplicateValue(path, jsonPath));
  known.add(found.path);
  return errors;
}

/** What is wrong with the paths of the scale subresource. */
export function validateSubresources(subresources: CustomResourceSubresources | undefined, path: FieldPath): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const errors = [
    ...replicasPath(specReplicasPath, ".spec.", "should be a json path under .spec", path.child("scale.specReplicasPath")),
    ...replicasPath(statusReplicasPath, ".status.", "should be a json path under .status", path.child("scale.statusReplicasPath")),
  ];
  if (!labelSelectorPath) return errors;
  const at = path.child("scale.labelSelectorPath");
  const problems = simplePath(labelSelectorPath, at);
  if (problems.length > 0) return [...errors, ...problems];
  return /^\.(?:spec|status)\./.test(labelSelectorPath) ? errors : [...errors, invalidValue(at, labelSelectorPath, "should be a json path under either .spec or .status")];
}

function replicasPath(value: string, prefix: string, message: string, path: FieldPath): FieldError[] {
  if (value === "") return [requiredValue(path)];
  const problems = simplePath(value, path);
  if (problems.length > 0) return problems;
  return value.startsWith(prefix) ? [] : [invalidValue(path, value, message)];
}

function simplePath(value: string, path: FieldPath): FieldError[] {
  return value.startsWith(".") ? [] : [invalidValue(path, value, "must be a simple json path starting with .")];
}
