// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notSupportedValue } from "../../../api/field-errors.ts";
import { additionalOf, isEmbedded, META_FIELDS, type Schema } from "../../custom-resources/structural-schema.ts";
import { validateDefaults } from "./default-validation.ts";
import { validateListType, validateMapType } from "./list-type-validation.ts";
import { validateRuleForm, validateRules } from "./rule-validation.ts";
import { unreadable, validateStructural } from "./structural-validation.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const AT_ROOT = ["Description", "Type", "Format", "Title", "Maximum", "ExclusiveMaximum", "Minimum", "ExclusiveMinimum", "MaxLength", "MinLength", "Pattern", "MaxItems", "MinItems", "UniqueItems", "MultipleOf", "Required", "Items", "Properties", "ExternalDocs", "Example", "XPreserveUnknownFields", "XValidations"];

/** What is wrong with a version's schema; `path` is that of the field that holds it. */
export function validateVersionSchema(schema: Schema, path: FieldPath, hasStatus: boolean): FieldError[] {
  const at = path.child("openAPIV3Schema");
  const errors: FieldError[] = hasStatus ? rootFields(schema, at) : [];
  if (schema.nullable) errors.push(forbiddenField(at.child("nullable"), "nullable cannot be true at the root"));
  const problem = unreadable(schema);
  let hasRules = false;
  if (problem === undefined) {
    const structural = validateStructural(schema, at);
    const found = structural.length > 0 ? structural : validateDefaults(schema, at);
    hasRules = found.length === 0;
    errors.push(...found);
  }
  const { schemaErrors, ruleErrors } = check(schema, at, {}, { isRoot: true, withRules: hasRules });
  errors.push(...schemaErrors, ...ruleErrors);
  if (errors.length === 0 && problem !== undefined) errors.push(invalidValue(at, "", problem));
  return errors;
}

function rootFields(schema: Schema, path: FieldPath): FieldError[] {
  for (const [field, value] of Object.entries(schema)) {
    if (value === undefined || value === "" || value === false) continue;
    if (field === "type") {
      if (value !== "object") return [invalidValue(path.child("type"), value, 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled')];
      continue;
    }
    const goName = field.replace(/^x-kubernetes-/, "x-").replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (!AT_ROOT.includes(goName)) return [invalidValue(path, schema, `only [${AT_ROOT.join(" ")}] fields are allowed at the root of the schema if the status subresource is enabled`)];
  }
  return [];
}

/** What holds below a schema because of those above it. */
interface Surroundings {
  readonly insideMeta?: boolean;
  readonly defaultsForbidden?: string;
  /** The nearest schema above whose old value cannot be told from others. */
  readonly uncorrelatable?: FieldPath;
}

interface Found {
  readonly schemaErrors: FieldError[];
  readonly ruleErrors: FieldError[];
}

function check(schema: Schema, path: FieldPath, around: Surroundings, { isRoot = false, withRules }: { isRoot?: boolean; withRules: boolean }): Found {
  const found: Found = { schemaErrors: standardErrors(schema, path, around), ruleErrors: [] };
  const below: Below = (child, at, surroundings, rules = withRules) => {
    const { schemaErrors, ruleErrors } = check(child, at, surroundings, { withRules: rules });
    found.schemaErrors.push(...schemaErrors);
    found.ruleErrors.push(...ruleErrors);
  };
  if (schema.uniqueItems) found.schemaErrors.push(forbiddenField(path.child("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
  checkAdditional(schema, path, around, found, below);
  for (const [name, property] of Object.entries(schema.properties ?? {}).sort(byName)) {
    below(property, path.child("properties").key(name), propertySurroundings(schema, path, around, name, isRoot));
  }
  if (schema.not !== undefined) below(schema.not, path.child("not"), around, false);
  for (const kind of ["allOf", "oneOf", "anyOf"] as const) {
    for (const [index, part] of (schema[kind] ?? []).entries()) below(part, path.child(kind).index(index), around, false);
  }
  for (const [name, definition] of Object.entries(schema.definitions ?? {}).sort(byName)) below(definition, path.child("definitions").key(name), around, false);
  checkItems(schema, path, around, below);
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    found.schemaErrors.push(invalidValue(path.child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"));
  }
  found.schemaErrors.push(...validateMapType(schema, path), ...validateListType(schema, path), ...validateRuleForm(schema, path));
  if (withRules && found.schemaErrors.length === 0) {
    found.ruleErrors.push(...validateRules(schema, path, { isRoot: isRoot || isEmbedded(schema), uncorrelatable: around.uncorrelatable }));
  }
  return found;
}

type Below = (child: Schema, at: FieldPath, surroundings: Surroundings, withRules?: boolean) => void;

function checkAdditional(schema: Schema, path: FieldPath, around: Surroundings, found: Found, below: Below): void {
  const { additionalProperties, properties = {} } = schema;
  if (additionalProperties === undefined) return;
  const at = path.child("additionalProperties");
  if (Object.keys(properties).length > 0 && additionalProperties !== true) found.schemaErrors.push(forbiddenField(at, "additionalProperties and properties are mutual exclusive"));
  const additional = additionalOf(schema);
  if (additional === undefined) return;
  below(additional, at, around.insideMeta ? { ...around, defaultsForbidden: "inside additionalProperties applying to object metadata" } : around);
}

function checkItems(schema: Schema, path: FieldPath, around: Surroundings, below: Below): void {
  const { items } = schema;
  if (items === undefined) return;
  const isCorrelatable = schema["x-kubernetes-list-type"] === "map";
  const inside = isCorrelatable || around.uncorrelatable !== undefined ? around : { ...around, uncorrelatable: path };
  if (Array.isArray(items)) for (const [index, item] of items.entries()) below(item, path.child("items").index(index), inside);
  else below(items, path.child("items"), inside);
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}

function propertySurroundings(schema: Schema, path: FieldPath, around: Surroundings, name: string, isRoot: boolean): Surroundings {
  const mapType = schema["x-kubernetes-map-type"];
  const isCorrelatable = mapType === undefined || mapType === "granular" || mapType === "atomic";
  const inside = isCorrelatable || around.uncorrelatable !== undefined ? around : { ...around, uncorrelatable: path };
  if (!(isRoot || isEmbedded(schema)) || !META_FIELDS.has(name)) return inside;
  return { ...inside, insideMeta: true, ...(isRoot && { defaultsForbidden: `in top-level ${name}` }) };
}

const NOT_SUPPORTED = ["additionalItems", "patternProperties", "definitions", "dependencies"] as const;

function standardErrors(schema: Schema, path: FieldPath, around: Surroundings): FieldError[] {
  const errors: FieldError[] = [];
  const { type = "" } = schema;
  if (type !== "" && !TYPES.includes(type)) errors.push(notSupportedValue(path.child("type"), type, TYPES));
  if (schema.default !== undefined && around.defaultsForbidden !== undefined) errors.push(forbiddenField(path.child("default"), `must not be set ${around.defaultsForbidden}`));
  if (schema.id) errors.push(forbiddenField(path.child("id"), "id is not supported"));
  for (const field of NOT_SUPPORTED) {
    const value = schema[field];
    const isEmptyMap = field !== "additionalItems" && field !== "dependencies" && typeof value === "object" && Object.keys(value).length === 0;
    if (value !== undefined && !isEmptyMap) errors.push(forbiddenField(path.child(field), `${field} is not supported`));
  }
  if (schema.$ref !== undefined) errors.push(forbiddenField(path.child("$ref"), "$ref is not supported"));
  if (type === "null") errors.push(forbiddenField(path.child("type"), "type cannot be set to null, use nullable as an alternative"));
  if (Array.isArray(schema.items) && schema.items.length > 0) errors.push(forbiddenField(path.child("items"), "items must be a schema object and not an array"));
  if (around.insideMeta && isEmbedded(schema)) errors.push(forbiddenField(path.child("x-kubernetes-embedded-resource"), "must not be used inside of resource meta"));
  return errors;
}
