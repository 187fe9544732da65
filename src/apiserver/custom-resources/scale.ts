// Behaviour: k8s.io/apiextensions-apiserver/pkg/registry/customresource: replica counts at the paths that a definition names.
import { type FieldError, FieldPath, invalidValue } from "../../api/field-errors.ts";
import type { CustomResourceSubresourceScale } from "../../api/generated/types/apiextensions/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import type { ScaleStrategy } from "../resource.ts";
import { isObject } from "./structural-schema.ts";

const MAX_REPLICAS = 2 ** 31 - 1;

/** The scale subresource of a custom resource. */
export function scaleStrategy({ specReplicasPath, statusReplicasPath, labelSelectorPath }: CustomResourceSubresourceScale): ScaleStrategy<UnstructuredObject> {
  return {
    get(object) {
      const selector = labelSelectorPath === undefined ? "" : valueAt(object, labelSelectorPath);
      return { replicas: countAt(object, specReplicasPath), statusReplicas: countAt(object, statusReplicasPath), selector: typeof selector === "string" ? selector : "" };
    },
    set(object, replicas) {
      setAt(object, specReplicasPath, replicas);
    },
    replicasPath: namesOf(specReplicasPath),
  };
}

/** What is wrong with the wanted count. */
export function validateScaleSpec(object: UnstructuredObject, scale: CustomResourceSubresourceScale | undefined): FieldError[] {
  return scale === undefined ? [] : validateCount(object, scale.specReplicasPath);
}

/** What is wrong with the counted replicas and their selector. */
export function validateScaleStatus(object: UnstructuredObject, scale: CustomResourceSubresourceScale | undefined): FieldError[] {
  if (scale === undefined) return [];
  const errors = validateCount(object, scale.statusReplicasPath);
  const { labelSelectorPath } = scale;
  if (labelSelectorPath === undefined) return errors;
  const problem = accessProblem(object, labelSelectorPath, "string");
  return problem === undefined ? errors : [...errors, invalidValue(new FieldPath(labelSelectorPath), "", problem)];
}

function validateCount(object: UnstructuredObject, path: string): FieldError[] {
  const problem = accessProblem(object, path, "int64");
  const at = new FieldPath(path);
  if (problem !== undefined) return [invalidValue(at, 0, problem)];
  const count = countAt(object, path);
  if (count < 0) return [invalidValue(at, count, "should be a non-negative integer")];
  return count > MAX_REPLICAS ? [invalidValue(at, count, `should be less than or equal to ${MAX_REPLICAS}`)] : [];
}

/** Why a value of a type cannot be read at a path, in the words of unstructured's accessors. */
function accessProblem(object: UnstructuredObject, path: string, type: "int64" | "string"): string | undefined {
  let value: unknown = object;
  const names = namesOf(path);
  for (const [index, name] of names.entries()) {
    if (!isObject(value)) return accessorError(names.slice(0, index + 1), value, "map[string]interface{}");
    if (!Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  const fits = type === "string" ? typeof value === "string" : Number.isInteger(value);
  return fits ? undefined : accessorError(names, value, type);
}

function accessorError(names: readonly string[], value: unknown, wanted: string): string {
  return `.${names.join(".")} accessor error: ${goText(value)} is of the type ${goType(value)}, expected ${wanted}`;
}

function goText(value: unknown): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isObject(value)) return String(value);
  return `map[${Object.keys(value).sort().map((key) => `${key}:${goText(value[key])}`).join(" ")}]`;
}

function goType(value: unknown): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

function namesOf(path: string): string[] {
  return path.replace(/^\./, "").split(".");
}

function valueAt(object: UnstructuredObject, path: string): unknown {
  return namesOf(path).reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), object);
}

function countAt(object: UnstructuredObject, path: string): number {
  const value = valueAt(object, path);
  return typeof value === "number" ? value : 0;
}

function setAt(object: UnstructuredObject, path: string, count: number): void {
  const names = namesOf(path);
  const last = names.pop() ?? "";
  let target: Record<string, unknown> = object;
  for (const name of names) {
    const next = target[name];
    if (isObject(next)) target = next;
    else {
      const made: Record<string, unknown> = {};
      target[name] = made;
      target = made;
    }
  }
  target[last] = count;
}
