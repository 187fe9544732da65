// The merge keys of built-in kinds, for strategic merge patches that are made here.
import { formatApiVersion } from "../api/object.ts";
import { type PatchSchema, patchSchemaOf } from "../api/patch/patch-schema.ts";
import { typeSchema } from "../api/schema.ts";
import { typeNameOf } from "../api/type-names.ts";
import type { ResourceMapping } from "./rest-mapper.ts";

/** The patch schema of a built-in kind; undefined for custom ones. */
export function builtInPatchSchema(mapping: Pick<ResourceMapping, "group" | "version" | "kind">): PatchSchema | undefined {
  const name = typeNameOf(formatApiVersion(mapping), mapping.kind);
  const type = name === undefined ? undefined : typeSchema(name);
  return type === undefined ? undefined : patchSchemaOf(type);
}
