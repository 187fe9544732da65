// Behaviour: k8s.io/kubectl/pkg/util/apply.go: objects that carry the configuration which was applied last.
import type { UnstructuredObject } from "../../api/object.ts";
import type { JsonObject } from "../../api/patch/json-value.ts";
import { LAST_APPLIED_ANNOTATION, lastAppliedAnnotation, lastAppliedConfiguration } from "../../api/patch/last-applied.ts";

/** The object with the annotation that remembers it. */
export function annotated(object: UnstructuredObject): UnstructuredObject {
  const annotations = { ...object.metadata.annotations, [LAST_APPLIED_ANNOTATION]: lastAppliedConfiguration(object as JsonObject) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The object as --save-config wants it; without the flag an annotation that is there is brought up to date (util.CreateOrUpdateAnnotation). */
export function savedConfig(object: UnstructuredObject, save: boolean): UnstructuredObject {
  return save || lastAppliedAnnotation(object) !== undefined ? annotated(object) : object;
}
