// Behaviour: sigs.k8s.io/structured-merge-diff/v6/typed/compare.go: which paths differ between two objects.
import { isJsonObject, jsonEquals, ownField } from "../../api/patch/json-value.ts";
import { wholeValue } from "./extraction.ts";
import { EMPTY_SET, type FieldSet, inOrder, union } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import type { FieldFilter } from "./reset-fields.ts";
import { ANY_MAP, asList, asObject, itemElement, type ListType, type MapType, typeOfField, type ValueType } from "./value-type.ts";

/** The paths that differ; none is in two of the sets. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Parts of a comparison; what is undefined is empty. */
interface Difference {
  added?: FieldSet;
  modified?: FieldSet;
  removed?: FieldSet;
}

type Mutable = { [element: PathElement]: FieldSet };

const PARTS = ["added", "modified", "removed"] as const;

/**
 * Compares two objects of a type.
 * @throws ListItemError when items of a list cannot be told apart
 */
export function compareObjects(type: ValueType, before: unknown, after: unknown): Comparison {
  return { added: EMPTY_SET, modified: EMPTY_SET, removed: EMPTY_SET, ...childDifference(type, before, after) };
}

/** The comparison of what a write reaches. */
export function reachedBy(filter: FieldFilter | undefined, comparison: Comparison): Comparison {
  if (filter === undefined) return comparison;
  return { added: filter(comparison.added), modified: filter(comparison.modified), removed: filter(comparison.removed) };
}

/** What differs below two objects, which are there both. */
function childDifference(type: ValueType, before: unknown, after: unknown): Difference {
  if (type.kind === "map") return compareFields(type, before, after) ?? {};
  return compareFields(ANY_MAP, before, after) ?? {};
}

/** What differs at a step and below it; each part is the node that the step leads to. */
function compareValues(type: ValueType, before: unknown, after: unknown): Difference | undefined {
  if (before === after) return undefined;
  if (before === undefined) return { added: wholeValue(type, after) };
  if (after === undefined) return { removed: wholeValue(type, before) };
  if (type.kind === "scalar") return compareLeaves(before, after);
  if (type.kind === "map") return type.atomic || (isBare(before) && isBare(after)) ? compareLeaves(before, after) : compareFields(type, before, after);
  if (type.kind === "list") {
    const empty = asList(before).length === 0 && asList(after).length === 0;
    if (empty && type.emptyIsNull) return undefined;
    return empty || type.relation === "atomic" ? compareLeaves(before, after) : compareItems(type, before, after);
  }
  return compareAny(before, after);
}

function compareLeaves(before: unknown, after: unknown): Difference | undefined {
  return jsonEquals(before, after) ? undefined : { modified: EMPTY_SET };
}

/** Whether there is no field in a value. */
function isBare(value: unknown): boolean {
  for (const _ in asObject(value)) return false;
  return true;
}

/** Values without a schema: where the one is an object and the other is not, its fields come or go. */
function compareAny(before: unknown, after: unknown): Difference | undefined {
  if (isObjectOrNull(before) && isObjectOrNull(after)) {
    return isBare(before) && isBare(after) ? compareLeaves(before, after) : compareFields(ANY_MAP, before, after);
  }
  if (jsonEquals(before, after)) return undefined;
  const fields = compareFields(ANY_MAP, before, after);
  return { ...fields, modified: EMPTY_SET };
}

function isObjectOrNull(value: unknown): boolean {
  return value === null || isJsonObject(value);
}

function compareFields(type: MapType, before: unknown, after: unknown): Difference | undefined {
  const [old, next] = [asObject(before), asObject(after)];
  const changed: string[] = [];
  for (const name in next) if (ownField(old, name) !== next[name]) changed.push(name);
  for (const name in old) if (ownField(next, name) === undefined && old[name] !== undefined) changed.push(name);
  if (changed.length === 0) return undefined;
  if (changed.length > 1) changed.sort();
  const out: Difference = {};
  let last: string | undefined;
  for (const name of changed) {
    if (name !== last) collect(out, `f:${name}`, compareValues(typeOfField(type, name), ownField(old, name), ownField(next, name)));
    last = name;
  }
  return out;
}

/** Puts what differs at a step into what differs at its parent. */
function collect(out: Difference, element: PathElement, difference: Difference | undefined): void {
  if (difference === undefined) return;
  for (const part of PARTS) {
    const node = difference[part];
    if (node === undefined) continue;
    const parent = (out[part] ??= {}) as Mutable;
    parent[element] = node;
  }
}

function compareItems(type: ListType, before: unknown, after: unknown): Difference | undefined {
  const old = itemsByElement(type, asList(before));
  const next = itemsByElement(type, asList(after));
  const out: Difference = {};
  for (const [element, items] of old) collect(out, element, compareItem(type, items, next.get(element) ?? []));
  for (const [element, items] of next) if (!old.has(element)) collect(out, element, compareItem(type, [], items));
  for (const part of PARTS) if (out[part] !== undefined) out[part] = inOrder(out[part]);
  return out;
}

function itemsByElement(type: ListType, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const found = new Map<PathElement, unknown[]>();
  for (const item of items) {
    const element = itemElement(type, item);
    const others = found.get(element);
    if (others === undefined) found.set(element, [item]);
    else others.push(item);
  }
  return found;
}

/** Items that are there more than once are one leaf. */
function compareItem(type: ListType, before: readonly unknown[], after: readonly unknown[]): Difference | undefined {
  if (before.length <= 1 && after.length <= 1) return compareValues(type.element, before[0], after[0]);
  if (before.length > 1 && after.length > 1) return compareLeaves(before, after);
  if (before.length > 1) {
    const added = after.length === 0 ? undefined : wholeValue(type.element, after[0]);
    return { ...(added && { added }), removed: EMPTY_SET };
  }
  const removed = before.length === 0 ? undefined : wholeValue(type.element, before[0]);
  return { ...(removed && { removed }), added: EMPTY_SET };
}

/** What one writer owns of a change: all that it added or modified. */
export function changedSet(comparison: Comparison): FieldSet {
  return union(comparison.modified, comparison.added);
}
