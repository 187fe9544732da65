// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/patch.go.
import { StatusError, badRequest, conflict, invalid } from "../../api/errors.ts";
import { FieldPath, invalidValue } from "../../api/field-errors.ts";
import { JSONSyntaxError, duplicateKeys, parseJSON } from "../../api/json-syntax.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { applyJsonPatch, decodeJsonPatch, unknownJsonPatchFields } from "../../api/patch/json-patch.ts";
import type { JsonObject } from "../../api/patch/json-value.ts";
import { applyMergePatch, decodeMergePatch } from "../../api/patch/merge-patch.ts";
import { patchSchemaOf } from "../../api/patch/patch-schema.ts";
import { applyStrategicMergePatch, decodeStrategicMergePatch } from "../../api/patch/strategic-merge-patch.ts";
import { typeSchema } from "../../api/schema.ts";
import { bodyText, decodeValue } from "../body.ts";
import { addWarning, type Call, callNamespace } from "../call.ts";
import { prepareApply, trackUpdate } from "../field-tracking.ts";
import type { ServerResponse } from "../message.ts";
import { type WriteOptions, parsePatchOptions } from "../options.ts";
import { checkName, ensureNamespace } from "../registry/system-fields.ts";
import { updateObject } from "../registry/update-object.ts";
import type { Resource, SubresourceStrategy } from "../resource.ts";
import { negotiate, respondObject } from "../respond.ts";
import { unsupportedPatch } from "./patch-media-types.ts";

/** Makes the patched object of what is there; undefined stands for nothing. */
type ApplyPatch = (existing: UnstructuredObject | undefined) => UnstructuredObject;

/** PATCH of an object, or (with a strategy) of one of its subresources. */
export async function handlePatch(call: Call, strategy?: SubresourceStrategy<KubernetesObject>): Promise<ServerResponse> {
  const { resource, info } = call;
  const type = patchContentType(call);
  negotiate(call);
  const isApply = type === "application/apply-patch+yaml";
  const options = parsePatchOptions(info.query, isApply);
  const patch = isApply ? prepareApply(call, options) : preparePatch(call, type, options);
  const updated = await updateObject(call, {
    name: info.name,
    options,
    allowCreate: isApply && strategy === undefined,
    ...(strategy && { strategy }),
    make(existing) {
      const next = patch(existing);
      const { name = "", uid = "" } = next.metadata;
      if (existing === undefined && uid !== "") {
        throw conflict(resource, info.name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
      }
      ensureNamespace(next.metadata, callNamespace(call));
      checkName(name, info.name);
      return next;
    },
  });
  return respondObject(call, updated.created ? 201 : 200, updated);
}

/** The kind of a patch; throws a StatusError (415) for one that the resource does not take. */
export function patchContentType(call: Call): string {
  const type = (call.request.headers["content-type"] ?? "").split(";", 1)[0]?.trim() ?? "";
  const problem = unsupportedPatch(call.resource, type);
  if (problem !== undefined) throw problem;
  return type;
}

/** A JSON, merge or strategic merge patch, parsed; what it is applied to is decoded again afterwards. */
function preparePatch(call: Call, type: string, options: WriteOptions): ApplyPatch {
  const { resource } = call;
  const { text, value } = parsePatchBody(call, type);
  const problems = text === undefined || options.fieldValidation === "Ignore" ? [] : duplicateKeys(text, value).map((path) => duplicateField(path));
  const apply = patchFunction(resource, type, value, problems);
  return (existing) => {
    if (existing === undefined) throw badRequest("nothing to patch");
    const patched = apply(existing as unknown as JsonObject);
    const next = decodePatched(call, patched, problems, options);
    trackUpdate(call, existing, next, options);
    return next;
  };
}

/** Parses the body of a JSON or merge patch; throws a StatusError. */
export function parsePatchBody(call: Call, type: string): { text?: string; value: unknown } {
  const { body } = call.request;
  if (body !== undefined && !(body instanceof Uint8Array)) return { value: body };
  const text = bodyText(call);
  try {
    return { text, value: parseJSON(text) };
  } catch (error) {
    if (!(error instanceof JSONSyntaxError)) throw error;
    throw badRequest(type === "application/strategic-merge-patch+json" ? error.message : `error decoding patch: ${error.message}`);
  }
}

function patchFunction(resource: Resource, type: string, value: unknown, problems: string[]): (document: JsonObject) => unknown {
  if (type === "application/json-patch+json") {
    const patch = decodeJsonPatch(value);
    problems.push(...unknownJsonPatchFields(patch));
    return (document) => applyJsonPatch(document, patch);
  }
  if (type === "application/merge-patch+json") {
    const patch = decodeMergePatch(value);
    return (document) => applyMergePatch(document, patch);
  }
  const schema = typeSchema(resource.type ?? "");
  if (schema === undefined) throw badRequest(`${resource.kind} has no schema to merge by`);
  const patch = decodeStrategicMergePatch(value);
  return (document) => ({
    ...applyStrategicMergePatch(document, patch, patchSchemaOf(schema)),
    kind: document["kind"],
    apiVersion: document["apiVersion"],
  });
}

function decodePatched(call: Call, patched: unknown, problems: readonly string[], options: WriteOptions): UnstructuredObject {
  const { resource } = call;
  const before = call.warnings.length;
  let next: UnstructuredObject;
  try {
    if (problems.length > 0 && options.fieldValidation === "Strict") throw badRequest(`strict decoding error: ${problems.join(", ")}`);
    next = decodeValue(call, resource, patched as object, options.fieldValidation);
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== "BadRequest") throw error;
    const detail = error.message.replace(/^.* cannot be handled as a [^:]*: /, "");
    throw invalid({ group: "", kind: "" }, "", [invalidValue(new FieldPath("patch"), JSON.stringify(patched), detail)]);
  }
  const found = call.warnings.splice(before);
  for (const warning of [...(options.fieldValidation === "Warn" ? problems : []), ...found]) addWarning(call, warning);
  resource.defaults?.(next);
  return next;
}

function duplicateField(path: readonly (string | number)[]): string {
  return `duplicate field ${JSON.stringify(path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("").slice(1))}`;
}
