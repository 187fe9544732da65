// Behaviour: k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch: what an expression makes of an object.
import { isJsonObject, type JsonObject } from "../../../api/patch/json-value.ts";
import { applyJsonPatch, decodeJsonPatch } from "../../../api/patch/json-patch.ts";
import type { Mutation as MutationSpec } from "../../../api/generated/types/admissionregistration/v1.ts";
import type { UnstructuredObject } from "../../../api/object.ts";
import { schemaOf } from "../../field-tracking.ts";
import { mergeValues } from "../../managed-fields/merge.ts";
import { checkType, formatTypeProblems } from "../../managed-fields/type-check.ts";
import { asObject, objectType, typeOfField, type ValueType } from "../../managed-fields/value-type.ts";
import type { RequestCompiler, RequestExpression, RequestVariables } from "../cel/expressions.ts";
import { fromCel } from "../cel/values.ts";
import type { MatchedVersion } from "../request-matching.ts";

/** Makes the changed object; throws an Error that says why it cannot. */
export type Mutation = (object: UnstructuredObject, variables: RequestVariables, matched: MatchedVersion) => object;

/** Compiles one mutation of a policy. */
export function compileMutation(compiler: RequestCompiler, { jsonPatch, applyConfiguration }: MutationSpec): Mutation {
  const expression = compiler.compile(jsonPatch?.expression ?? applyConfiguration?.expression ?? "");
  return jsonPatch === undefined ? configurationMutation(expression) : patchMutation(expression);
}

function patchMutation(expression: RequestExpression): Mutation {
  return (object, variables) => {
    const value = expression.evaluate(variables);
    if (!Array.isArray(value)) throw new Error("type mismatch: JSONPatchType.expression should evaluate to array");
    const operations = decodeJsonPatch(value.map(fromCel));
    if (testFails(object, operations)) return object;
    try {
      return applyJsonPatch(object, operations) as object;
    } catch (error) {
      throw new Error(`JSON Patch: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
}

/** A patch whose tests do not hold changes nothing. */
function testFails(object: UnstructuredObject, operations: readonly JsonObject[]): boolean {
  const index = operations.findIndex((operation, at) => operation["op"] === "test" && !holds(object, operations.slice(0, at + 1)));
  return index !== -1 && holds(object, operations.slice(0, index));
}

function holds(object: UnstructuredObject, operations: readonly JsonObject[]): boolean {
  try {
    applyJsonPatch(object, operations);
    return true;
  } catch {
    return false;
  }
}

function configurationMutation(expression: RequestExpression): Mutation {
  return (object, variables, { resource }) => {
    const value = fromCel(expression.evaluate(variables));
    if (!isJsonObject(value)) throw new Error(`unsupported return type from ApplyConfiguration expression: ${typeof value}`);
    const { apiVersion, kind } = object;
    const configuration = { ...value, apiVersion, kind };
    const type = objectType(schemaOf(resource));
    const problems = checkType(type, configuration);
    if (problems.length > 0) throw new Error(`error applying patch: failed to convert patch object to typed object: ${formatTypeProblems(problems)}`);
    const atomics = atomicPaths(type, configuration, "");
    if (atomics.length > 0) throw new Error(`error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(", ")}`);
    return mergeValues(type, object, configuration) as object;
  };
}

/** Parts that can only be set as a whole. */
function atomicPaths(type: ValueType, value: unknown, path: string): string[] {
  if (type.kind === "map" && isJsonObject(value)) {
    const below = Object.entries(asObject(value)).flatMap(([name, field]) => atomicPaths(typeOfField(type, name), field, `${path}.${name}`));
    return type.atomic ? [path, ...below] : below;
  }
  if (type.kind === "list" && Array.isArray(value)) {
    const below = value.flatMap((item, index) => atomicPaths(type.element, item, `${path}[${index}]`));
    return type.relation === "atomic" ? [path, ...below] : below;
  }
  return [];
}
