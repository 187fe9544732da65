// Behaviour: k8s.io/kubectl/pkg/cmd/apply/patcher.go: brings a live object to its new configuration.
import { isConflict, isInvalid, isNotFound } from "../../api/errors.ts";
import { type UnstructuredObject, formatApiVersion } from "../../api/object.ts";
import { encodeGoJson, type JsonObject } from "../../api/patch/json-value.ts";
import { lastAppliedAnnotation } from "../../api/patch/last-applied.ts";
import { createThreeWayJsonMergePatch } from "../../api/patch/merge-patch.ts";
import { PreconditionFailedError } from "../../api/patch/patch-errors.ts";
import { openApiPatchSchema, type PatchSchema } from "../../api/patch/patch-schema.ts";
import { requireKeyUnchanged, requireMetadataKeyUnchanged } from "../../api/patch/preconditions.ts";
import { createThreeWayMergePatch } from "../../api/patch/strategic-merge-diff.ts";
import type { PatchType } from "../../client/client.ts";
import { builtInPatchSchema } from "../built-in-patch-schema.ts";
import { CommandError, messageOf } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { type DeleteBody, type ObjectWriter, type WriteTarget, withSource } from "../object-writer.ts";
import { type OpenApiDocument, openApiDocument } from "../openapi.ts";
import type { ResourceInfo } from "../resource-query.ts";
import { getObject } from "../resource-requests.ts";
import type { ResourceMapping } from "../rest-mapper.ts";

const MAX_RETRIES = 5;
const TRIES_BEFORE_BACK_OFF = 1;
const BACK_OFF_MS = 1000;
const DELETION_POLL_MS = 1000;

/** How patches are made and sent. */
export interface PatcherOptions {
  readonly factory: Factory;
  readonly writer: ObjectWriter;
  readonly overwrite: boolean;
  /** Take merge keys from the server's OpenAPI, which knows more than the built-in types. */
  readonly openApi: boolean;
  /** Delete and create anew what cannot be patched. */
  readonly force: boolean;
  readonly deletion: DeleteBody;
  readonly timeoutMs: number;
}

/** What patching made of an object. */
export interface Patched {
  /** The patch as JSON text; "{}" when there was nothing to change. */
  readonly patch: string;
  readonly object: UnstructuredObject;
}

/** Patches the objects of one apply; remembers the documents that it reads on the way. */
export class Patcher {
  private readonly options: PatcherOptions;
  private readonly documents = new Map<string, Promise<OpenApiDocument | undefined>>();

  constructor(options: PatcherOptions) {
    this.options = options;
  }

  /** Brings `current` to `modified`, which carries the annotation of what is applied. Throws with everything that was tried in the message. */
  async patch(info: ResourceInfo, current: UnstructuredObject, modified: JsonObject): Promise<Patched> {
    const target: WriteTarget = { mapping: info.mapping, namespace: info.namespace, name: info.name };
    let attempted = "";
    const attempt = async (live: UnstructuredObject): Promise<Patched> => {
      const { type, patch } = await this.plan(info.mapping, live, modified);
      attempted = encodeGoJson(patch);
      if (attempted === "{}") return { patch: attempted, object: live };
      return { patch: attempted, object: await this.options.writer.patch(target, type, attempted) };
    };
    try {
      try {
        return await this.retrying(info, current, attempt);
      } catch (error) {
        if (this.options.force && (isConflict(error) || isInvalid(error))) return await this.recreate(info, target, current, modified);
        throw withSource("patching", info.source, error);
      }
    } catch (error) {
      throw withSource(`applying patch:\n${attempted}\nto:\n${describeInfo(info)}\nfor:`, info.source, error);
    }
  }

  private async retrying(info: ResourceInfo, current: UnstructuredObject, attempt: (live: UnstructuredObject) => Promise<Patched>): Promise<Patched> {
    const { factory } = this.options;
    let live = current;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt(live);
      } catch (error) {
        if (!isConflict(error) || tries >= MAX_RETRIES) throw error;
        if (tries >= TRIES_BEFORE_BACK_OFF) await factory.io.clock.sleep(BACK_OFF_MS, factory.io.signal);
        live = await getObject(await factory.transport(), info);
      }
    }
  }

  private async plan(mapping: ResourceMapping, current: UnstructuredObject, modified: JsonObject): Promise<{ type: PatchType; patch: JsonObject }> {
    const original = originalOf(current);
    const schema = await this.schemaOf(mapping);
    if (schema !== undefined) {
      return { type: "application/strategic-merge-patch+json", patch: this.strategicPatch(schema, original, modified, current) };
    }
    try {
      const preconditions = [requireKeyUnchanged("apiVersion"), requireKeyUnchanged("kind"), requireMetadataKeyUnchanged("name")];
      return { type: "application/merge-patch+json", patch: createThreeWayJsonMergePatch(original, modified, current, preconditions) };
    } catch (error) {
      throw this.planError(error instanceof PreconditionFailedError ? new Error("At least one of apiVersion, kind and name was changed") : error, original, modified, current);
    }
  }

  private strategicPatch(schema: PatchSchema, original: JsonObject, modified: JsonObject, current: JsonObject): JsonObject {
    try {
      return createThreeWayMergePatch(original, modified, current, schema, { overwrite: this.options.overwrite });
    } catch (error) {
      throw this.planError(error, original, modified, current);
    }
  }

  private planError(error: unknown, original: JsonObject, modified: JsonObject, current: JsonObject): CommandError {
    const [before, after, live] = [original, modified, current].map((part) => (part === original && Object.keys(part).length === 0 ? "" : encodeGoJson(part)));
    return new CommandError(`creating patch with:\noriginal:\n${before}\nmodified:\n${after}\ncurrent:\n${live}\nfor: ${messageOf(error)}`);
  }

  /** The merge keys of a kind: as the server publishes them, else of the built-in type; undefined for custom kinds. */
  private async schemaOf(mapping: ResourceMapping): Promise<PatchSchema | undefined> {
    const builtIn = builtInPatchSchema(mapping);
    if (builtIn !== undefined || !this.options.openApi) return builtIn;
    const { group, version, kind } = mapping;
    const key = formatApiVersion(mapping);
    let document = this.documents.get(key);
    if (document === undefined) this.documents.set(key, (document = openApiDocument(await this.options.factory.transport(), group, version).catch(() => undefined)));
    const found = await document;
    if (found === undefined || !patchesStrategically(found, mapping)) return undefined;
    const schemas = found.components?.schemas ?? {};
    const name = Object.keys(schemas).find((one) =>
      schemas[one]?.["x-kubernetes-group-version-kind"]?.some((gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind),
    );
    return name === undefined ? undefined : openApiPatchSchema(schemas as JsonObject, name);
  }

  /** --force: away with the object, and the new one in its place; the old one again when that fails. */
  private async recreate(info: ResourceInfo, target: WriteTarget, original: UnstructuredObject, modified: JsonObject): Promise<Patched> {
    const { factory, writer, deletion, timeoutMs } = this.options;
    await writer.delete(target, deletion);
    const deadline = factory.io.clock.monotonic() + timeoutMs;
    for (;;) {
      try {
        await getObject(await factory.transport(), info);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        break;
      }
      if (timeoutMs > 0 && factory.io.clock.monotonic() > deadline) throw new CommandError("timed out waiting for the condition");
      await factory.io.clock.sleep(DELETION_POLL_MS, factory.io.signal);
    }
    const patch = encodeGoJson(modified);
    try {
      return { patch, object: await writer.create(target, modified as UnstructuredObject) };
    } catch (error) {
      try {
        await writer.create(target, original);
      } catch (second) {
        throw new CommandError(
          `An error occurred force-replacing the existing object with the newly provided one:\n\n${messageOf(error)}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n${messageOf(second)}`,
        );
      }
      throw error;
    }
  }
}

function originalOf(current: UnstructuredObject): JsonObject {
  const annotation = lastAppliedAnnotation(current);
  return annotation === undefined || annotation === "" ? {} : (JSON.parse(annotation) as JsonObject);
}

/** Whether the server takes strategic merge patches of a kind. */
function patchesStrategically({ paths }: OpenApiDocument, { group, version, kind }: ResourceMapping): boolean {
  return Object.values(paths).some((operations) => {
    const patch = operations["patch"] as { "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }; requestBody?: { content?: object } } | undefined;
    const gvk = patch?.["x-kubernetes-group-version-kind"];
    return gvk?.group === group && gvk.version === version && gvk.kind === kind && "application/strategic-merge-patch+json" in (patch?.requestBody?.content ?? {});
  });
}

/** An object as failures describe it (resource.Info.String). */
export function describeInfo({ mapping, name, namespace }: ResourceInfo): string {
  const { group, version, resource, kind } = mapping;
  return `Resource: "${group}/${version}, Resource=${resource}", GroupVersionKind: "${group}/${version}, Kind=${kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}`;
}
