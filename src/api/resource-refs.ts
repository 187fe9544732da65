// Constants that name the resources components work with: `client.resource(pods, "default")`.
import type { Deployment, ReplicaSet } from "./generated/types/apps/v1.ts";
import type { CustomResourceDefinition } from "./generated/types/apiextensions/v1.ts";
import type { APIService } from "./generated/types/apiregistration/v1.ts";
import type { Job } from "./generated/types/batch/v1.ts";
import type { CertificateSigningRequest } from "./generated/types/certificates/v1.ts";
import type { Lease } from "./generated/types/coordination/v1.ts";
import type {
  ConfigMap,
  Endpoints,
  Event,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from "./generated/types/core/v1.ts";
import type { EndpointSlice } from "./generated/types/discovery/v1.ts";
import type { IPAddress, IngressClass, ServiceCIDR } from "./generated/types/networking/v1.ts";
import type { RuntimeClass } from "./generated/types/node/v1.ts";
import type { PodDisruptionBudget } from "./generated/types/policy/v1.ts";
import type { ClusterRole } from "./generated/types/rbac/v1.ts";
import type { PriorityClass } from "./generated/types/scheduling/v1.ts";
import type { StorageClass } from "./generated/types/storage/v1.ts";
import type { GroupVersionResource, KubernetesObject } from "./object.ts";

/** A resource together with the kind and type of its objects. */
export interface ResourceRef<T extends KubernetesObject = KubernetesObject> extends GroupVersionResource {
  readonly kind: string;
  readonly namespaced: boolean;
  /** Carries the type only; never set. */
  readonly objectType?: T;
}

function ref<T extends KubernetesObject>(group: string, version: string, resource: string, kind: string, namespaced = true): ResourceRef<T> {
  return { group, version, resource, kind, namespaced };
}

// What components ask the API server for, each under the name of the resource.

export const pods = ref<Pod>("", "v1", "pods", "Pod");
export const nodes = ref<Node>("", "v1", "nodes", "Node", false);
export const namespaces = ref<Namespace>("", "v1", "namespaces", "Namespace", false);
export const services = ref<Service>("", "v1", "services", "Service");
export const endpoints = ref<Endpoints>("", "v1", "endpoints", "Endpoints");
export const events = ref<Event>("", "v1", "events", "Event");
export const configMaps = ref<ConfigMap>("", "v1", "configmaps", "ConfigMap");
export const secrets = ref<Secret>("", "v1", "secrets", "Secret");
export const serviceAccounts = ref<ServiceAccount>("", "v1", "serviceaccounts", "ServiceAccount");
export const replicationControllers = ref<ReplicationController>("", "v1", "replicationcontrollers", "ReplicationController");
export const deployments = ref<Deployment>("apps", "v1", "deployments", "Deployment");
export const replicaSets = ref<ReplicaSet>("apps", "v1", "replicasets", "ReplicaSet");
export const leases = ref<Lease>("coordination.k8s.io", "v1", "leases", "Lease");
export const persistentVolumes = ref<PersistentVolume>("", "v1", "persistentvolumes", "PersistentVolume", false);
export const persistentVolumeClaims = ref<PersistentVolumeClaim>("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");
export const resourceQuotas = ref<ResourceQuota>("", "v1", "resourcequotas", "ResourceQuota");
export const endpointSlices = ref<EndpointSlice>("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");
export const podDisruptionBudgets = ref<PodDisruptionBudget>("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");
export const storageClasses = ref<StorageClass>("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
export const clusterRoles = ref<ClusterRole>("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);
export const certificateSigningRequests = ref<CertificateSigningRequest>(
  "certificates.k8s.io",
  "v1",
  "certificatesigningrequests",
  "CertificateSigningRequest",
  false,
);
export const customResourceDefinitions = ref<CustomResourceDefinition>(
  "apiextensions.k8s.io",
  "v1",
  "customresourcedefinitions",
  "CustomResourceDefinition",
  false,
);
export const apiServices = ref<APIService>("apiregistration.k8s.io", "v1", "apiservices", "APIService", false);
export const jobs = ref<Job>("batch", "v1", "jobs", "Job");
export const serviceCIDRs = ref<ServiceCIDR>("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
export const ipAddresses = ref<IPAddress>("networking.k8s.io", "v1", "ipaddresses", "IPAddress", false);
export const limitRanges = ref<LimitRange>("", "v1", "limitranges", "LimitRange");
export const ingressClasses = ref<IngressClass>("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);
export const runtimeClasses = ref<RuntimeClass>("node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false);
export const priorityClasses = ref<PriorityClass>("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);
