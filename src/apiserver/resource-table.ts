// The set of resources that the server serves at this moment; custom resources come and go.
import { formatApiVersion, type KubernetesObject } from "../api/object.ts";
import type { Resource } from "./resource.ts";

/** Told after the set changed. */
export type ResourcesChanged = () => void;

/** Finds resources by what paths and objects name; order is that of registration. */
export class ResourceTable {
  private readonly byPath = new Map<string, Resource>();
  private byKind: Map<string, Resource> | undefined;
  private readonly listeners = new Set<ResourcesChanged>();

  constructor(resources: Iterable<Resource> = []) {
    for (const resource of resources) this.byPath.set(keyOf(resource), resource);
  }

  /** All resources of all versions. */
  all(): readonly Resource[] {
    return [...this.byPath.values()];
  }

  /** The resource of a path. */
  find(group: string, version: string, resource: string): Resource | undefined {
    return this.byPath.get(`${group}/${version}/${resource}`);
  }

  /** The resource whose objects are kept, for any version's group and plural. */
  findStored(group: string, resource: string): Resource | undefined {
    let found: Resource | undefined;
    for (const candidate of this.byPath.values()) {
      if (candidate.group !== group || candidate.resource !== resource) continue;
      if (candidate.storedAs === undefined) return candidate;
      found ??= candidate;
    }
    return found;
  }

  /** The resource of an object's apiVersion and kind. */
  findKind(apiVersion: string, kind: string): Resource | undefined {
    this.byKind ??= new Map([...this.byPath.values()].map((resource) => [`${formatApiVersion(resource)}/${resource.kind}`, resource]));
    return this.byKind.get(`${apiVersion}/${kind}`);
  }

  /** Whether anything of a group (and version) is served. */
  hasGroup(group: string, version?: string): boolean {
    for (const resource of this.byPath.values()) {
      if (resource.group === group && (version === undefined || resource.version === version)) return true;
    }
    return false;
  }

  /** Puts resources in, replacing those of the same path, and takes others out, telling the listeners once. */
  change(change: { add?: readonly Resource[]; remove?: readonly Resource[] }): void {
    for (const resource of change.remove ?? []) this.byPath.delete(keyOf(resource));
    for (const resource of change.add ?? []) this.byPath.set(keyOf(resource), resource);
    this.byKind = undefined;
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener` after every change; returns the function that ends it. */
  onChange(listener: ResourcesChanged): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Narrows a resource record to the general object type; records are kept by name, not by type. */
export function untyped<T extends KubernetesObject>(resource: Resource<T>): Resource {
  return resource as unknown as Resource;
}

function keyOf(resource: Resource): string {
  return `${resource.group}/${resource.version}/${resource.resource}`;
}
