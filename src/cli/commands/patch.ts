// Behaviour: k8s.io/kubectl/pkg/cmd/patch/patch.go.
import { readFileSync } from "node:fs";
import { hasReason } from "../../api/errors.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { jsonEquals, type JsonObject } from "../../api/patch/json-value.ts";
import type { PatchType } from "../../client/client.ts";
import { defineCommand } from "../command.ts";
import { CommandError, messageOf } from "../errors.ts";
import { dryRunFlag, fieldManagerFlag, filenameFlags, filenameOptions, readDryRun } from "../flag-groups.ts";
import { boolFlag, stringFlag } from "../flags.ts";
import { ObjectWriter } from "../object-writer.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { findResources } from "../resource-query.ts";
import type { ResourceMapping } from "../rest-mapper.ts";

const TYPES: Readonly<Record<string, PatchType>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
};

export default defineCommand({
  use: "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]",
  summary: "Update fields of a resource",
  description: "The patch is JSON or YAML: strategic merge, JSON merge, or a list of JSON patch operations.",
  examples: `
    # A node that takes no more pods
    kubectl patch node worker -p '{"spec":{"unschedulable":true}}'

    # A container's image
    kubectl patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"hello-kubernetes:2.0"}]}}}}'

    # An item of a list by its place
    kubectl patch pod web-0 --type=json -p '[{"op":"replace","path":"/metadata/labels/tier","value":"back"}]'

    # The scale of a deployment
    kubectl patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'`,
  flags: {
    ...printFlags,
    ...dryRunFlag,
    ...fieldManagerFlag("kubectl-patch"),
    ...filenameFlags("File, folder or address that names the objects to patch."),
    local: boolFlag("Patch the files' objects without the server."),
    patch: stringFlag("The patch.", { shorthand: "p" }),
    "patch-file": stringFlag("File that holds the patch."),
    subresource: stringFlag("Patch this subresource of the object."),
    type: stringFlag("The patch's type; one of [json merge strategic].", { default: "strategic" }),
  },
  toOptions: (factory, args, { values }) => ({ factory, args, values, dryRun: readDryRun(values["dry-run"], factory.io) }),
  validate({ args, values, dryRun }) {
    if (values.patch !== "" && values["patch-file"] !== "") throw new CommandError("cannot specify --patch and --patch-file together");
    if (values.patch === "" && values["patch-file"] === "") throw new CommandError("must specify --patch or --patch-file containing the contents of the patch");
    if (values.local && args.length > 0) throw new CommandError("cannot specify --local and server resources");
    if (values.local && dryRun === "server") throw new CommandError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
    if (values.type !== "" && TYPES[values.type.toLowerCase()] === undefined) {
      throw new CommandError(`--type must be one of [json merge strategic], not ${JSON.stringify(values.type)}`);
    }
  },
  async run({ factory, args, values, dryRun }, io) {
    const type = TYPES[values.type.toLowerCase()] ?? "application/strategic-merge-patch+json";
    const patch = await readPatch(values.patch, values["patch-file"]);
    const { local, subresource } = values;
    const result = await findResources(factory, {
      files: filenameOptions(values),
      namespace: await factory.namespace(),
      subresource,
      flatten: true,
      continueOnError: true,
      ...(local ? { local } : { args }),
    });
    const writer = local ? undefined : new ObjectWriter(await factory.transport(), { dryRun, fieldManager: values["field-manager"] });
    let count = 0;
    await result.visit(async (info) => {
      count += 1;
      const before = info.object as UnstructuredObject;
      const after =
        writer === undefined || dryRun === "client"
          ? await patchedHere(before, type, patch, info.mapping)
          : await writer.patch(info, type, patch, { subresource }).catch((error: unknown) => Promise.reject(unsupported(error, type, info.mapping)));
      const operation = jsonEquals(before, after) ? "patched (no change)" : "patched";
      io.out((await changePrinter(values, operation)).print(after));
    });
    if (count === 0) throw new CommandError("no objects passed to patch");
  },
});

/** The patch as JSON text, from JSON or YAML. */
async function readPatch(given: string, path: string): Promise<string> {
  let text = given;
  if (path !== "") {
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      throw new CommandError(`unable to read patch file: ${messageOf(error)}`);
    }
  }
  // What looks like a JSON object is sent as it is: the server says what is wrong with it.
  if (text.trimStart().startsWith("{")) return text;
  const { parse } = await import("yaml");
  try {
    return JSON.stringify(parse(text));
  } catch (error) {
    throw new CommandError(`unable to parse ${JSON.stringify(given)}: ${messageOf(error)}`);
  }
}

function unsupported(error: unknown, type: PatchType, { group, version, kind }: ResourceMapping): unknown {
  if (!hasReason(error, "UnsupportedMediaType")) return error;
  return new CommandError(`${type} is not supported by ${group}/${version}, Kind=${kind}: ${error.message}`);
}

async function patchedHere(object: UnstructuredObject, type: PatchType, text: string, mapping: ResourceMapping): Promise<UnstructuredObject> {
  const patch: unknown = JSON.parse(text);
  if (type === TYPES["json"]) {
    const { applyJsonPatch, decodeJsonPatch } = await import("../../api/patch/json-patch.ts");
    return applyJsonPatch(object, decodeJsonPatch(patch)) as UnstructuredObject;
  }
  if (type === TYPES["merge"]) {
    const { applyMergePatch } = await import("../../api/patch/merge-patch.ts");
    return applyMergePatch(object, patch as JsonObject) as UnstructuredObject;
  }
  const [{ applyStrategicMergePatch }, { builtInPatchSchema }] = await Promise.all([import("../../api/patch/strategic-merge-patch.ts"), import("../built-in-patch-schema.ts")]);
  const schema = builtInPatchSchema(mapping);
  if (schema === undefined) {
    const { group, version, kind } = mapping;
    throw new CommandError(`strategic merge patch is not supported for ${group}/${version}, Kind=${kind} locally, try --type merge`);
  }
  return applyStrategicMergePatch(object, patch as JsonObject, schema) as UnstructuredObject;
}
