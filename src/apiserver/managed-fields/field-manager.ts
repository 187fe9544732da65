// Behaviour: k8s.io/apimachinery/pkg/util/managedfields: who manages which field of an object, for every writer.
import { decodeTyped } from "../../api/decode.ts";
import { badRequest } from "../../api/errors.ts";
import type { ManagedFieldsEntry } from "../../api/generated/types/meta/v1.ts";
import { parseApiVersion, type UnstructuredObject } from "../../api/object.ts";
import { cloneJson, isJsonObject, jsonEquals, type JsonObject } from "../../api/patch/json-value.ts";
import { unclassifiedError } from "../../api/patch/patch-errors.ts";
import type { TypeSchema } from "../../api/schema.ts";
import { type Clock, formatTime } from "../../util/clock.ts";
import { changedSet } from "./comparison.ts";
import { ApplyConflictError } from "./conflicts.ts";
import { appliedSet } from "./extraction.ts";
import { difference, type FieldSet, isEmptySet, setOfPaths, union } from "./field-set.ts";
import { conflictsBeyondLastApplied, updateLastApplied } from "./last-applied.ts";
import { capUpdateManagers, encodeManagers, type Manager, managerIdentifier, type Managers, managersOfWrite, storedManagers } from "./managers.ts";
import { mergeValues } from "./merge.ts";
import { type Convert, pruneAbandoned, takeChanged, versioned, type VersionedObject } from "./ownership.ts";
import type { FieldFilter } from "./reset-fields.ts";
import { followSchemaChanges } from "./schema-changes.ts";
import { checkType, formatTypeProblems } from "./type-check.ts";
import { ListItemError, objectType } from "./value-type.ts";

/** What a field manager needs of the server. */
export interface FieldManagerOptions {
  readonly clock: Pick<Clock, "now">;
  /** The schema of a kind in a version; undefined for kinds without one, whose fields are owned as they are found. */
  schemaOf(apiVersion: string, kind: string): TypeSchema | undefined;
  /**
   * An object in another of its kind's versions, e.g. the one in which another manager wrote; undefined when that is not
   * served. Not to be mutated, and not always complete. Absent: no kind has more than one version.
   */
  convert?(object: UnstructuredObject, apiVersion: string): UnstructuredObject | undefined;
}

/** Who writes, and where. */
interface Write {
  /** The fieldManager parameter or, without it, the user agent up to its first slash (see `managerOrUserAgent`). */
  readonly manager: string;
  /** "" or absent for the resource itself: "status", "scale", ... */
  readonly subresource?: string;
  /** What the write reaches of the fields that it sets: see `fieldFilterOf`. */
  readonly filter?: FieldFilter | undefined;
}

/** A create, update, or patch that is no apply. Both objects are in the request's version, decoded and defaulted. */
export interface UpdateRequest extends Write {
  /** The stored object; undefined for a create. */
  readonly live: UnstructuredObject | undefined;
  /** As the client wants it, before admission. Its managedFields are those that were sent: an empty list resets them. */
  readonly next: UnstructuredObject;
}

/** A server-side apply. */
export interface ApplyRequest extends Write {
  /** The version and kind that the request's path names. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The stored object in that version; undefined when the apply creates. */
  readonly live: UnstructuredObject | undefined;
  /** The body as it was parsed, not decoded. */
  readonly applied: JsonObject;
  readonly force: boolean;
}

/** What comes of an apply. */
export interface Applied {
  /**
   * The merged object, without managedFields, shared with nobody; not decoded or defaulted yet.
   */
  readonly object: JsonObject;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/** Tracks the owners of fields. It keeps no state: all of it is in the objects. */
export interface FieldManager {
  /**
   * The managedFields that an object has after a write; undefined for none. Never fails: what cannot be compared keeps the
   * live object's. The answer shares parts with the input and must not be mutated.
   */
  update(request: UpdateRequest): ManagedFieldsEntry[] | undefined;
  /**
   * Merges an applied configuration into the live object.
   * @throws StatusError 400 for another kind or version and for managedFields, 409 for conflicts, 500 for a configuration
   * that does not fit the type
   */
  apply(request: ApplyRequest): Applied;
}

/** Metadata that belongs to the server, not to its writers. */
const UNOWNED: FieldSet = setOfPaths(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"].map((name) => [
    "f:metadata",
    `f:${name}`,
  ]),
);

const MAX_NAME_LENGTH = 128;
const emptyObjects = new WeakMap<TypeSchema, JsonObject>();

/** What an object of a kind is before anything is set: Go's zero value, which new objects are compared with. */
function emptyObject(schema: TypeSchema | undefined): JsonObject {
  if (schema === undefined || schema.name === "") return {};
  let empty = emptyObjects.get(schema);
  if (empty === undefined) {
    empty = decodeTyped<JsonObject>(schema.name, {}).object;
    emptyObjects.set(schema, empty);
  }
  return empty;
}

/** The manager's name when a request names none: what the user agent says before its first slash. */
export function managerOrUserAgent(fieldManager: string | undefined, userAgent: string | undefined): string {
  if (fieldManager) return fieldManager;
  const [program = ""] = (userAgent ?? "").split("/");
  return program.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "").slice(0, MAX_NAME_LENGTH);
}

/** Makes the field manager of a server. */
export function createFieldManager(options: FieldManagerOptions): FieldManager {
  return new StructuredFieldManager(options);
}

class StructuredFieldManager implements FieldManager {
  private readonly options: FieldManagerOptions;

  constructor(options: FieldManagerOptions) {
    this.options = options;
  }

  update(request: UpdateRequest): ManagedFieldsEntry[] | undefined {
    const { live, next } = request;
    const stored = live?.metadata.managedFields;
    const managers = request.subresource ? storedManagers(stored) : managersOfWrite(stored, next.metadata.managedFields);
    // An object whose managers were reset is not tracked again before it is applied.
    if (managers.size === 0 && live?.metadata.uid) return undefined;
    try {
      this.track(live, next, managers, request);
    } catch (error) {
      if (error instanceof ListItemError) return stored;
      throw error;
    }
    return encodeManagers(managers);
  }

  /** Makes `write.manager` own all that differs. Changes `managers`. */
  private track(live: UnstructuredObject | undefined, next: UnstructuredObject, managers: Managers, write: Write): void {
    const after = this.versioned(withoutManagedFields(next));
    const before = live === undefined ? this.empty(next.apiVersion, next.kind) : this.versioned(withoutManagedFields(live));
    const { kind } = next;
    followSchemaChanges(managers, (apiVersion) => this.typeIn(apiVersion, kind, after));
    const comparison = takeChanged({ before, after, managers, force: true, filter: write.filter, convert: this.convert });
    const set = difference(changedSet(comparison), UNOWNED);
    if (!isEmptySet(set)) {
      const manager = this.manager(write, "Update", next.apiVersion, set);
      const identifier = managerIdentifier(manager);
      const previous = managers.get(identifier);
      managers.set(identifier, previous === undefined ? manager : { ...manager, set: union(set, previous.set) });
    }
    capUpdateManagers(managers);
  }

  apply(request: ApplyRequest): Applied {
    const { apiVersion, kind, applied } = request;
    if (applied["apiVersion"] !== apiVersion || applied["kind"] !== kind) throw badRequest(`invalid object type: ${formatKind(applied)}`);
    const live = this.liveOrEmpty(request);
    try {
      return this.applyTo(live, request, request.force);
    } catch (error) {
      if (!(error instanceof ApplyConflictError)) throw error;
      const conflicts =
        request.manager === "kubectl" ? conflictsBeyondLastApplied(error.conflicts, live.type, apiVersion, live.value as JsonObject) : error.conflicts;
      if (conflicts.length > 0) throw new ApplyConflictError(conflicts).toStatusError();
      return this.applyTo(live, request, true);
    }
  }

  private applyTo(live: VersionedObject, request: ApplyRequest, force: boolean): Applied {
    const { apiVersion, kind, applied, manager: name } = request;
    const managers = this.managersOfApply(live, request);
    const config = this.checkedConfiguration(applied, live);
    followSchemaChanges(managers, (version) => this.typeIn(version, kind, live));
    const owned = appliedSet(config.type, config.value);
    const set = request.filter === undefined ? owned : request.filter(owned);
    const manager = this.manager(request, "Apply", apiVersion, set);
    const by = managerIdentifier(manager);
    const last = managers.get(by);
    managers.set(by, { ...manager, time: last?.time });
    const merged: VersionedObject = { ...live, value: mergeValues(live.type, live.value, config.value) };
    const after = pruneAbandoned(merged, managers, last, this.convert);
    takeChanged({ before: live, after, managers, by, force, filter: request.filter, convert: this.convert });
    const changed = !jsonEquals(live.value, after.value);
    this.settle(managers, by, manager, changed);
    const object = cloneJson((changed ? after : live).value) as JsonObject;
    if (name === "kubectl") updateLastApplied(object, applied);
    return { object, managedFields: encodeManagers(managers) };
  }

  /** The applier's entry as it is stored: a new time only when the object has changed, none at all without fields. */
  private settle(managers: Managers, by: string, manager: Manager, changed: boolean): void {
    const set = difference(manager.set, UNOWNED);
    const previous = managers.get(by);
    if (isEmptySet(set)) managers.delete(by);
    else managers.set(by, { ...manager, set, time: changed ? manager.time : previous?.time });
  }

  /** The live managers; where nothing is tracked yet, all that is there belongs to what was before the first apply. */
  private managersOfApply(live: VersionedObject, request: ApplyRequest): Managers {
    const managers = storedManagers(request.live?.metadata.managedFields);
    if (managers.size > 0 || request.live === undefined) return managers;
    this.track(undefined, live.value as UnstructuredObject, managers, { ...request, manager: "before-first-apply" });
    return managers;
  }

  private checkedConfiguration(applied: JsonObject, live: VersionedObject): VersionedObject {
    const metadata = applied["metadata"];
    if (isJsonObject(metadata) && Array.isArray(metadata["managedFields"])) throw badRequest("metadata.managedFields must be nil");
    const problems = checkType(live.type, applied);
    if (problems.length > 0) throw unclassifiedError(`failed to create typed patch object (${formatObject(applied)}): ${formatTypeProblems(problems)}`);
    const liveProblems = checkType(live.type, live.value, true);
    if (liveProblems.length > 0) {
      throw unclassifiedError(`failed to create typed live object (${formatObject(live.value as JsonObject)}): ${formatTypeProblems(liveProblems)}`);
    }
    return { ...live, value: applied };
  }

  private liveOrEmpty({ live, apiVersion, kind }: ApplyRequest): VersionedObject {
    return live === undefined ? this.empty(apiVersion, kind) : this.versioned(withoutManagedFields(live));
  }

  private empty(apiVersion: string, kind: string): VersionedObject {
    const schema = this.options.schemaOf(apiVersion, kind);
    return { apiVersion, type: objectType(schema), value: emptyObject(schema) };
  }

  private versioned(object: UnstructuredObject): VersionedObject {
    return versioned(object, objectType(this.options.schemaOf(object.apiVersion, object.kind)));
  }

  private typeIn(apiVersion: string, kind: string, known: VersionedObject): VersionedObject["type"] | undefined {
    if (apiVersion === known.apiVersion) return known.type;
    const schema = this.options.schemaOf(apiVersion, kind);
    return schema === undefined ? undefined : objectType(schema);
  }

  private readonly convert: Convert = (object, apiVersion) => {
    if (object.apiVersion === apiVersion) return object;
    const converted = this.options.convert?.(object.value as UnstructuredObject, apiVersion);
    return converted === undefined ? undefined : this.versioned(converted);
  };

  private manager({ manager, subresource }: Write, operation: Manager["operation"], apiVersion: string, set: FieldSet): Manager {
    const name = manager === "" ? "unknown" : manager;
    return { name, operation, apiVersion, subresource: subresource ?? "", set, time: formatTime(this.options.clock.now()) };
  }
}

/** A shallow copy, as the managed fields themselves are nobody's. */
function withoutManagedFields(object: UnstructuredObject): UnstructuredObject {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** "apps/v1, Kind=Deployment"; the core group leaves "/v1, Kind=Pod". */
function formatKind({ apiVersion, kind }: JsonObject): string {
  const parsed = parseApiVersion(typeof apiVersion === "string" ? apiVersion : "");
  if (parsed === undefined) return "/, Kind=";
  return `${parsed.group}/${parsed.version}, Kind=${typeof kind === "string" ? kind : ""}`;
}

function formatObject(object: JsonObject): string {
  const metadata = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  const [namespace, name] = [metadata["namespace"], metadata["name"]].map((text) => (typeof text === "string" ? text : ""));
  return `${namespace}/${name}; ${formatKind(object)}`;
}
