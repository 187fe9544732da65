// Behaviour: k8s.io/kubernetes/pkg/api/service/warnings.go.
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { FieldPath } from "../../../../api/field-errors.ts";
import { cidrWarnings, ipWarnings } from "../../shared/addresses.ts";
import { isHeadless, NO_ADDRESS } from "./traits.ts";

const SPEC = new FieldPath("spec");

/** What is deprecated in a service, or has no effect. */
export function serviceWarnings(service: Service): string[] {
  const { spec } = service;
  const warnings: string[] = [];
  const external = spec.externalIPs ?? [];
  if ("service.kubernetes.io/topology-aware-hints" in (service.metadata.annotations ?? {})) {
    warnings.push("annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead");
  }
  if (spec.clusterIP && spec.clusterIP !== NO_ADDRESS) {
    warnings.push(...(spec.clusterIPs ?? []).flatMap((address, index) => ipWarnings(address, SPEC.child("clusterIPs").index(index))));
  }
  const headless = spec.type === "ClusterIP" && isHeadless(service);
  if (headless) {
    if (spec.loadBalancerIP) warnings.push("spec.loadBalancerIP is ignored for headless services");
    if (external.length > 0) warnings.push("spec.externalIPs is ignored for headless services");
    if (spec.sessionAffinity !== "None") warnings.push("spec.SessionAffinity is ignored for headless services");
  }
  warnings.push(...external.flatMap((address, index) => ipWarnings(address, SPEC.child("externalIPs").index(index))));
  if (external.length > 0 && !headless && spec.type !== "ExternalName") warnings.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  if (spec.loadBalancerIP) warnings.push(...ipWarnings(spec.loadBalancerIP, SPEC.child("loadBalancerIP")));
  warnings.push(...(spec.loadBalancerSourceRanges ?? []).flatMap((range, index) => cidrWarnings(range, SPEC.child("loadBalancerSourceRanges").index(index))));
  if (spec.type === "ExternalName" && external.length > 0) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== "ExternalName" && spec.externalName) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === "PreferClose") warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}
