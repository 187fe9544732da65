// Behaviour: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (creating): the patches that kubectl's apply and edit send.
import { cloneJson, formatGoValue, isJsonObject, jsonEquals, ownField, setField, type JsonObject } from "./json-value.ts";
import { conflictMessage } from "./merge-patch.ts";
import { PatchConflictError, PreconditionFailedError } from "./patch-errors.ts";
import type { PatchField, PatchSchema } from "./patch-schema.ts";
import type { Precondition } from "./preconditions.ts";
import { strategicPatchesConflict } from "./strategic-conflicts.ts";
import { inOrder, itemKind, withMergeKey } from "./strategic-lists.ts";
import { DELETE_FROM_LIST, DIRECTIVE, mergeStrategicPatches, RETAIN_KEYS, sameItem, SET_ELEMENT_ORDER } from "./strategic-merge-patch.ts";
import { StatusError } from "../errors.ts";

/** Which differences a patch shall hold. */
interface DiffOptions {
  readonly changes: boolean;
  readonly deletions: boolean;
  /** Whether changed lists come with their $setElementOrder. */
  readonly elementOrder: boolean;
}

/**
 * The strategic merge patch that makes `modified` of `original`.
 * @throws PreconditionFailedError when a precondition does not hold for the patch.
 */
export function createTwoWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  schema: PatchSchema,
  preconditions: readonly Precondition[] = [],
): JsonObject {
  const patch = diffObjects(original, modified, schema, { changes: true, deletions: true, elementOrder: true }, false);
  return checked(cloneJson(patch), preconditions);
}

/**
 * The strategic merge patch of an apply: it brings `current` (live) to `modified` (the new configuration), and removes
 * what `original` (the last applied one) had and `modified` has no more; what others added to `current` stays.
 * @throws PreconditionFailedError when a precondition does not hold for the patch.
 * @throws PatchConflictError when `overwrite` is false and `current` was changed where the patch changes it otherwise.
 */
export function createThreeWayMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  schema: PatchSchema,
  options: { readonly overwrite: boolean; readonly preconditions?: readonly Precondition[] },
): JsonObject {
  const changes = diffObjects(current, modified, schema, { changes: true, deletions: false, elementOrder: true }, false);
  const deletions = diffObjects(original, modified, schema, { changes: false, deletions: true, elementOrder: true }, false);
  const patch = checked(mergeStrategicPatches(deletions, changes, schema), options.preconditions ?? []);
  if (!options.overwrite) {
    const changed = diffObjects(original, current, schema, { changes: true, deletions: true, elementOrder: false }, false);
    if (strategicPatchesConflict(patch, changed, schema)) throw new PatchConflictError(conflictMessage(patch, changed));
  }
  return patch;
}

function checked(patch: JsonObject, preconditions: readonly Precondition[]): JsonObject {
  if (!preconditions.every((holds) => holds(patch))) throw new PreconditionFailedError(patch);
  return patch;
}

function diffObjects(original: JsonObject, modified: JsonObject, schema: PatchSchema, options: DiffOptions, retainKeys: boolean): JsonObject {
  const patch: JsonObject = {};
  for (const [key, value] of Object.entries(modified)) {
    const before = ownField(original, key);
    if (isJsonObject(before) && isJsonObject(value)) diffObjectField(key, before, value, patch, schema, options);
    else if (Array.isArray(before) && Array.isArray(value)) diffListField(key, before, value, patch, schema, options);
    else if (options.changes && !jsonEquals(before, value)) setField(patch, key, value);
  }
  if (options.deletions) {
    for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) setField(patch, key, null);
  }
  if (retainKeys) addRetainKeys(original, modified, patch);
  return patch;
}

/** Names all fields that a union shall keep, where one is changed or dropped. */
function addRetainKeys(original: JsonObject, modified: JsonObject, patch: JsonObject): void {
  const kept = Object.keys(modified).filter((key) => modified[key] !== null);
  const dropped = Object.keys(original).some((key) => original[key] !== null && !Object.hasOwn(modified, key));
  if (kept.length > 0 && (dropped || Object.keys(patch).length > 0)) patch[RETAIN_KEYS] = kept.sort();
}

/** A field that the schema does not know matters only where it differs. */
function fieldUnlessEqual(key: string, before: unknown, value: unknown, schema: PatchSchema): PatchField | undefined {
  try {
    return schema.field(key);
  } catch (error) {
    if (error instanceof StatusError && jsonEquals(before, value)) return undefined;
    throw error;
  }
}

function diffObjectField(key: string, before: JsonObject, value: JsonObject, patch: JsonObject, schema: PatchSchema, options: DiffOptions): void {
  const field = fieldUnlessEqual(key, before, value, schema);
  if (field === undefined) return;
  if (field.strategy === "replace") {
    if (options.changes) setField(patch, key, value);
    return;
  }
  const changes = diffObjects(before, value, field.schema, options, field.retainKeys);
  if (Object.keys(changes).length > 0) setField(patch, key, changes);
}

function diffListField(key: string, before: unknown[], value: unknown[], patch: JsonObject, schema: PatchSchema, options: DiffOptions): void {
  const field = fieldUnlessEqual(key, before, value, schema);
  if (field === undefined) return;
  if (field.strategy !== "merge") {
    if (options.changes && !jsonEquals(before, value)) patch[key] = value;
    return;
  }
  const { additions, deletions, order } = diffLists(before, value, field, options);
  if (additions.length > 0) patch[key] = additions;
  if (deletions.length > 0) patch[`${DELETE_FROM_LIST}/${key}`] = deletions;
  if (order.length > 0) patch[`${SET_ELEMENT_ORDER}/${key}`] = order;
}

interface ListDiff {
  readonly additions: unknown[];
  /** Scalars only: objects are deleted by an item with a directive. */
  readonly deletions: unknown[];
  readonly order: unknown[];
}

function diffLists(original: unknown[], modified: unknown[], field: PatchField, options: DiffOptions): ListDiff {
  if (original.length === 0) return { additions: options.changes ? modified : [], deletions: [], order: [] };
  const kind = itemKind([...original, ...modified], [original, modified]);
  return kind === "object" ? diffObjectLists(original, modified, field, options) : diffScalarLists(original, modified, options);
}

function diffScalarLists(original: unknown[], modified: unknown[], options: DiffOptions): ListDiff {
  const sortedOriginal = sortScalars(original);
  const sortedModified = sortScalars(modified);
  const additions = options.changes ? without(sortedModified, sortedOriginal) : [];
  const deletions = options.deletions ? [...new Set(without(sortedOriginal, sortedModified))] : [];
  // The order is written down even where it is the old one, unless that is sorted.
  const ordered = options.elementOrder && ((options.deletions && deletions.length > 0) || (options.changes && !jsonEquals(sortedOriginal, modified)));
  return { additions: inOrder(additions, modified, ""), deletions, order: ordered ? modified : [] };
}

/** The items of one list that another does not have, as often as they are there. */
function without(items: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function sortScalars(items: readonly unknown[]): unknown[] {
  return [...items].sort((a, b) => compareText(formatGoValue(a), formatGoValue(b)));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function diffObjectLists(original: unknown[], modified: unknown[], field: PatchField, options: DiffOptions): ListDiff {
  const { mergeKey, schema } = field;
  const before = sortByKey(original, mergeKey);
  const after = sortByKey(modified, mergeKey);
  const changes: JsonObject[] = [];
  const deletions: JsonObject[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [old, next] = [before[left], after[right]];
    const order = old === undefined ? 1 : next === undefined ? -1 : compareText(old.key, next.key);
    if (order === 0 && old !== undefined && next !== undefined) {
      const patch = diffObjects(old.item, next.item, schema, options, field.retainKeys);
      if (Object.keys(patch).length > 0) changes.push({ ...patch, [mergeKey]: next.item[mergeKey] });
      left++;
      right++;
    } else if (order > 0 && next !== undefined) {
      if (options.changes) changes.push(next.item);
      right++;
    } else if (old !== undefined) {
      if (options.deletions) deletions.push({ [mergeKey]: old.item[mergeKey], [DIRECTIVE]: "delete" });
      left++;
    }
  }
  const additions = [...inOrder(changes, modified, mergeKey), ...deletions];
  const sameOrder = original.length === modified.length && modified.every((item, index) => sameItem(original[index], item, mergeKey));
  const ordered = (options.changes && (additions.length > 0 || !sameOrder)) || (options.deletions && additions.length > 0);
  const order = options.elementOrder && ordered ? modified.map((item) => ({ [mergeKey]: withMergeKey(item, mergeKey)[mergeKey] })) : [];
  return { additions, deletions: [], order };
}

function sortByKey(items: readonly unknown[], mergeKey: string): { key: string; item: JsonObject }[] {
  return items
    .map((item) => ({ key: formatGoValue(withMergeKey(item, mergeKey)[mergeKey]), item: withMergeKey(item, mergeKey) }))
    .sort((a, b) => compareText(a.key, b.key));
}
