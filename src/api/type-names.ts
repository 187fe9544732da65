// Finds the schema's type for an apiVersion and kind.
import { parseApiVersion } from "./object.ts";
import { typeSchema } from "./schema.ts";

/** Kinds that every group has, and that stand in the schema once. */
const META_KINDS: ReadonlySet<string> = new Set([
  "CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "Status", "PartialObjectMetadata",
  "PartialObjectMetadataList", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions",
]);

/** The type of a built-in kind, e.g. "apps.v1.Deployment"; undefined when there is none. */
export function typeNameOf(apiVersion: string, kind: string): string | undefined {
  const version = parseApiVersion(apiVersion);
  if (version === undefined) return undefined;
  if (META_KINDS.has(kind)) return `meta.v1.${kind}`;
  const name = `${packageOf(version.group)}.${version.version}.${kind}`;
  return typeSchema(name)?.kind ? name : undefined;
}

/** The package that holds a group's types: "rbac.authorization.k8s.io" -> "rbac", "" -> "core". */
export function packageOf(group: string): string {
  return group === "" ? "core" : (group.split(".")[0] ?? group);
}
