// Behaviour: pkg/controlplane and the RBAC bootstrap hooks: what a cluster has before anyone asks for anything.
import { bootstrapObjectsText } from "../api/generated/bootstrap-objects.ts";
import { isAlreadyExists } from "../api/errors.ts";
import { type KubernetesObject, parseApiVersion } from "../api/object.ts";
import { namespaces, type ResourceRef } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";

/** The resources that bootstrap objects may be of, by kind. */
export type ResourceOfKind = (apiVersion: string, kind: string) => ResourceRef | undefined;

/** Creates what is missing; what is there stays as its users left it. Objects of kinds that are not served are left out. */
export async function createBootstrapObjects(client: ApiClient, resourceOf: ResourceOfKind): Promise<void> {
  const objects = JSON.parse(bootstrapObjectsText) as KubernetesObject[];
  const isNamespace = (object: KubernetesObject) => object.kind === namespaces.kind && parseApiVersion(object.apiVersion)?.group === "";
  // The other objects live in the namespaces.
  await Promise.all(objects.filter(isNamespace).map((object) => createMissing(client, namespaces, object)));
  await Promise.all(
    objects
      .filter((object) => !isNamespace(object))
      .map(async (object) => {
        const ref = resourceOf(object.apiVersion, object.kind);
        if (ref !== undefined) await createMissing(client, ref, object);
      }),
  );
}

async function createMissing(client: ApiClient, ref: ResourceRef, object: KubernetesObject): Promise<void> {
  try {
    await client.resource(ref, ref.namespaced ? object.metadata.namespace : undefined).create(object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
