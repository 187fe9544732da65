// Behaviour: k8s.io/kubectl/pkg/cmd/util/override_options.go: --overrides, a patch of what a command is about to create.
import type { UnstructuredObject } from "../api/object.ts";
import type { JsonObject } from "../api/patch/json-value.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import { CommandError, messageOf } from "./errors.ts";
import { type FlagValues, stringFlag } from "./flags.ts";

/** --overrides and --override-type. */
export const overrideFlags = {
  "override-type": stringFlag("How --overrides is applied: json, merge, or strategic.", { default: "merge" }),
  overrides: stringFlag("JSON that is merged into the object before it is created. It must hold an apiVersion unless it is a JSON patch."),
};

/** The object with --overrides applied. */
export async function applyOverrides(object: UnstructuredObject, { overrides, "override-type": type }: FlagValues<typeof overrideFlags>, ref: ResourceRef): Promise<UnstructuredObject> {
  if (overrides === "") return object;
  let patch: unknown;
  try {
    patch = JSON.parse(overrides);
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
  if (type === "json") {
    const { applyJsonPatch, decodeJsonPatch } = await import("../api/patch/json-patch.ts");
    return applyJsonPatch(object, decodeJsonPatch(patch)) as UnstructuredObject;
  }
  if (type === "merge") {
    const { applyMergePatch } = await import("../api/patch/merge-patch.ts");
    return applyMergePatch(object, patch as JsonObject) as UnstructuredObject;
  }
  if (type !== "strategic") throw new CommandError(`invalid override type: ${type}`);
  const [{ applyStrategicMergePatch }, { builtInPatchSchema }] = await Promise.all([import("../api/patch/strategic-merge-patch.ts"), import("./built-in-patch-schema.ts")]);
  const schema = builtInPatchSchema(ref);
  if (schema === undefined) throw new CommandError(`no kind ${JSON.stringify(ref.kind)} is registered`);
  return applyStrategicMergePatch(object, patch as JsonObject, schema) as UnstructuredObject;
}
