// Behaviour: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go: lists whose items have an identity, and their order.
import type { StatusError } from "../errors.ts";
import { formatGoValue, goTypeName, isJsonObject, type JsonObject } from "./json-value.ts";
import { unclassifiedError, unprocessablePatch } from "./patch-errors.ts";

/**
 * Whether the items are objects or scalars. All must be of one type.
 * @param lists what the message prints when they are not
 */
export function itemKind(items: readonly unknown[], lists: readonly unknown[]): "object" | "scalar" {
  const [first] = items;
  if (first === undefined) throw unclassifiedError("no elements in any of the given slices");
  if (Array.isArray(first)) throw unprocessablePatch();
  if (items.some((item) => goTypeName(item) !== goTypeName(first))) {
    throw unclassifiedError(`list element types are not identical: ${formatGoValue(lists)}`);
  }
  return isJsonObject(first) ? "object" : "scalar";
}

/** The item as an object that has the merge key; throws the server's error when it is none. */
export function withMergeKey(item: unknown, mergeKey: string): JsonObject {
  if (!isJsonObject(item)) throw unclassifiedError(`expected a map[string]interface {}, but received a ${goTypeName(item)}`);
  if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
  return item;
}

function noMergeKey(item: JsonObject, mergeKey: string): StatusError {
  return unclassifiedError(`map: ${formatGoValue(item)} does not contain declared merge key: ${mergeKey}`);
}

/** The place of the item with that key; -1 when there is none. */
export function findByKey(items: readonly unknown[], mergeKey: string, value: unknown): number {
  return items.findIndex((item, index) => {
    if (!isJsonObject(item)) throw unclassifiedError(`value for key ${index} is not a map`);
    return Object.hasOwn(item, mergeKey) && item[mergeKey] === value;
  });
}

/** Splits items into those that a patch's list speaks of and those that only the server has. */
export function partition(items: readonly unknown[], by: readonly unknown[], mergeKey: string): { inPatch: unknown[]; others: unknown[] } {
  const inPatch: unknown[] = [];
  const others: unknown[] = [];
  for (const item of items) {
    const found = mergeKey === "" ? by.includes(item) : findByKey(by, mergeKey, withMergeKey(item, mergeKey)[mergeKey]) >= 0;
    (found ? inPatch : others).push(item);
  }
  return { inPatch, others };
}

/**
 * Interleaves the patch's items, in the patch's order, with the server's own, in the server's: each of the server's stands
 * before the first of the patch's that it stood before on the server.
 */
export function mergedOrder(inPatch: unknown[], others: unknown[], patchOrder: readonly unknown[], serverOrder: readonly unknown[], mergeKey: string): unknown[] {
  const right = inOrder(inPatch, patchOrder, mergeKey);
  const left = inOrder(others, serverOrder, mergeKey);
  const merged: unknown[] = [];
  let next = 0;
  for (const item of right) {
    const place = placeOf(item, serverOrder, mergeKey);
    while (next < left.length && standsBefore(left[next], place, serverOrder, mergeKey)) merged.push(left[next++]);
    merged.push(item);
  }
  return [...merged, ...left.slice(next)];
}

function standsBefore(item: unknown, place: number, order: readonly unknown[], mergeKey: string): boolean {
  const own = placeOf(item, order, mergeKey);
  return own >= 0 && own < place;
}

/** Sorts items by their place in `order`; those to be deleted come last. */
export function inOrder(items: readonly unknown[], order: readonly unknown[], mergeKey: string): unknown[] {
  const deletions = items.filter((item) => mergeKey !== "" && withMergeKey(item, mergeKey)["$patch"] === "delete");
  const kept = items.filter((item) => !deletions.includes(item));
  const places = new Map(kept.map((item) => [item, placeOf(item, order, mergeKey)]));
  const placed = kept.filter((item) => (places.get(item) ?? -1) >= 0).sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  return [...placed, ...kept.filter((item) => (places.get(item) ?? -1) < 0), ...deletions];
}

function placeOf(item: unknown, order: readonly unknown[], mergeKey: string): number {
  if (mergeKey === "") return order.indexOf(item);
  return isJsonObject(item) ? order.findIndex((other) => isJsonObject(other) && other[mergeKey] === item[mergeKey]) : -1;
}
