// Behaviour: RFC 7386 as evanphx/json-patch v4 applies it; apimachinery/pkg/util/jsonmergepatch: patches of custom resources.
import { stringify } from "yaml";
import { jsonKind } from "../decode-scalars.ts";
import { badRequest } from "../errors.ts";
import { cloneJson, isJsonObject, jsonEquals, ownField, setField, type JsonObject } from "./json-value.ts";
import { PatchConflictError, PreconditionFailedError } from "./patch-errors.ts";
import type { Precondition } from "./preconditions.ts";

/**
 * Checks that a decoded body is a merge patch: an object.
 * @throws StatusError 400.
 */
export function decodeMergePatch(body: unknown): JsonObject {
  if (body === null || body === undefined) throw badRequest("Invalid JSON Patch");
  if (!isJsonObject(body)) {
    throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`);
  }
  return body;
}

/** A copy of `document` with the patch merged in: null removes a field, lists are replaced. */
export function applyMergePatch(document: JsonObject, patch: JsonObject): JsonObject {
  return mergeObjects(cloneJson(document), patch);
}

/** Merges into `document`. */
function mergeObjects(document: JsonObject, patch: JsonObject): JsonObject {
  for (const [name, value] of Object.entries(patch)) {
    const current = ownField(document, name);
    if (value === null) delete document[name];
    else if (isJsonObject(current) && isJsonObject(value)) mergeObjects(current, value);
    else setField(document, name, withoutNulls(value));
  }
  return document;
}

/** A copy of a patch's value without the fields that are null: there is nothing to remove. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const kept: JsonObject = {};
  for (const [name, field] of Object.entries(value)) if (field !== null) setField(kept, name, withoutNulls(field));
  return kept;
}

/** The merge patch that makes `modified` of `original`. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [name, value] of Object.entries(modified)) {
    const before = ownField(original, name);
    if (isJsonObject(before) && isJsonObject(value)) {
      const changes = createMergePatch(before, value);
      if (Object.keys(changes).length > 0) setField(patch, name, changes);
    } else if (!jsonEquals(before, value)) setField(patch, name, value);
  }
  for (const name of Object.keys(original)) if (!Object.hasOwn(modified, name)) setField(patch, name, null);
  return patch;
}

/**
 * The merge patch that brings `current` to `modified`, and removes what `original` had and `modified` has no more; what
 * others added to `current` stays.
 * @throws PreconditionFailedError when a precondition does not hold for the patch.
 */
export function createThreeWayJsonMergePatch(
  original: JsonObject,
  modified: JsonObject,
  current: JsonObject,
  preconditions: readonly Precondition[] = [],
): JsonObject {
  const changes = onlyNulls(createMergePatch(current, modified), false);
  const deletions = onlyNulls(createMergePatch(original, modified), true);
  if (overlapsDifferently(changes, deletions)) throw new PatchConflictError(conflictMessage(changes, deletions));
  const patch = mergeObjects(deletions, changes);
  if (!preconditions.every((holds) => holds(patch))) throw new PreconditionFailedError(patch);
  return patch;
}

/** What a refused patch says: both sides as YAML. */
export function conflictMessage(patch: JsonObject, changes: JsonObject): string {
  const [left, right] = [patch, changes].map((side) => stringify(side, { sortMapEntries: true, indentSeq: false, compat: "yaml-1.1" }));
  return `patch:\n${left}\nconflicts with changes made from original to current:\n${right}\n`;
}

/** The part of a merge patch that removes (`nulls`), or the part that sets. */
function onlyNulls(patch: JsonObject, nulls: boolean): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(patch)) {
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      const inner = onlyNulls(value, nulls);
      if (Object.keys(inner).length > 0) setField(kept, name, inner);
    } else if ((value === null) === nulls) setField(kept, name, value);
  }
  return kept;
}

/** Whether the two patches set the same field to different values. */
function overlapsDifferently(left: unknown, right: unknown): boolean {
  if (isJsonObject(left)) {
    if (!isJsonObject(right)) return true;
    return Object.keys(left).some((name) => Object.hasOwn(right, name) && overlapsDifferently(left[name], right[name]));
  }
  return !jsonEquals(left, right);
}
