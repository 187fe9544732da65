// Behaviour: k8s.io/kubernetes/pkg/api/service/util.go and the predicates of pkg/registry/core/service: what a service's type implies.
import type { Service } from "../../../../api/generated/types/core/v1.ts";

/** Stands for the cluster address of a service that has none. */
export const NO_ADDRESS = "None";

/** Whether the service has only the addresses of its pods. */
export function isHeadless(service: Service): boolean {
  return service.spec.clusterIPs?.length === 1 && service.spec.clusterIPs[0] === NO_ADDRESS;
}

/** Whether the Service asks for a load balancer. */
export const isLoadBalancer = (service: Service): boolean => service.spec.type === "LoadBalancer";

/** Whether the type has a cluster address, be it None. */
export const needsClusterIP = (service: Service): boolean => service.spec.type !== "ExternalName";

/** Whether the type has ports on nodes. */
export const needsNodePorts = (service: Service): boolean => service.spec.type === "NodePort" || isLoadBalancer(service);

/** Whether the service can be reached from outside the cluster. */
export function isExternallyAccessible(service: Service): boolean {
  return needsNodePorts(service) || (service.spec.type === "ClusterIP" && (service.spec.externalIPs ?? []).length > 0);
}

/** Whether a load balancer has to ask nodes for their health. */
export const needsHealthCheck = (service: Service): boolean => isLoadBalancer(service) && service.spec.externalTrafficPolicy === "Local";

/** Whether two lists of strings are the same, none being empty. */
export function sameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
