// Behaviour: k8s.io/client-go/rest (Request.URL): paths and queries of the API.
import { type GroupVersionResource, formatApiVersion } from "../api/object.ts";

/** Query parameters; those that are undefined, empty or false are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The path of a resource, of one of its objects, or of a subresource, percent-encoded. Leave `namespace` empty for all or none. */
export function resourcePath(resource: GroupVersionResource, namespace: string, name = "", subresource = ""): string {
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${formatApiVersion(resource)}`;
  const parts = [root];
  if (namespace !== "") parts.push("namespaces", encodeURIComponent(namespace));
  parts.push(resource.resource);
  if (name !== "") parts.push(encodeURIComponent(name));
  if (subresource !== "") parts.push(subresource);
  return parts.join("/");
}

/** A path with its query. */
export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== "" && value !== false)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}
