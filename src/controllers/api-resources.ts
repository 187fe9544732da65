// Behaviour: k8s.io/client-go/discovery: the resources that the API serves, for controllers that work on all of them.
import type { APIGroupDiscovery, APIResourceDiscovery } from "../api/generated/types/apidiscovery/v2.ts";
import type { KubernetesObject } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";

const ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** A resource and what can be done with it. */
export interface ApiResource extends ResourceRef {
  readonly verbs: readonly string[];
}

/** Reads what the API serves. */
export interface ApiResources {
  /** Every resource, in the version that its group prefers. */
  list(): Promise<ApiResource[]>;
}

/** The resources that the server publishes in its aggregated discovery. */
export function discoveredResources(client: ApiClient): ApiResources {
  return {
    async list() {
      const groups = (await Promise.all(["/api", "/apis"].map((path) => readGroups(client, path)))).flat();
      const resources = new Map<string, ApiResource>();
      for (const group of groups) {
        for (const { version, resources: served = [] } of group.versions ?? []) {
          for (const resource of served) {
            const id = `${group.metadata.name ?? ""}/${resource.resource}`;
            if (!resources.has(id)) resources.set(id, toApiResource(group.metadata.name ?? "", version, resource));
          }
        }
      }
      return [...resources.values()];
    },
  };
}

async function readGroups(client: ApiClient, path: string): Promise<APIGroupDiscovery[]> {
  const { status, body } = await client.transport.request({ method: "GET", path, headers: { accept: ACCEPT } });
  if (status !== 200) throw new Error(`discovery of ${path} failed: ${status}`);
  return (body as { items?: APIGroupDiscovery[] }).items ?? [];
}

function toApiResource(group: string, version: string, resource: APIResourceDiscovery): ApiResource {
  return {
    group,
    version,
    resource: resource.resource,
    kind: resource.responseKind?.kind ?? "",
    namespaced: resource.scope === "Namespaced",
    verbs: resource.verbs,
  };
}

/** Whether two refs name one resource, whatever the version. */
export function isSameResource(a: ResourceRef<KubernetesObject>, b: ResourceRef<KubernetesObject>): boolean {
  return a.group === b.group && a.resource === b.resource;
}
