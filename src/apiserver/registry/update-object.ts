// Behaviour: k8s.io/apiserver/pkg/registry/generic/registry/store.go Update and pkg/registry/rest/update.go.
import { conflict, invalid, notFound } from "../../api/errors.ts";
import { FieldPath, type FieldError, invalidValue } from "../../api/field-errors.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { type Entry, RevisionMismatchError } from "../../store/store.ts";
import type { AdmissionRequest } from "../admission/admission.ts";
import { addWarning, type Call, callNamespace, requestContext } from "../call.ts";
import { convertEntries, encodeObject, objectKey, ownObject, sharedObject } from "../object-storage.ts";
import { validateObjectMeta, validateObjectMetaUpdate, validatePathSegmentName, validateStandardFinalizers } from "../object-meta-validation.ts";
import { keepTimesUnlessChanged } from "../managed-fields/timestamps.ts";
import type { WriteOptions } from "../options.ts";
import type { RequestContext, SubresourceStrategy } from "../resource.ts";
import { admissionRequest, storedKind, storeNewObject, unexplained, type Written } from "./create-object.ts";
import { removeObject } from "./remove-object.ts";
import { deepEqual, equalExcept } from "./deep-equal.ts";
import { dropDuplicateOwners, ensureNamespace, wipeSystemFields } from "./system-fields.ts";

const OPTIMISTIC_LOCK = "the object has been modified; please apply your changes to the latest version and try again";

/** How an update makes its object, and how it is to be treated. */
export interface Update {
  readonly name: string;
  readonly options: WriteOptions;
  /** Whether an object that is not there is created. */
  readonly allowCreate: boolean;
  /** Which part may change; undefined: the resource itself. */
  readonly strategy?: SubresourceStrategy<KubernetesObject>;
  /** Makes the object from what is there (the callee's own copy), with its managed fields; called again after a conflict. */
  make(existing: UnstructuredObject | undefined): UnstructuredObject | Promise<UnstructuredObject>;
  /** Further checks of what is there against the request, such as a uid that must fit. */
  precondition?(existing: KubernetesObject | undefined): void;
}

/** What an update did. */
export interface UpdateResult extends Written {
  readonly created: boolean;
}

/** Updates (or creates) an object, retrying when another writer was faster and the request does not name a version. */
export async function updateObject(call: Call, update: Update): Promise<UpdateResult> {
  const { parts, resource } = call;
  const namespace = callNamespace(call);
  const key = objectKey(resource, namespace, update.name);
  for (;;) {
    const entry = parts.store.get(key);
    if (entry === undefined && !update.allowCreate) throw notFound(resource, update.name);
    if (entry !== undefined) await convertEntries(resource, [entry]);
    update.precondition?.(entry && sharedObject(resource, entry));
    const next = await update.make(entry && ownObject(resource, entry));
    const request = admissionRequest(call, entry === undefined ? "CREATE" : "UPDATE", next, entry && sharedObject(resource, entry), update.options, update.options.dryRun);
    dropDuplicateOwners(call, next.metadata, false);
    await parts.admission.mutate(request);
    dropDuplicateOwners(call, next.metadata, true);
    if (entry === undefined) {
      wipeSystemFields(next.metadata);
      delete next.metadata.resourceVersion;
      return { ...(await storeNewObject(call, next, update.options, request)), created: true };
    }
    const written = await replace(call, update, entry, next, request);
    if (written !== undefined) return { ...written, created: false };
  }
}

/** Writes `next` over `entry`; undefined when another writer was faster. */
async function replace(call: Call, update: Update, entry: Entry, next: UnstructuredObject, request: AdmissionRequest): Promise<Written | undefined> {
  const { resource, parts } = call;
  const context = requestContext(call, update.options.dryRun);
  const old = ownObject(resource, entry);
  checkVersion(call, next, old, update.strategy !== undefined);
  ensureNamespace(next.metadata, context.namespace);
  prepare(call, update, next, old, context);
  const errors = validate(call, update, next, old, context);
  if (errors.length > 0) throw invalid(storedKind(resource), update.name, errors);
  for (const warning of resource.warnings?.(next, old) ?? []) addWarning(call, warning);
  keepTimesUnlessChanged(old, next);
  await parts.admission.validate(request);

  const last = deletesWithUpdate(resource, next, old);
  if (update.options.dryRun) return { object: next };
  if (last) return removeObject(call, entry, next, context);
  if (deepEqual(next, old)) return { entry, object: next };
  try {
    const updated = await parts.store.update(entry.key, entry.revision, await encodeObject(resource, next));
    await convertEntries(resource, [updated]);
    return { entry: updated, object: next };
  } catch (error) {
    if (!(error instanceof RevisionMismatchError)) throw error;
    if (error.current === undefined) throw notFound(resource, update.name);
    return undefined;
  }
}

function checkVersion(call: Call, next: UnstructuredObject, old: UnstructuredObject, isSubresource: boolean): void {
  const { resource } = call;
  const version = next.metadata.resourceVersion ?? "";
  const name = old.metadata.name ?? "";
  if (version === "" || version === "0") {
    if (resource.allowUnconditionalUpdate === false && !isSubresource) {
      throw invalid({ ...storedKind(resource), kind: resource.resource }, name, [invalidValue(new FieldPath("metadata").child("resourceVersion"), 0, "must be specified for an update")]);
    }
    if (old.metadata.resourceVersion !== undefined) next.metadata.resourceVersion = old.metadata.resourceVersion;
    return;
  }
  if (!/^\d+$/.test(version)) throw unexplained(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  if (version !== old.metadata.resourceVersion) throw conflict(resource, name, OPTIMISTIC_LOCK);
}

function prepare(call: Call, update: Update, next: UnstructuredObject, old: UnstructuredObject, context: RequestContext): void {
  const { resource } = call;
  const tracks = resource.tracksGeneration ?? resource.status !== undefined;
  setOrDelete(next.metadata, "generation", old.metadata.generation);
  if (update.strategy === undefined) resource.prepareForUpdate?.(next, old, context);
  else update.strategy.prepareForUpdate(next, old, context);
  const meta = next.metadata;
  if (tracks && meta.generation === old.metadata.generation && !equalExcept(next, old, ["metadata", "status", "kind", "apiVersion"])) {
    meta.generation = (old.metadata.generation ?? 0) + 1;
  }
  if (meta.uid === undefined || meta.uid === "") setOrDelete(meta, "uid", old.metadata.uid);
  setOrDelete(meta, "creationTimestamp", old.metadata.creationTimestamp);
  if (old.metadata.deletionTimestamp !== undefined) meta.deletionTimestamp = old.metadata.deletionTimestamp;
  else delete meta.deletionTimestamp;
  if (old.metadata.deletionGracePeriodSeconds !== undefined) meta.deletionGracePeriodSeconds ??= old.metadata.deletionGracePeriodSeconds;
  else delete meta.deletionGracePeriodSeconds;
  delete meta.selfLink;
}

function validate(call: Call, update: Update, next: UnstructuredObject, old: UnstructuredObject, context: RequestContext): FieldError[] {
  const { resource } = call;
  const common = [...validateObjectMeta(next.metadata, resource.namespaced, validatePathSegmentName), ...validateObjectMetaUpdate(next.metadata, old.metadata)];
  const own = [...validateObjectMetaUpdate(next.metadata, old.metadata), ...(resource.type === undefined ? [] : validateStandardFinalizers(next.metadata))];
  if (update.strategy !== undefined) return [...common, ...own, ...(update.strategy.validateUpdate?.(next, old, context) ?? [])];
  return [...common, ...own, ...(resource.validate?.(next, context) ?? []), ...(resource.validateUpdate?.(next, old, context) ?? [])];
}

/** Whether the update takes the last finalizer from an object that is being deleted. */
function deletesWithUpdate(resource: Call["resource"], next: UnstructuredObject, old: UnstructuredObject): boolean {
  if (old.metadata.deletionTimestamp === undefined || (next.metadata.finalizers ?? []).length > 0) return false;
  if (resource.group === "" && resource.resource === "namespaces") return ((next["spec"] as { finalizers?: string[] } | undefined)?.finalizers ?? []).length === 0;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

function setOrDelete<T extends object, K extends keyof T>(target: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}
