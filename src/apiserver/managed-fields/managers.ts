// Behaviour: k8s.io/apimachinery/pkg/util/managedfields/internal (managedfields.go, capmanagers.go): the managers of an object.
import type { ManagedFieldsEntry } from "../../api/generated/types/meta/v1.ts";
import { isJsonObject, jsonEquals } from "../../api/patch/json-value.ts";
import { type FieldSet, parseFieldSet, union } from "./field-set.ts";

/** What one manager owns, in which version. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** "" for the resource itself. */
  readonly subresource: string;
  readonly set: FieldSet;
  /** RFC 3339; absent when its set has not changed the object. */
  readonly time?: string | undefined;
}

/** An object's managers by their identifiers. */
export type Managers = Map<string, Manager>;

const MAX_UPDATE_MANAGERS = 10;
const OLD_UPDATES_MANAGER = "ancient-changes";

/** What tells managers apart: an applier keeps its fields when it goes over to another version. */
export function managerIdentifier(of: Pick<Manager, "name" | "operation" | "apiVersion" | "subresource">): string {
  return JSON.stringify({
    manager: of.name,
    operation: of.operation,
    ...(of.operation === "Update" && { apiVersion: of.apiVersion }),
    ...(of.subresource !== "" && { subresource: of.subresource }),
  });
}

/** Reads what the server itself has stored. */
export function storedManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const managers: Managers = new Map();
  for (const entry of entries ?? []) add(managers, entry, (entry.fieldsV1 ?? {}) as FieldSet);
  return managers;
}

/**
 * Reads what a client has sent.
 * @throws Error when an entry is malformed
 */
export function parseManagers(entries: readonly ManagedFieldsEntry[]): Managers {
  const managers: Managers = new Map();
  for (const [index, entry] of entries.entries()) {
    if (entry.operation !== "Apply" && entry.operation !== "Update") throw new Error("operation must be `Apply` or `Update`");
    if (!entry.apiVersion) throw new Error("apiVersion must not be empty");
    if (!entry.fieldsType) throw new Error(`missing fieldsType in managed fields entry ${index}`);
    if (entry.fieldsType !== "FieldsV1") throw new Error(`invalid fieldsType ${JSON.stringify(entry.fieldsType)} in managed fields entry ${index}`);
    add(managers, entry, parseFieldSet(entry.fieldsV1));
  }
  return managers;
}

function add(managers: Managers, entry: ManagedFieldsEntry, set: FieldSet): void {
  const manager: Manager = {
    name: entry.manager ?? "",
    operation: entry.operation === "Apply" ? "Apply" : "Update",
    apiVersion: entry.apiVersion ?? "",
    subresource: entry.subresource ?? "",
    set,
    time: entry.time,
  };
  managers.set(managerIdentifier(manager), manager);
}

/**
 * The managers to start from when a client writes an object: those that it sent, if they are well-formed, else those of
 * the live object; none when it resets them with `[]` or `[{}]`.
 */
export function managersOfWrite(live: readonly ManagedFieldsEntry[] | undefined, next: unknown): Managers {
  if (!Array.isArray(next) || next === live || jsonEquals(next, live)) return storedManagers(live);
  const [first]: unknown[] = next;
  if (first === undefined || (next.length === 1 && isJsonObject(first) && Object.keys(first).length === 0)) return new Map();
  try {
    return parseManagers(next.filter(isJsonObject));
  } catch {
    return storedManagers(live);
  }
}

/** What is stored: appliers before updaters, then by time, name, version and subresource; undefined when there are none. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  const sorted = [...managers.values()].map((manager) => ({ manager, seconds: secondsOf(manager.time) }));
  if (sorted.length > 1) {
    sorted.sort(
      (a, b) =>
        compareText(a.manager.operation, b.manager.operation) ||
        a.seconds - b.seconds ||
        compareText(a.manager.name, b.manager.name) ||
        compareText(a.manager.apiVersion, b.manager.apiVersion) ||
        compareText(a.manager.subresource, b.manager.subresource),
    );
  }
  return sorted.map(({ manager }) => entryOf(manager));
}

function entryOf(manager: Manager): ManagedFieldsEntry {
  const entry: ManagedFieldsEntry = { manager: manager.name, operation: manager.operation, apiVersion: manager.apiVersion };
  if (manager.time !== undefined) entry.time = manager.time;
  entry.fieldsType = "FieldsV1";
  entry.fieldsV1 = manager.set as Record<string, unknown>;
  if (manager.subresource !== "") entry.subresource = manager.subresource;
  return entry;
}

function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Joins the oldest updaters of a version into one when there are more than ten. Changes `managers`. */
export function capUpdateManagers(managers: Managers): void {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  if (updaters.length <= MAX_UPDATE_MANAGERS) return;
  updaters.sort(([a, left], [b, right]) => secondsOf(left.time) - secondsOf(right.time) || compareText(a, b));
  const firstOfVersion = new Map<string, string>();
  let left = updaters.length;
  for (const [identifier, manager] of updaters) {
    if (left <= MAX_UPDATE_MANAGERS) return;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, identifier);
      continue;
    }
    const bucket: Manager = { ...manager, name: OLD_UPDATES_MANAGER, subresource: "" };
    const key = managerIdentifier(bucket);
    const old = managers.get(key) ?? managers.get(first);
    managers.delete(first);
    managers.delete(identifier);
    managers.set(key, { ...bucket, set: union(manager.set, old?.set ?? {}) });
    left--;
  }
}
