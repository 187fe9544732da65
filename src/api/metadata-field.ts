// Behaviour: k8s.io/kubernetes/pkg/fieldpath: an object's metadata as the downward API names and writes it.
import type { KubernetesObject } from "./object.ts";

/** The text of a field such as metadata.labels['app']; undefined for paths that are no such field. */
export function metadataField({ metadata }: KubernetesObject, path: string): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript !== null) return metadata[subscript[1] === "labels" ? "labels" : "annotations"]?.[subscript[2] ?? ""] ?? "";
  switch (path) {
    case "metadata.name":
      return metadata.name ?? "";
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "metadata.labels":
      return formatMap(metadata.labels);
    case "metadata.annotations":
      return formatMap(metadata.annotations);
    default:
      return undefined;
  }
}

/** Sorted `key="value"` lines. */
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}
