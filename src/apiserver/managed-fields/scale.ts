// Behaviour: k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go: owners of replicas, seen through the scale subresource.
import type { ManagedFieldsEntry } from "../../api/generated/types/meta/v1.ts";
import { difference, hasPath, isEmptySet, setOfPaths } from "./field-set.ts";
import { encodeManagers, type Managers, storedManagers } from "./managers.ts";
import type { PathElement } from "./path-element.ts";

const SCALE_VERSION = "autoscaling/v1";
const SCALE_REPLICAS = ["f:spec", "f:replicas"];

/** Where an object's replicas stand, by apiVersion; for most kinds `["f:spec", "f:replicas"]`. */
export type ReplicasPaths = Readonly<Record<string, readonly PathElement[]>>;

/** The managers of a Scale: those of its object that own the replicas. */
export function scaleManagedFields(parent: readonly ManagedFieldsEntry[] | undefined, paths: ReplicasPaths): ManagedFieldsEntry[] | undefined {
  const managers: Managers = new Map();
  for (const [identifier, manager] of storedManagers(parent)) {
    const path = paths[manager.apiVersion];
    if (path !== undefined && hasPath(manager.set, path)) {
      managers.set(identifier, { ...manager, apiVersion: SCALE_VERSION, set: setOfPaths(SCALE_REPLICAS) });
    }
  }
  return encodeManagers(managers);
}

/**
 * The managers of an object after a write to its Scale.
 * @param parent the object's before the write
 * @param scale the Scale's after it
 * @param apiVersion the object's version
 */
export function parentManagedFields(
  parent: readonly ManagedFieldsEntry[] | undefined,
  scale: readonly ManagedFieldsEntry[] | undefined,
  apiVersion: string,
  paths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const before = storedManagers(parent);
  const owners = storedManagers(scale);
  const managers: Managers = new Map();
  for (const [identifier, manager] of before) {
    const path = paths[manager.apiVersion];
    if (path === undefined) continue;
    if (!hasPath(manager.set, path) || owners.delete(identifier)) {
      managers.set(identifier, manager);
      continue;
    }
    const set = difference(manager.set, setOfPaths(path));
    if (!isEmptySet(set)) managers.set(identifier, { ...manager, set });
  }
  for (const [identifier, owner] of owners) {
    if (!hasPath(owner.set, SCALE_REPLICAS)) continue;
    // The time is that of the object's own entry: a manager that is new has none.
    managers.set(identifier, { ...owner, apiVersion, set: setOfPaths(paths[apiVersion] ?? SCALE_REPLICAS), time: before.get(identifier)?.time });
  }
  return encodeManagers(managers);
}
