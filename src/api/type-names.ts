// Finds the schema's type for an apiVersion and kind.
import { parseApiVersion } from "./object.ts";
import { typeSchema } from "./schema.ts";

/** The type of a built-in kind, e.g. "apps.v1.Deployment"; every group also has the options and Status of meta.v1. */
export function typeNameOf(apiVersion: string, kind: string): string | undefined {
  const version = parseApiVersion(apiVersion);
  if (version === undefined) return undefined;
  return [`${packageOf(version.group)}.${version.version}.${kind}`, `meta.v1.${kind}`].find((name) => typeSchema(name)?.kind);
}

/** The package that holds a group's types: "rbac.authorization.k8s.io" -> "rbac", "" -> "core". */
export function packageOf(group: string): string {
  return group === "" ? "core" : (group.split(".")[0] ?? group);
}
