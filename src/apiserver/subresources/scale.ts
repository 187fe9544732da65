// Behaviour: k8s.io/kubernetes/pkg/registry/apps/*/storage ScaleREST: replica counts as an autoscaling/v1 Scale.
import { conflict, invalid } from "../../api/errors.ts";
import { FieldPath, invalidValue } from "../../api/field-errors.ts";
import type { Scale } from "../../api/generated/types/autoscaling/v1.ts";
import type { ManagedFieldsEntry } from "../../api/generated/types/meta/v1.ts";
import { type KubernetesObject, type UnstructuredObject, formatApiVersion } from "../../api/object.ts";
import { applyJsonPatch, decodeJsonPatch } from "../../api/patch/json-patch.ts";
import type { JsonObject } from "../../api/patch/json-value.ts";
import { applyMergePatch, decodeMergePatch } from "../../api/patch/merge-patch.ts";
import { patchSchemaOf } from "../../api/patch/patch-schema.ts";
import { applyStrategicMergePatch, decodeStrategicMergePatch } from "../../api/patch/strategic-merge-patch.ts";
import { decodeBody, decodeValue } from "../body.ts";
import type { Call } from "../call.ts";
import { getEntry } from "../handlers/read-handlers.ts";
import { parsePatchBody, patchContentType } from "../handlers/patch-handler.ts";
import { parseConfiguration, scaleSchema, trackUpdate } from "../field-tracking.ts";
import { type ReplicasPaths, parentManagedFields, scaleManagedFields } from "../managed-fields/scale.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { convertEntries, sharedObject } from "../object-storage.ts";
import { type WriteOptions, parsePatchOptions, parseWriteOptions } from "../options.ts";
import { checkName, ensureNamespace } from "../registry/system-fields.ts";
import { updateObject } from "../registry/update-object.ts";
import type { Resource } from "../resource.ts";
import { negotiate } from "../respond.ts";
import type { Subresource } from "./subresource.ts";

type ScaleObject = Scale & UnstructuredObject;

const SCALE_VERSION = "autoscaling/v1";
const SCALE = { group: "autoscaling", version: "v1", kind: "Scale", type: "autoscaling.v1.Scale" } as const;

/** scale, of everything that has replicas. */
export const scaleSubresource: Subresource = {
  name: "scale",
  async get(call) {
    negotiate(call);
    const entry = getEntry(call, call.info.name);
    await convertEntries(call.resource, [entry]);
    return objectResponse(200, scaleOf(call, sharedObject(call.resource, entry)), call.warnings);
  },
  async update(call) {
    negotiate(call);
    const options = parseWriteOptions(call.info.query, "UpdateOptions");
    const scale = decodeBody(call, SCALE, options.fieldValidation) as ScaleObject;
    ensureNamespace(scale.metadata, call.info.namespace);
    checkName(scale.metadata.name ?? "", call.info.name);
    return writeScale(call, options, (current) => {
      const next = structuredClone(scale);
      trackUpdate(call, current, next, options);
      return next;
    });
  },
  async patch(call) {
    const type = patchContentType(call);
    negotiate(call);
    const isApply = type === "application/apply-patch+yaml";
    const options = parsePatchOptions(call.info.query, isApply);
    return writeScale(call, options, isApply ? applyToScale(call, options) : patchScale(call, type, options));
  },
};

type MakeScale = (current: ScaleObject) => ScaleObject;

function patchScale(call: Call, type: string, options: WriteOptions): MakeScale {
  const { value } = parsePatchBody(call, type);
  const patch = patchFunction(type, value);
  return (current) => {
    const next = decodeValue(call, SCALE, patch(current as unknown as JsonObject) as object, options.fieldValidation) as ScaleObject;
    trackUpdate(call, current, next, options);
    return next;
  };
}

function patchFunction(type: string, value: unknown): (scale: JsonObject) => unknown {
  if (type === "application/json-patch+json") {
    const patch = decodeJsonPatch(value);
    return (scale) => applyJsonPatch(scale, patch);
  }
  if (type === "application/merge-patch+json") {
    const patch = decodeMergePatch(value);
    return (scale) => applyMergePatch(scale, patch);
  }
  const patch = decodeStrategicMergePatch(value);
  return (scale) => ({ ...applyStrategicMergePatch(scale, patch, patchSchemaOf(scaleSchema())), kind: SCALE.kind, apiVersion: SCALE_VERSION });
}

function applyToScale(call: Call, options: WriteOptions): MakeScale {
  const { value } = parseConfiguration(call);
  return (current) => {
    const { fieldManager } = call.parts;
    const applied = { manager: options.fieldManager, subresource: call.info.subresource, apiVersion: SCALE_VERSION, kind: SCALE.kind, live: current, applied: value, force: options.force };
    const { object, managedFields } = fieldManager.apply(applied);
    return withManagedFields(decodeValue(call, SCALE, object, "Ignore") as ScaleObject, managedFields);
  };
}

async function writeScale(call: Call, options: WriteOptions, make: MakeScale): Promise<ServerResponse> {
  const { resource, info } = call;
  const written = await updateObject(call, {
    name: info.name,
    options,
    allowCreate: false,
    make(existing) {
      const current = existing as UnstructuredObject;
      const paths = replicasPaths(call, current);
      const before = withManagedFields(scaleOf(call, structuredClone(current)), scaleManagedFields(current.metadata.managedFields, paths));
      const scale = make(before);
      validateScale(scale);
      const { resourceVersion = "", uid = "" } = scale.metadata;
      if (uid !== "" && uid !== current.metadata.uid) {
        throw conflict(resource, info.name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid ?? ""}`);
      }
      const next = structuredClone(current);
      resource.scale?.set(next, scale.spec?.replicas ?? 0);
      if (resourceVersion !== "") next.metadata.resourceVersion = resourceVersion;
      return withManagedFields(next, parentManagedFields(current.metadata.managedFields, scale.metadata.managedFields, formatApiVersion(resource), paths));
    },
  });
  return objectResponse(200, scaleOf(call, written.entry === undefined ? written.object : sharedObject(resource, written.entry)), call.warnings);
}

/** Where the replicas stand in every version in which someone wrote the object. */
function replicasPaths({ parts, resource }: Call, { kind, metadata }: UnstructuredObject): ReplicasPaths {
  const versions = (metadata.managedFields ?? []).map((entry) => entry.apiVersion ?? "");
  const scales = versions.map((version) => [version, parts.resources.findKind(version, kind)?.scale] as const);
  const paths = scales.flatMap(([version, scale]) => (scale === undefined ? [] : [[version, replicasPath(scale)] as const]));
  return Object.fromEntries([...paths, [formatApiVersion(resource), replicasPath(resource.scale)]]);
}

function replicasPath(scale: Resource["scale"]): string[] {
  return (scale?.replicasPath ?? ["spec", "replicas"]).map((name) => `f:${name}`);
}

function withManagedFields<T extends KubernetesObject>(object: T, managedFields: ManagedFieldsEntry[] | undefined): T {
  if (managedFields === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = managedFields;
  return object;
}

function validateScale(scale: ScaleObject): void {
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas >= 0) return;
  throw invalid(SCALE, scale.metadata.name ?? "", [invalidValue(new FieldPath("spec").child("replicas"), replicas, "must be greater than or equal to 0")]);
}

function scaleOf(call: Call, object: KubernetesObject): ScaleObject {
  const counts = call.resource.scale?.get(object) ?? { replicas: 0, statusReplicas: 0, selector: "" };
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...(counts.replicas !== 0 && { replicas: counts.replicas }) },
    status: { replicas: counts.statusReplicas, ...(counts.selector !== "" && { selector: counts.selector }) },
  } as ScaleObject;
}
