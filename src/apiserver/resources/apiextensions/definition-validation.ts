// Behaviour: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation: definitions as a whole.
import { approvalState, API_APPROVED_ANNOTATION, isProtectedGroup } from "../../../api/api-approval.ts";
import { type FieldError, FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionSpec, CustomResourceDefinitionVersion } from "../../../api/generated/types/apiextensions/v1.ts";
import { isDNS1035Label, isDNS1123Subdomain } from "../../../api/name-validation.ts";
import { conditionIsTrue } from "../../custom-resources/conditions.ts";
import { someSchema } from "../../custom-resources/structural-schema.ts";
import { validateConversion } from "./conversion-validation.ts";
import { internalVersions, isShared, pathOf } from "./internal-form.ts";
import { validateNames } from "./names-validation.ts";
import { validateVersionSchema } from "./schema-validation.ts";
import { validateColumn, validateSelectableFields, validateSubresources } from "./version-parts-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");
const IMMUTABLE = "field is immutable";
const MAX_WARNING_LENGTH = 256;

/** What is wrong with a new definition. */
export function validateDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { metadata, spec } = definition;
  const name = metadata.name ?? "";
  const misnamed = name !== "" && name !== `${spec.names.plural}.${spec.group}`;
  return [
    ...(misnamed ? [invalidValue(new FieldPath("metadata").child("name"), name, 'must be spec.names.plural+"."+spec.group')] : []),
    ...validateSpec(spec, true),
    ...validateStatus(definition),
    ...validateApproval(definition, undefined),
    ...validatePreserveUnknownFields(spec, undefined),
  ];
}

/** What is wrong with a change of a definition. */
export function validateDefinitionUpdate(next: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const established = conditionIsTrue(old, "Established");
  return [
    ...validateSpec(next.spec, !established),
    ...(established ? [...immutable(next.spec.scope, old.spec.scope, SPEC.child("scope")), ...immutable(next.spec.names.kind, old.spec.names.kind, SPEC.child("names", "kind"))] : []),
    ...immutable(next.spec.group, old.spec.group, SPEC.child("group")),
    ...immutable(next.spec.names.plural, old.spec.names.plural, SPEC.child("names", "plural")),
    ...validateStatus(next),
    ...validateApproval(next, old),
    ...validatePreserveUnknownFields(next.spec, old.spec),
  ];
}

/** What is wrong with the status of a definition. */
export function validateDefinitionStatus({ status }: CustomResourceDefinition): FieldError[] {
  return validateNames(status.acceptedNames, STATUS.child("acceptedNames"));
}

function immutable(next: string, old: string, path: FieldPath): FieldError[] {
  return next === old ? [] : [invalidValue(path, next, IMMUTABLE)];
}

function validateSpec(spec: CustomResourceDefinitionSpec, allowsInvalidBundle: boolean): FieldError[] {
  const { versions, names } = spec;
  const errors = [...validateGroup(spec.group), ...validateScope(spec.scope)];
  for (const [index, version] of versions.entries()) {
    if (version.schema?.openAPIV3Schema === undefined && !(isShared(spec, "schema") && versions[0]?.schema?.openAPIV3Schema !== undefined)) {
      errors.push(requiredValue(SPEC.child("versions").index(index).child("schema", "openAPIV3Schema")));
    }
  }
  if (spec.preserveUnknownFields && versions.some(({ schema }) => someSchema(schema?.openAPIV3Schema, (at) => at.default !== undefined))) {
    errors.push(invalidValue(SPEC.child("preserveUnknownFields"), true, "must be false in order to use defaults in the schema"));
  }
  for (const [index, version] of versions.entries()) errors.push(...validateVersion(spec, version, index, false));
  if (new Set(versions.map(({ name }) => name)).size < versions.length) errors.push(invalidValue(SPEC.child("versions"), internalVersions(spec), "must contain unique version names"));
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(invalidValue(SPEC.child("versions"), internalVersions(spec), "must have exactly one version marked as storage version"));
  }
  const first = versions[0];
  if (first !== undefined && first.name !== "") {
    const problems = isDNS1035Label(first.name);
    if (problems.length > 0) errors.push(invalidValue(SPEC.child("version"), first.name, problems.join(",")));
  }
  for (const field of ["plural", "singular", "kind", "listKind"] as const) {
    if (!names[field]) errors.push(requiredValue(SPEC.child("names", field)));
  }
  errors.push(...validateNames(names, SPEC.child("names")));
  if (first !== undefined) errors.push(...validateVersion(spec, first, 0, true));
  if (spec.conversion !== undefined && spec.conversion.strategy !== "None" && spec.preserveUnknownFields) {
    errors.push(invalidValue(SPEC.child("conversion", "strategy"), spec.conversion.strategy, "must be None if spec.preserveUnknownFields is true"));
  }
  return [...errors, ...validateConversion(spec.conversion, SPEC.child("conversion"), allowsInvalidBundle)];
}

function validateGroup(group: string): FieldError[] {
  const path = SPEC.child("group");
  if (group === "") return [requiredValue(path)];
  const problems = isDNS1123Subdomain(group);
  if (problems.length > 0) return [invalidValue(path, group, problems.join(","))];
  return group.includes(".") ? [] : [invalidValue(path, group, "should be a domain with at least one dot")];
}

function validateScope(scope: string): FieldError[] {
  const path = SPEC.child("scope");
  if (scope === "") return [requiredValue(path)];
  return scope === "Cluster" || scope === "Namespaced" ? [] : [notSupportedValue(path, scope, ["Cluster", "Namespaced"])];
}

/** Checks the parts that stand in a version, or those that it shares with all others. */
function validateVersion(spec: CustomResourceDefinitionSpec, version: CustomResourceDefinitionVersion, index: number, shared: boolean): FieldError[] {
  const at = (part: Parameters<typeof pathOf>[1]) => (isShared(spec, part) === shared ? pathOf(spec, part, index) : undefined);
  const own = SPEC.child("versions").index(index);
  const errors: FieldError[] = [];
  if (!shared) {
    const problems = isDNS1035Label(version.name);
    if (problems.length > 0) errors.push(invalidValue(own.child("name"), version.name, problems.join(",")));
    for (const problem of deprecationProblems(version)) errors.push(invalidValue(own.child("deprecationWarning"), version.deprecationWarning, problem));
  }
  const schema = at("schema");
  if (schema !== undefined && version.schema?.openAPIV3Schema !== undefined) {
    const hasStatus = isShared(spec, "schema") ? spec.versions.some(({ subresources }) => subresources?.status !== undefined) : version.subresources?.status !== undefined;
    errors.push(...validateVersionSchema(version.schema.openAPIV3Schema, schema, hasStatus));
  }
  const subresources = at("subresources");
  if (subresources !== undefined) errors.push(...validateSubresources(version.subresources, subresources));
  const columns = at("additionalPrinterColumns");
  if (columns !== undefined) for (const [place, column] of (version.additionalPrinterColumns ?? []).entries()) errors.push(...validateColumn(column, columns.index(place)));
  const fields = at("selectableFields");
  if (fields !== undefined && version.selectableFields?.length) errors.push(...validateSelectableFields(version.selectableFields, version.schema?.openAPIV3Schema, fields));
  return errors;
}

function deprecationProblems({ deprecated, deprecationWarning }: CustomResourceDefinitionVersion): string[] {
  if (deprecationWarning === undefined) return [];
  if (!deprecated) return ["can only be set for deprecated versions"];
  const problems: string[] = [];
  if (Buffer.byteLength(deprecationWarning) > MAX_WARNING_LENGTH) problems.push(`must be <= ${MAX_WARNING_LENGTH} characters long`);
  if (deprecationWarning === "") problems.push("must not be an empty string");
  const unprintable = /[^\P{C}]|[^\P{Z} ]/u.exec(deprecationWarning);
  if (unprintable !== null) {
    const index = Buffer.byteLength(deprecationWarning.slice(0, unprintable.index));
    problems.push(`must only contain printable UTF-8 characters; non-printable character found at index ${index}`);
  }
  return problems;
}

function validateStatus({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = STATUS.child("storedVersions");
  const errors = validateNames(status.acceptedNames, STATUS.child("acceptedNames"));
  const stored = status.storedVersions ?? [];
  if (stored.length === 0) return [...errors, invalidValue(path, null, "must have at least one stored version")];
  for (const { name, storage } of spec.versions) {
    if (storage && !stored.includes(name)) errors.push(invalidValue(path, stored, `must have the storage version ${name}`));
  }
  for (const [index, name] of stored.entries()) {
    if (spec.versions.some((version) => version.name === name)) continue;
    errors.push(invalidValue(path.index(index), name, `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`));
  }
  return errors;
}

function validateApproval({ metadata, spec }: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  if (!isProtectedGroup(spec.group)) return [];
  const { state, message } = approvalState(metadata.annotations);
  if (old !== undefined && approvalState(old.metadata.annotations).state === state) return [];
  const path = new FieldPath("metadata").child("annotations").key(API_APPROVED_ANNOTATION);
  if (state === "missing") return [requiredValue(path, message)];
  return state === "invalid" ? [invalidValue(path, metadata.annotations?.[API_APPROVED_ANNOTATION], message)] : [];
}

function validatePreserveUnknownFields(next: CustomResourceDefinitionSpec, old: CustomResourceDefinitionSpec | undefined): FieldError[] {
  if (!next.preserveUnknownFields || old?.preserveUnknownFields) return [];
  return [invalidValue(SPEC.child("preserveUnknownFields"), true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")];
}
