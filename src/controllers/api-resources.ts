// Behaviour: k8s.io/client-go/discovery: the resources that the API serves, for controllers that work on all of them.
import type { KubernetesObject } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import { discover } from "../client/discovery.ts";

/** A resource and what can be done with it. */
export interface ApiResource extends ResourceRef {
  readonly verbs: readonly string[];
}

/** Reads what the API serves. */
export interface ApiResources {
  /** Every resource, in the version that its group prefers. */
  list(): Promise<ApiResource[]>;
}

/** The resources that the server publishes at the moment. */
export function discoveredResources(client: ApiClient): ApiResources {
  return {
    async list() {
      const resources = new Map<string, ApiResource>();
      for (const { name, versions } of await discover(client.transport)) {
        for (const resource of versions.flatMap((version) => version.resources)) {
          const id = `${name}/${resource.resource}`;
          if (!resources.has(id)) resources.set(id, resource);
        }
      }
      return [...resources.values()];
    },
  };
}

/** Whether two refs name one resource, whatever the version. */
export function isSameResource(a: ResourceRef<KubernetesObject>, b: ResourceRef<KubernetesObject>): boolean {
  return a.group === b.group && a.resource === b.resource;
}
