// Behaviour: k8s.io/apimachinery/pkg/util/mergepatch/util.go: what a created patch may not change.
import { isJsonObject, type JsonObject } from "./json-value.ts";

/** Whether a created patch may be sent. */
export type Precondition = (patch: JsonObject) => boolean;

/** Holds when the patch leaves a field at the top alone. */
export function requireKeyUnchanged(key: string): Precondition {
  return (patch) => !Object.hasOwn(patch, key);
}

/** Holds when the patch leaves a field of the metadata alone. */
export function requireMetadataKeyUnchanged(key: string): Precondition {
  return ({ metadata }) => !isJsonObject(metadata) || !Object.hasOwn(metadata, key);
}
