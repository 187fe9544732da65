// Behaviour: k8s.io/apiserver/pkg/registry/generic/registry/store.go Create and pkg/registry/rest/create.go.
import { cloneDecoded } from "../../api/decode.ts";
import { StatusError, alreadyExists, invalid, isAlreadyExists } from "../../api/errors.ts";
import type { FieldError } from "../../api/field-errors.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { KeyExistsError, type Entry } from "../../store/store.ts";
import type { AdmissionRequest } from "../admission/admission.ts";
import { addWarning, type Call, callNamespace, requestContext } from "../call.ts";
import { convertEntries, encodeObject, objectKey } from "../object-storage.ts";
import { validateObjectMeta, validatePathSegmentName, validateStandardFinalizers } from "../object-meta-validation.ts";
import { trackUpdate } from "../field-tracking.ts";
import type { WriteOptions } from "../options.ts";
import type { Resource } from "../resource.ts";
import { dropDuplicateOwners, ensureNamespace, fillSystemFields, needsGeneratedName, wipeSystemFields } from "./system-fields.ts";

const GENERATED_NAME_ATTEMPTS = 8;

/** What a write left behind: the stored entry, or (for dry runs) only the object. */
export interface Written {
  readonly entry?: Entry;
  readonly object: KubernetesObject;
}

/** Creates an object that is decoded and defaulted; `object` is the server's from here on. */
export async function createObject(call: Call, object: UnstructuredObject, options: WriteOptions): Promise<Written> {
  const request = admissionRequest(call, "CREATE", object, undefined, options, options.dryRun);
  ensureNamespace(object.metadata, callNamespace(call));
  wipeSystemFields(object.metadata);
  dropDuplicateOwners(call, object.metadata, false);
  trackUpdate(call, undefined, object, options);
  await call.parts.admission.mutate(request);
  dropDuplicateOwners(call, object.metadata, true);
  return storeNewObject(call, object, options, request);
}

/** The second half of a create: what follows once admission has had its way with the object. */
export async function storeNewObject(call: Call, object: UnstructuredObject, options: WriteOptions, request: AdmissionRequest): Promise<Written> {
  if (!needsGeneratedName(object.metadata)) return storeOnce(call, object, options, request);
  for (let attempt = 1; ; attempt++) {
    try {
      return await storeOnce(call, cloneDecoded(object), options, request);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      if (attempt === GENERATED_NAME_ATTEMPTS) throw generateNameConflict(error);
    }
  }
}

/** The kind that errors of checks name: that of the version which is stored. */
export function storedKind({ group, kind, storedAs }: Resource): { group: string; kind: string } {
  return { group: storedAs?.group ?? group, kind };
}

async function storeOnce(call: Call, object: UnstructuredObject, options: WriteOptions, request: AdmissionRequest): Promise<Written> {
  const { resource, parts } = call;
  const context = requestContext(call, options.dryRun);
  const meta = object.metadata;
  ensureNamespace(meta, context.namespace);
  fillSystemFields(call, meta);
  if (resource.tracksGeneration ?? resource.status !== undefined) meta.generation = 1;
  resource.prepareForCreate?.(object, context);
  const errors = validateNew(call, object, options);
  if (errors.length > 0) throw invalid(storedKind(resource), meta.name ?? "", errors);
  for (const warning of resource.warnings?.(object, undefined) ?? []) addWarning(call, warning);
  await parts.admission.validate({ ...request, object });

  const name = meta.name ?? "";
  const key = objectKey(resource, context.namespace, name);
  if ((meta.resourceVersion ?? "") !== "") throw unexplained("resourceVersion should not be set on objects to be created");
  if (options.dryRun) {
    if (parts.store.get(key) !== undefined) throw alreadyExists(resource, name);
    return { object };
  }
  try {
    const entry = await parts.store.create(key, await encodeObject(resource, object));
    await convertEntries(resource, [entry]);
    return { entry, object };
  } catch (error) {
    if (error instanceof KeyExistsError) throw alreadyExists(resource, name);
    throw error;
  }
}

function validateNew(call: Call, object: UnstructuredObject, options: WriteOptions): FieldError[] {
  const { resource } = call;
  const validateName = (name: string, prefix: boolean) => resource.validateName(name, prefix);
  const errors = [
    ...validateObjectMeta(object.metadata, resource.namespaced, validateName),
    ...(resource.type === undefined ? [] : validateStandardFinalizers(object.metadata)),
    ...(resource.validate?.(object, requestContext(call, options.dryRun)) ?? []),
    ...(resource.validateCreate?.(object, requestContext(call, options.dryRun)) ?? []),
  ];
  return errors.length > 0 ? errors : validateObjectMeta(object.metadata, resource.namespaced, validatePathSegmentName);
}

/** The admission request of a write; its object and name are read when a step looks. */
export function admissionRequest(
  call: Call,
  operation: AdmissionRequest["operation"],
  object: UnstructuredObject | undefined,
  old: KubernetesObject | undefined,
  options: object,
  dryRun: boolean,
): AdmissionRequest {
  const { resource, info } = call;
  return {
    operation,
    resource,
    subresource: info.subresource,
    namespace: callNamespace(call),
    name: info.name || (object?.metadata.name ?? ""),
    object,
    old,
    kind: resource,
    options: { ...options },
    context: requestContext(call, dryRun),
    dryRun,
    warn: (message) => addWarning(call, message),
    annotate: (key, value) => {
      if (call.annotations?.has(key) === false) call.annotations.set(key, value);
    },
  };
}

/** A failure that upstream reports without a reason: a plain error, not a Status. */
export function unexplained(message: string): StatusError {
  return new StatusError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code: 500 } as StatusError["status"]);
}

function generateNameConflict(error: StatusError): StatusError {
  return new StatusError({ ...error.status, message: `${error.status.message}, the server was not able to generate a unique name for the object` });
}
