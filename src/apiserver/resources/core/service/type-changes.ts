// Behaviour: dropTypeDependentFields in k8s.io/kubernetes/pkg/registry/core/service/strategy.go.
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { isExternallyAccessible, isLoadBalancer, needsClusterIP, needsHealthCheck, needsNodePorts, sameList } from "./traits.ts";

/** Takes off what only the former type of a service needed, unless the client changed it as well. */
export function dropTypeDependentFields(next: Service, old: Service): void {
  const [spec, before] = [next.spec, old.spec];
  if (needsClusterIP(old) && !needsClusterIP(next)) {
    if ((before.clusterIP ?? "") === (spec.clusterIP ?? "") && sameList(before.clusterIPs, spec.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (sameList(before.ipFamilies, spec.ipFamilies)) delete spec.ipFamilies;
    if (before.ipFamilyPolicy === spec.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  }
  if (needsNodePorts(old) && !needsNodePorts(next) && hasNoNewNodePorts(next, old)) for (const port of spec.ports ?? []) delete port.nodePort;
  if (needsHealthCheck(old) && !needsHealthCheck(next) && before.healthCheckNodePort === spec.healthCheckNodePort) delete spec.healthCheckNodePort;
  if (isLoadBalancer(old) && !isLoadBalancer(next)) {
    if (before.allocateLoadBalancerNodePorts === spec.allocateLoadBalancerNodePorts) delete spec.allocateLoadBalancerNodePorts;
    if (before.loadBalancerClass === spec.loadBalancerClass) delete spec.loadBalancerClass;
  }
  if (isExternallyAccessible(old) && !isExternallyAccessible(next) && before.externalTrafficPolicy === spec.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  if (!isLoadBalancer(next)) next.status = { ...next.status, loadBalancer: {} };
}

function hasNoNewNodePorts(next: Service, old: Service): boolean {
  const before = new Set((old.spec.ports ?? []).map((port) => port.nodePort ?? 0));
  return (next.spec.ports ?? []).every((port) => !port.nodePort || before.has(port.nodePort));
}
