// Behaviour: k8s.io/kubernetes/pkg/registry/apps/*/storage ScaleREST: replica counts as an autoscaling/v1 Scale.
import { conflict, invalid } from "../../api/errors.ts";
import { FieldPath, invalidValue } from "../../api/field-errors.ts";
import type { Scale } from "../../api/generated/types/autoscaling/v1.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { applyJsonPatch, decodeJsonPatch } from "../../api/patch/json-patch.ts";
import type { JsonObject } from "../../api/patch/json-value.ts";
import { applyMergePatch, decodeMergePatch } from "../../api/patch/merge-patch.ts";
import { decodeBody, decodeValue } from "../body.ts";
import type { Call } from "../call.ts";
import { getEntry } from "../handlers/read-handlers.ts";
import { parsePatchBody, patchContentType } from "../handlers/patch-handler.ts";
import { trackUpdate } from "../field-tracking.ts";
import { type ServerResponse, objectResponse } from "../message.ts";
import { sharedObject } from "../object-storage.ts";
import { type WriteOptions, parsePatchOptions, parseWriteOptions } from "../options.ts";
import { checkName, ensureNamespace } from "../registry/system-fields.ts";
import { updateObject } from "../registry/update-object.ts";
import { negotiate } from "../respond.ts";
import type { Subresource } from "./subresource.ts";

const SCALE = { group: "autoscaling", version: "v1", kind: "Scale", type: "autoscaling.v1.Scale" } as const;

/** scale, of everything that has replicas. */
export const scaleSubresource: Subresource = {
  name: "scale",
  async get(call) {
    negotiate(call);
    return objectResponse(200, scaleOf(call, sharedObject(call.resource, getEntry(call, call.info.name))), call.warnings);
  },
  async update(call) {
    negotiate(call);
    const options = parseWriteOptions(call.info.query, "UpdateOptions");
    const scale = decodeBody(call, SCALE, options.fieldValidation) as unknown as Scale & UnstructuredObject;
    ensureNamespace(scale.metadata, call.info.namespace);
    checkName(scale.metadata.name ?? "", call.info.name);
    return writeScale(call, options, () => scale);
  },
  async patch(call) {
    const type = patchContentType(call);
    negotiate(call);
    const options = parsePatchOptions(call.info.query, type === "application/apply-patch+yaml");
    const { value } = parsePatchBody(call, type);
    const patch = (scale: JsonObject) =>
      type === "application/json-patch+json" ? applyJsonPatch(scale, decodeJsonPatch(value)) : applyMergePatch(scale, decodeMergePatch(value));
    return writeScale(call, options, (current) => decodeValue(call, SCALE, patch(current as unknown as JsonObject) as object, options.fieldValidation) as unknown as Scale & UnstructuredObject);
  },
};

async function writeScale(call: Call, options: WriteOptions, make: (current: Scale & KubernetesObject) => Scale & KubernetesObject): Promise<ServerResponse> {
  const { resource, info } = call;
  const written = await updateObject(call, {
    name: info.name,
    options,
    allowCreate: false,
    make(existing) {
      const current = existing as UnstructuredObject;
      const scale = make(scaleOf(call, structuredClone(current)));
      validateScale(scale);
      const { resourceVersion = "", uid = "" } = scale.metadata;
      if (uid !== "" && uid !== current.metadata.uid) {
        throw conflict(resource, info.name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid ?? ""}`);
      }
      const next = structuredClone(current);
      resource.scale?.set(next, scale.spec?.replicas ?? 0);
      if (resourceVersion !== "") next.metadata.resourceVersion = resourceVersion;
      trackUpdate(call, current, next, options);
      return next;
    },
  });
  return objectResponse(200, scaleOf(call, written.entry === undefined ? written.object : sharedObject(resource, written.entry)), call.warnings);
}

function validateScale(scale: Scale & KubernetesObject): void {
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas >= 0) return;
  throw invalid(SCALE, scale.metadata.name ?? "", [invalidValue(new FieldPath("spec").child("replicas"), replicas, "must be greater than or equal to 0")]);
}

function scaleOf(call: Call, object: KubernetesObject): Scale & KubernetesObject {
  const counts = call.resource.scale?.get(object) ?? { replicas: 0, statusReplicas: 0, selector: "" };
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...(counts.replicas !== 0 && { replicas: counts.replicas }) },
    status: { replicas: counts.statusReplicas, ...(counts.selector !== "" && { selector: counts.selector }) },
  } as Scale & KubernetesObject;
}
