// Behaviour: pkg/controlplane/controller/kubernetesservice and pkg/controlplane/reconcilers: how clients in the cluster find the API server.
import type { EndpointSlice } from "../api/generated/types/discovery/v1.ts";
import type { Endpoints, Service } from "../api/generated/types/core/v1.ts";
import { isNotFound } from "../api/errors.ts";
import type { KubernetesObject } from "../api/object.ts";
import { endpoints, endpointSlices, type ResourceRef, services } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";

/** Where the cluster's own API is reached. */
export interface ApiAddress {
  readonly clusterIP: string;
  /** The address and port that the server listens on, as pods see it. */
  readonly host: string;
  readonly port: number;
}

const NAME = "kubernetes";
const NAMESPACE = "default";

/** Makes the Service `kubernetes` in the default namespace lead to the API server. */
export async function publishApiService(client: ApiClient, address: ApiAddress): Promise<void> {
  await ensure(client, services, apiService(address), (present) => ({ ...present, spec: { ...present.spec, ports: apiService(address).spec.ports } }));
  await ensure(client, endpoints, apiEndpoints(address), (present) => ({ ...present, subsets: apiEndpoints(address).subsets }));
  await ensure(client, endpointSlices, apiEndpointSlice(address), (present) => ({ ...present, endpoints: apiEndpointSlice(address).endpoints, ports: apiEndpointSlice(address).ports }));
}

/** Creates the object, or updates the one that is there; an update that changes nothing is none. */
async function ensure<T extends KubernetesObject>(client: ApiClient, ref: ResourceRef<T>, wanted: T, corrected: (present: T) => T): Promise<void> {
  const resource = client.resource(ref, NAMESPACE);
  const present = await resource.get(NAME).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (present === undefined) await resource.create(wanted);
  else await resource.update(corrected(present));
}

function apiService({ clusterIP, port }: ApiAddress): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { component: "apiserver", provider: "kubernetes" } },
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

function apiEndpoints({ host, port }: ApiAddress): Endpoints {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: host }], ports: [{ name: "https", port, protocol: "TCP" }] }],
  };
}

function apiEndpointSlice({ host, port }: ApiAddress): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { "kubernetes.io/service-name": NAME } },
    addressType: "IPv4",
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
}
