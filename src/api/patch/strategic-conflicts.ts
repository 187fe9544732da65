// Behaviour: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (MergingMapsHaveConflicts): apply --overwrite=false.
import { formatGoValue, isJsonObject, jsonEquals, type JsonObject } from "./json-value.ts";
import type { PatchField, PatchSchema } from "./patch-schema.ts";
import { itemKind, withMergeKey } from "./strategic-lists.ts";
import { DIRECTIVE, RETAIN_KEYS } from "./strategic-merge-patch.ts";

/** Whether two strategic merge patches of one type set a field to different values. */
export function strategicPatchesConflict(left: JsonObject, right: JsonObject, schema: PatchSchema): boolean {
  return valuesConflict(left, right, { schema, strategy: "", retainKeys: false, mergeKey: "" });
}

function valuesConflict(left: unknown, right: unknown, field: PatchField): boolean {
  if (isJsonObject(left)) return !isJsonObject(right) || objectsConflict(left, right, field);
  if (Array.isArray(left)) return !Array.isArray(right) || listsConflict(left, right, field);
  return !jsonEquals(left, right);
}

function objectsConflict(left: JsonObject, right: JsonObject, field: PatchField): boolean {
  if (left[DIRECTIVE] !== right[DIRECTIVE]) return true;
  if (field.strategy === "replace") return false;
  return Object.keys(left).some((key) => {
    if (key === DIRECTIVE || key === RETAIN_KEYS || !Object.hasOwn(right, key)) return false;
    const value = left[key];
    const scalar = !isJsonObject(value) && !Array.isArray(value);
    // A directive's list stands beside the field that it names.
    const name = key.startsWith("$") ? key.slice(key.indexOf("/") + 1) : key;
    return scalar ? !jsonEquals(value, right[key]) : valuesConflict(value, right[key], field.schema.field(name));
  });
}

function listsConflict(left: unknown[], right: unknown[], field: PatchField): boolean {
  const kind = itemKind([...left, ...right], [left, right]);
  const items: PatchField = { ...field, strategy: "", mergeKey: "" };
  if (field.strategy === "merge") {
    if (kind === "scalar") return false;
    const others = new Map(right.map((item) => [formatGoValue(withMergeKey(item, field.mergeKey)[field.mergeKey]), item]));
    return left.some((item) => {
      const other = others.get(formatGoValue(withMergeKey(item, field.mergeKey)[field.mergeKey]));
      return other !== undefined && valuesConflict(item, other, items);
    });
  }
  if (left.length !== right.length) return true;
  if (kind === "object") return left.some((item, index) => valuesConflict(item, right[index], items));
  return !jsonEquals([...new Set(left)].sort(), [...new Set(right)].sort());
}
