// Behaviour: k8s.io/kubectl/pkg/util/apply.go: the configuration that was applied last stands in an annotation.
import { cloneJson, encodeGoJson, isJsonObject, type JsonObject } from "./json-value.ts";

/** The annotation that remembers what client-side apply applied last. */
export const LAST_APPLIED_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The annotation's value for a configuration: its JSON without the annotation itself, and a newline. kubectl writes
 * `annotations` even when nothing is left in them, the server's own apply does not.
 */
export function lastAppliedConfiguration(configuration: JsonObject, writer: "kubectl" | "server" = "kubectl"): string {
  const copy = cloneJson(configuration);
  const metadata = isJsonObject(copy["metadata"]) ? copy["metadata"] : {};
  const annotations = isJsonObject(metadata["annotations"]) ? metadata["annotations"] : {};
  delete annotations[LAST_APPLIED_ANNOTATION];
  if (writer === "kubectl" || Object.keys(annotations).length > 0) copy["metadata"] = { ...metadata, annotations };
  else delete metadata["annotations"];
  return `${encodeGoJson(copy)}\n`;
}

/** What was applied last to an object; undefined when it was never applied so. */
export function lastAppliedAnnotation(object: JsonObject): string | undefined {
  const metadata = object["metadata"];
  const annotations = isJsonObject(metadata) ? metadata["annotations"] : undefined;
  const value = isJsonObject(annotations) ? annotations[LAST_APPLIED_ANNOTATION] : undefined;
  return typeof value === "string" ? value : undefined;
}
