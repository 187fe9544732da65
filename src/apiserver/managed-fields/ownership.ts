// Behaviour: sigs.k8s.io/structured-merge-diff/v6/merge/update.go: who owns what after an object has changed.
import type { UnstructuredObject } from "../../api/object.ts";
import { changedSet, compareObjects, type Comparison, reachedBy } from "./comparison.ts";
import { ApplyConflictError, conflictsOf } from "./conflicts.ts";
import { appliedSet } from "./extraction.ts";
import { difference, type FieldSet, intersection, isEmptySet, union } from "./field-set.ts";
import type { Manager, Managers } from "./managers.ts";
import { removePaths, withNamedFields } from "./removal.ts";
import type { FieldFilter } from "./reset-fields.ts";
import type { ValueType } from "./value-type.ts";

/** An object in one of its kind's versions. */
export interface VersionedObject {
  readonly apiVersion: string;
  readonly type: ValueType;
  readonly value: unknown;
}

/** Reads an object in another version; undefined when that is not served any more. */
export type Convert = (object: VersionedObject, apiVersion: string) => VersionedObject | undefined;

/** Versions an object itself. */
export function versioned(object: UnstructuredObject, type: ValueType): VersionedObject {
  return { apiVersion: object.apiVersion, type, value: object };
}

/** One change of an object. */
export interface Change {
  readonly before: VersionedObject;
  /** In the version of `before`. */
  readonly after: VersionedObject;
  readonly managers: Managers;
  /** Who makes it: it keeps what it owns. Undefined: all lose what changes. */
  readonly by?: string;
  /** Whether to take fields from their owners; an ApplyConflictError otherwise. */
  readonly force: boolean;
  readonly filter: FieldFilter | undefined;
  readonly convert: Convert;
}

/**
 * Takes from the managers what the change adds, modifies or removes; those left without fields, or with a version that is
 * gone, are dropped. Changes `managers` and answers what has changed.
 */
export function takeChanged(change: Change): Comparison {
  const { before, after, managers, by, filter } = change;
  const own = reachedBy(filter, compareObjects(before.type, before.value, after.value));
  const versions = new Map<string, Comparison | undefined>([[before.apiVersion, own]]);
  const conflicts = new Map<string, { manager: Manager; set: FieldSet }>();
  const left = new Map<string, FieldSet>();
  for (const [identifier, manager] of managers) {
    if (identifier === by) continue;
    if (!versions.has(manager.apiVersion)) versions.set(manager.apiVersion, compareIn(manager.apiVersion, change));
    const comparison = versions.get(manager.apiVersion);
    if (comparison === undefined) {
      managers.delete(identifier);
      continue;
    }
    const changed = changedSet(comparison);
    const set = intersection(manager.set, changed);
    if (!isEmptySet(set)) conflicts.set(identifier, { manager, set });
    left.set(identifier, difference(difference(manager.set, changed), comparison.removed));
  }
  if (!change.force && conflicts.size > 0) throw new ApplyConflictError(conflictsOf(conflicts));
  for (const [identifier, set] of left) setFields(managers, identifier, set);
  return own;
}

/** Sets what a manager owns; without anything it is none. */
export function setFields(managers: Managers, identifier: string, set: FieldSet): void {
  const manager = managers.get(identifier);
  if (manager === undefined || manager.set === set) return;
  if (isEmptySet(set)) managers.delete(identifier);
  else managers.set(identifier, { ...manager, set });
}

function compareIn(apiVersion: string, { before, after, convert, filter }: Change): Comparison | undefined {
  const [old, next] = [convert(before, apiVersion), convert(after, apiVersion)];
  if (old === undefined || next === undefined) return undefined;
  return reachedBy(filter, compareObjects(old.type, old.value, next.value));
}

/**
 * Takes out of a merged object what its applier applied last time and not this time, and what nobody else owns.
 * @param managers with the applier's new fields
 */
export function pruneAbandoned(merged: VersionedObject, managers: Managers, last: Manager | undefined, convert: Convert): VersionedObject {
  if (last === undefined || isEmptySet(last.set)) return merged;
  const before = convert(merged, last.apiVersion);
  if (before === undefined) return merged;
  const without = remove(before, withNamedFields(before.type, last.set));
  const kept = addBackOwned(before, without, managers, convert);
  const pruned = removeOnlyLast(before, convert(kept, last.apiVersion), last);
  return convert(pruned, merged.apiVersion) ?? pruned;
}

function remove(object: VersionedObject, set: FieldSet): VersionedObject {
  return { ...object, value: removePaths(object.type, object.value, set) };
}

function namedSet(object: VersionedObject): FieldSet {
  return withNamedFields(object.type, appliedSet(object.type, object.value));
}

/** Adds back what any manager owns, in the version that was pruned first: others may need it to be converted. */
function addBackOwned(merged: VersionedObject, pruned: VersionedObject, managers: Managers, convert: Convert): VersionedObject {
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion, set } of managers.values()) owned.set(apiVersion, union(owned.get(apiVersion) ?? {}, set));
  const versions = [...owned.keys()].sort((a, b) => Number(b === pruned.apiVersion) - Number(a === pruned.apiVersion));
  let [full, result] = [merged, pruned];
  for (const version of versions) {
    const [nextFull, nextResult] = [convert(full, version), convert(result, version)];
    if (nextFull === undefined || nextResult === undefined) continue;
    const keep = union(namedSet(nextResult), withNamedFields(nextFull.type, owned.get(version) ?? {}));
    result = remove(nextFull, difference(namedSet(nextFull), keep));
    full = nextFull;
  }
  return result;
}

/** Removes only what the applier owned itself. */
function removeOnlyLast(merged: VersionedObject, pruned: VersionedObject | undefined, last: Manager): VersionedObject {
  if (pruned === undefined) return merged;
  const gone = difference(namedSet(merged), namedSet(pruned));
  return remove(merged, intersection(gone, withNamedFields(merged.type, last.set)));
}
