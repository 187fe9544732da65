// Behaviour: k8s.io/kubectl/pkg/describe (describerMap): which describer a kind has; each family is loaded when it is needed.
import type { GroupVersionKind } from "../../api/object.ts";
import type { Describer } from "./describer.ts";

const DESCRIBERS: Readonly<Record<string, () => Promise<Describer>>> = {
  Pod: async () => (await import("./pod.ts")).podDescriber,
  ReplicationController: async () => (await import("./workloads.ts")).replicationControllerDescriber,
  Secret: async () => (await import("./core-objects.ts")).secretDescriber,
  Service: async () => (await import("./services.ts")).serviceDescriber,
  ServiceAccount: async () => (await import("./core-objects.ts")).serviceAccountDescriber,
  Node: async () => (await import("./node.ts")).nodeDescriber,
  LimitRange: async () => (await import("./core-objects.ts")).limitRangeDescriber,
  ResourceQuota: async () => (await import("./core-objects.ts")).resourceQuotaDescriber,
  PersistentVolume: async () => (await import("./storage.ts")).persistentVolumeDescriber,
  PersistentVolumeClaim: async () => (await import("./storage.ts")).persistentVolumeClaimDescriber,
  Namespace: async () => (await import("./core-objects.ts")).namespaceDescriber,
  Endpoints: async () => (await import("./services.ts")).endpointsDescriber,
  ConfigMap: async () => (await import("./core-objects.ts")).configMapDescriber,
  "EndpointSlice.discovery.k8s.io": async () => (await import("./services.ts")).endpointSliceDescriber,
  "HorizontalPodAutoscaler.autoscaling": async () => (await import("./autoscaling.ts")).horizontalPodAutoscalerDescriber,
  "Ingress.networking.k8s.io": async () => (await import("./services.ts")).ingressDescriber,
  "IngressClass.networking.k8s.io": async () => (await import("./services.ts")).ingressClassDescriber,
  "ServiceCIDR.networking.k8s.io": async () => (await import("./services.ts")).serviceCidrDescriber,
  "IPAddress.networking.k8s.io": async () => (await import("./services.ts")).ipAddressDescriber,
  "NetworkPolicy.networking.k8s.io": async () => (await import("./policies.ts")).networkPolicyDescriber,
  "PodDisruptionBudget.policy": async () => (await import("./policies.ts")).podDisruptionBudgetDescriber,
  "Job.batch": async () => (await import("./batch.ts")).jobDescriber,
  "CronJob.batch": async () => (await import("./batch.ts")).cronJobDescriber,
  "StatefulSet.apps": async () => (await import("./workloads.ts")).statefulSetDescriber,
  "Deployment.apps": async () => (await import("./workloads.ts")).deploymentDescriber,
  "DaemonSet.apps": async () => (await import("./workloads.ts")).daemonSetDescriber,
  "ReplicaSet.apps": async () => (await import("./workloads.ts")).replicaSetDescriber,
  "CertificateSigningRequest.certificates.k8s.io": async () => (await import("./certificates.ts")).certificateSigningRequestDescriber,
  "StorageClass.storage.k8s.io": async () => (await import("./storage.ts")).storageClassDescriber,
  "CSINode.storage.k8s.io": async () => (await import("./storage.ts")).csiNodeDescriber,
  "VolumeAttributesClass.storage.k8s.io": async () => (await import("./storage.ts")).volumeAttributesClassDescriber,
  "Role.rbac.authorization.k8s.io": async () => (await import("./rbac.ts")).roleDescriber,
  "ClusterRole.rbac.authorization.k8s.io": async () => (await import("./rbac.ts")).roleDescriber,
  "RoleBinding.rbac.authorization.k8s.io": async () => (await import("./rbac.ts")).roleBindingDescriber,
  "ClusterRoleBinding.rbac.authorization.k8s.io": async () => (await import("./rbac.ts")).roleBindingDescriber,
  "PriorityClass.scheduling.k8s.io": async () => (await import("./core-objects.ts")).priorityClassDescriber,
};

/** The describer of a kind; the generic one for kinds that have none of their own. */
export async function describerFor({ group, kind }: Pick<GroupVersionKind, "group" | "kind">): Promise<Describer> {
  const load = DESCRIBERS[group === "" ? kind : `${kind}.${group}`];
  return load === undefined ? (await import("./generic.ts")).genericDescriber : load();
}
