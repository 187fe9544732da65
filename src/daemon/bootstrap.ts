// Behaviour: pkg/controlplane and the RBAC bootstrap hooks: what a cluster has before anyone asks for anything.
import type { Service } from "../api/generated/types/core/v1.ts";
import { bootstrapObjectsText } from "../api/generated/bootstrap-objects.ts";
import { isAlreadyExists, isNotFound } from "../api/errors.ts";
import { type KubernetesObject, parseApiVersion } from "../api/object.ts";
import { namespaces, type ResourceRef, services } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";

/** The resources that bootstrap objects may be of, by kind. */
export type ResourceOfKind = (apiVersion: string, kind: string) => ResourceRef | undefined;

/** Where the cluster's own API is reached. */
export interface ApiAddress {
  readonly clusterIP: string;
  readonly port: number;
}

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

/** Makes the Service `kubernetes` in the default namespace lead to the API server. */
export async function publishApiService(client: ApiClient, address: ApiAddress): Promise<void> {
  const inDefault = client.resource(services, "default");
  const wanted = apiService(address);
  const present = await inDefault.get("kubernetes").catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (present === undefined) await inDefault.create(wanted);
  else if (present.spec.clusterIP !== address.clusterIP || present.spec.ports?.[0]?.targetPort !== address.port) {
    await inDefault.patch("kubernetes", "application/merge-patch+json", { spec: { ports: wanted.spec.ports } });
  }
}

function apiService({ clusterIP, port }: ApiAddress): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kubernetes", namespace: "default", labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      type: "ClusterIP",
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      sessionAffinity: "None",
      ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: port }],
    },
    status: { loadBalancer: {} },
  };
}

