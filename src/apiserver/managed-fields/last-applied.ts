// Behaviour: k8s.io/apimachinery/pkg/util/managedfields/internal (lastappliedmanager.go, lastappliedupdater.go): objects that
// kubectl applied on the client's side before, and on the server's now.
import { isJsonObject, type JsonObject } from "../../api/patch/json-value.ts";
import { LAST_APPLIED_ANNOTATION, lastAppliedAnnotation, lastAppliedConfiguration } from "../../api/patch/last-applied.ts";
import { changedSet, compareObjects } from "./comparison.ts";
import type { Conflict } from "./conflicts.ts";
import { appliedSet } from "./extraction.ts";
import { difference, type FieldSet, hasPath } from "./field-set.ts";
import { checkType } from "./type-check.ts";
import type { ValueType } from "./value-type.ts";

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** The conflicts that are none with kubectl itself: it may overrule what its last client-side apply set. */
export function conflictsBeyondLastApplied(conflicts: readonly Conflict[], type: ValueType, apiVersion: string, live: JsonObject): readonly Conflict[] {
  const allowed = lastAppliedSet(type, apiVersion, live);
  return allowed === undefined ? conflicts : conflicts.filter(({ path }) => !hasPath(allowed, path));
}

/** What the annotation says was applied, and is still so; undefined when there is no telling. */
function lastAppliedSet(type: ValueType, apiVersion: string, live: JsonObject): FieldSet | undefined {
  const text = lastAppliedAnnotation(live);
  if (!text) return undefined;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(last) || last["apiVersion"] !== apiVersion || checkType(type, last).length > 0) return undefined;
  const comparison = compareObjects(type, last, live);
  return difference(difference(appliedSet(type, last), changedSet(comparison)), comparison.removed);
}

/** Keeps the annotation, where there is one, true to what is applied now. Changes `object`. */
export function updateLastApplied(object: JsonObject, applied: JsonObject): void {
  const metadata = object["metadata"];
  if (!lastAppliedAnnotation(object) || !isJsonObject(metadata) || !isJsonObject(metadata["annotations"])) return;
  const annotations: JsonObject = { ...metadata["annotations"], [LAST_APPLIED_ANNOTATION]: lastAppliedConfiguration(applied, "server") };
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)), 0);
  if (size > MAX_ANNOTATIONS_BYTES) delete annotations[LAST_APPLIED_ANNOTATION];
  object["metadata"] = { ...metadata, annotations };
}
