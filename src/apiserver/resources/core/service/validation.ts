// Behaviour: validateService and its updates in k8s.io/kubernetes/pkg/apis/core/validation.
import { isIP } from "node:net";
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../../api/field-errors.ts";
import type { Service, ServicePort } from "../../../../api/generated/types/core/v1.ts";
import { validateLabels } from "../../../object-meta-validation.ts";
import { addressRange, ipAddress } from "../../shared/addresses.ts";
import { endpointAddress } from "../../shared/endpoint-address.ts";
import { dnsLabel, dnsSubdomain, oneOf, portNumber, portNumberOrName, PROTOCOLS, qualifiedName, requiredOneOf } from "../../shared/field-checks.ts";
import { validateClusterIPs, validateClusterIPsUpdate } from "./cluster-ip-validation.ts";
import { isExternallyAccessible, isHeadless, isLoadBalancer, needsClusterIP, needsHealthCheck } from "./traits.ts";

const SPEC = new FieldPath("spec");
const PORTS = SPEC.child("ports");
const ANNOTATIONS = new FieldPath("metadata.annotations");
const TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
const TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_FOR_LOAD_BALANCERS = "may only be used when `type` is 'LoadBalancer'";
const MAX_AFFINITY_SECONDS = 86_400;

/** What is wrong with a service; `old` is there on updates. */
export function validateService(service: Service, old?: Service): FieldError[] {
  const { spec } = service;
  return [
    ...validateTopologyAnnotations(service),
    ...validateType(service),
    ...validatePorts(service),
    ...validateLabels(spec.selector, SPEC.child("selector")),
    ...validateAffinity(service),
    ...validateClusterIPs(service, old),
    ...(spec.externalIPs ?? []).flatMap((address, index) => {
      const path = SPEC.child("externalIPs").index(index);
      const errors = ipAddress(address, path, old?.spec.externalIPs);
      return errors.length > 0 ? errors : endpointAddress(address, path);
    }),
    ...requiredOneOf(spec.type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], SPEC.child("type")),
    ...validateNodePorts(service),
    ...validateSourceRanges(service, old),
    ...validateLoadBalancerFields(service),
    ...validateTrafficPolicies(service),
  ];
}

/** What may not change in a service. */
export function validateServiceUpdate(next: Service, old: Service): FieldError[] {
  const errors = validateClusterIPsUpdate(next, old);
  if (isLoadBalancer(old) && isLoadBalancer(next) && old.spec.loadBalancerClass !== next.spec.loadBalancerClass) {
    errors.push(invalidValue(SPEC.child("loadBalancerClass"), next.spec.loadBalancerClass, "may not change once set"));
  }
  errors.push(...validateLoadBalancerClass(next));
  if (needsHealthCheck(old) && needsHealthCheck(next) && old.spec.healthCheckNodePort !== next.spec.healthCheckNodePort) {
    errors.push(forbiddenField(SPEC.child("healthCheckNodePort"), "field is immutable"));
  }
  return errors;
}

/** What is wrong with the addresses that a load balancer reports. */
export function validateLoadBalancerStatus(next: Service, old: Service): FieldError[] {
  const path = new FieldPath("status.loadBalancer.ingress");
  const ingress = next.status.loadBalancer?.ingress ?? [];
  if (!isLoadBalancer(next) && ingress.length > 0) return [forbiddenField(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  const before = (old.status.loadBalancer?.ingress ?? []).map((item) => item.ip ?? "");
  return ingress.flatMap(({ ip, ipMode, hostname }, index) => {
    const at = path.index(index);
    const errors = ip ? ipAddress(ip, at.child("ip"), before) : [];
    if (ip && ipMode === undefined) errors.push(requiredValue(at.child("ipMode"), "must be specified when `ip` is set"));
    else if (!ip && ipMode !== undefined) errors.push(forbiddenField(at.child("ipMode"), "may not be specified when `ip` is not set"));
    else if (ipMode !== undefined) errors.push(...oneOf(ipMode, ["Proxy", "VIP"], at.child("ipMode")));
    if (hostname) errors.push(...dnsSubdomain(hostname, at.child("hostname")));
    if (hostname && isIP(hostname) !== 0) errors.push(invalidValue(at.child("hostname"), hostname, "must be a DNS name, not an IP address"));
    return errors;
  });
}

function validateTopologyAnnotations({ metadata }: Service): FieldError[] {
  const mode = metadata.annotations?.[TOPOLOGY_MODE];
  const hints = metadata.annotations?.[TOPOLOGY_HINTS];
  if (mode === undefined || hints === undefined || mode === hints) return [];
  return [invalidValue(ANNOTATIONS.key(TOPOLOGY_MODE), mode, `must match annotations[${TOPOLOGY_HINTS}] when both are specified`)];
}

function validateType(service: Service): FieldError[] {
  const { spec } = service;
  const errors = spec.ports?.length || isHeadless(service) || !needsClusterIP(service) ? [] : [requiredValue(PORTS)];
  if ((spec.type === "LoadBalancer" || spec.type === "NodePort") && isHeadless(service)) {
    errors.push(invalidValue(SPEC.child("clusterIPs").index(0), spec.clusterIPs?.[0], `may not be set to 'None' for ${spec.type} services`));
  }
  if (needsClusterIP(service)) return errors;
  const unset = [
    ...(spec.clusterIPs?.length ? ["clusterIPs"] : []),
    ...(spec.ipFamilies?.length ? ["ipFamilies"] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : ["ipFamilyPolicy"]),
  ];
  errors.push(...unset.map((field) => forbiddenField(SPEC.child(field), "may not be set for ExternalName services")));
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  const path = SPEC.child("externalName");
  return [...errors, ...(name === "" ? [requiredValue(path)] : dnsSubdomain(name, path))];
}

function validatePorts({ spec }: Service): FieldError[] {
  const ports = spec.ports ?? [];
  const names = new Set<string>();
  return ports.flatMap((port, index) => validatePort(port, ports.length > 1, names, PORTS.index(index)));
}

function validatePort(port: ServicePort, requireName: boolean, names: Set<string>, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (port.name) {
    errors.push(...dnsLabel(port.name, path.child("name")));
    if (names.has(port.name)) errors.push(duplicateValue(path.child("name"), port.name));
    names.add(port.name);
  } else if (requireName) errors.push(requiredValue(path.child("name")));
  errors.push(
    ...portNumber(port.port, path.child("port")),
    ...requiredOneOf(port.protocol, PROTOCOLS, path.child("protocol")),
    ...portNumberOrName(port.targetPort ?? 0, path.child("targetPort")),
    ...(port.appProtocol === undefined ? [] : qualifiedName(port.appProtocol, path.child("appProtocol"))),
  );
  return errors;
}

function validateAffinity({ spec }: Service): FieldError[] {
  const config = spec.sessionAffinityConfig;
  const path = SPEC.child("sessionAffinityConfig");
  const errors = requiredOneOf(spec.sessionAffinity, ["ClientIP", "None"], SPEC.child("sessionAffinity"));
  if (spec.sessionAffinity === "None" && config !== undefined) errors.push(forbiddenField(path, "must not be set when session affinity is None"));
  if (spec.sessionAffinity === "ClientIP") {
    const timeout = config?.clientIP?.timeoutSeconds ?? 0;
    if (timeout <= 0 || timeout > MAX_AFFINITY_SECONDS) {
      errors.push(invalidValue(path.child("clientIP", "timeoutSeconds"), timeout, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`));
    }
  }
  return errors;
}

function validateNodePorts({ spec }: Service): FieldError[] {
  const ports = spec.ports ?? [];
  const errors: FieldError[] = [];
  const seenNodePorts = new Set<string>();
  const seenPorts = new Set<string>();
  for (const [index, port] of ports.entries()) {
    if (port.nodePort && spec.type === "ClusterIP") errors.push(forbiddenField(PORTS.index(index).child("nodePort"), "may not be used when `type` is 'ClusterIP'"));
  }
  for (const [index, port] of ports.entries()) {
    const key = `${port.protocol} ${port.nodePort}`;
    if (port.nodePort && seenNodePorts.has(key)) errors.push(duplicateValue(PORTS.index(index).child("nodePort"), port.nodePort));
    seenNodePorts.add(key);
  }
  for (const [index, port] of ports.entries()) {
    const key = `${port.protocol} ${port.port}`;
    const shown = { Name: "", Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 };
    if (seenPorts.has(key)) errors.push(duplicateValue(PORTS.index(index), shown));
    seenPorts.add(key);
  }
  return errors;
}

function validateSourceRanges(service: Service, old: Service | undefined): FieldError[] {
  const ranges = service.spec.loadBalancerSourceRanges ?? [];
  const annotation = service.metadata.annotations?.[SOURCE_RANGES];
  const onlyForLoadBalancers = (path: FieldPath): FieldError[] => (isLoadBalancer(service) ? [] : [forbiddenField(path, ONLY_FOR_LOAD_BALANCERS)]);
  if (ranges.length > 0) {
    const path = SPEC.child("LoadBalancerSourceRanges");
    const before = (old?.spec.loadBalancerSourceRanges ?? []).map((range) => range.trim());
    return [...onlyForLoadBalancers(path), ...ranges.flatMap((range, index) => addressRange(range.trim(), path.index(index), before))];
  }
  if (annotation === undefined) return [];
  const path = ANNOTATIONS.key(SOURCE_RANGES);
  const checked = annotation.trim() !== "" && old?.metadata.annotations?.[SOURCE_RANGES] !== annotation;
  return [...onlyForLoadBalancers(path), ...(checked ? annotation.split(",").flatMap((range) => addressRange(range.trim(), path)) : [])];
}

function validateLoadBalancerFields(service: Service): FieldError[] {
  const { allocateLoadBalancerNodePorts } = service.spec;
  const errors: FieldError[] = [];
  const balanced = isLoadBalancer(service);
  if (allocateLoadBalancerNodePorts !== undefined && !balanced) errors.push(forbiddenField(SPEC.child("allocateLoadBalancerNodePorts"), ONLY_FOR_LOAD_BALANCERS));
  if (allocateLoadBalancerNodePorts === undefined && balanced) errors.push(requiredValue(new FieldPath("allocateLoadBalancerNodePorts")));
  return [...errors, ...validateLoadBalancerClass(service)];
}

function validateLoadBalancerClass(service: Service): FieldError[] {
  const { loadBalancerClass } = service.spec;
  if (loadBalancerClass === undefined) return [];
  const path = SPEC.child("loadBalancerClass");
  return isLoadBalancer(service) ? qualifiedName(loadBalancerClass, path) : [forbiddenField(path, ONLY_FOR_LOAD_BALANCERS)];
}

function validateTrafficPolicies(service: Service): FieldError[] {
  const { spec } = service;
  const errors: FieldError[] = [];
  const external = SPEC.child("externalTrafficPolicy");
  if (isExternallyAccessible(service)) errors.push(...requiredOneOf(spec.externalTrafficPolicy, ["Cluster", "Local"], external));
  else if (spec.externalTrafficPolicy) errors.push(invalidValue(external, spec.externalTrafficPolicy, "may only be set for externally-accessible services"));
  const health = SPEC.child("healthCheckNodePort");
  if (needsHealthCheck(service)) errors.push(...(spec.healthCheckNodePort ? portNumber(spec.healthCheckNodePort, health) : [requiredValue(health)]));
  else if (spec.healthCheckNodePort) {
    errors.push(invalidValue(health, spec.healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
  }
  const internal = SPEC.child("internalTrafficPolicy");
  if (spec.internalTrafficPolicy !== undefined) errors.push(...oneOf(spec.internalTrafficPolicy, ["Cluster", "Local"], internal));
  else if (["NodePort", "LoadBalancer", "ClusterIP"].includes(spec.type ?? "")) errors.push(requiredValue(internal));
  if (spec.trafficDistribution !== undefined) {
    errors.push(...oneOf(spec.trafficDistribution, ["PreferClose", "PreferSameZone", "PreferSameNode"], SPEC.child("trafficDistribution")));
  }
  return errors;
}
