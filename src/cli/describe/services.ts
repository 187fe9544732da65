// Behaviour: k8s.io/kubectl/pkg/describe (Service, Endpoints, EndpointSlice, Ingress, IngressClass, ServiceCIDR, IPAddress describers).
import type { Endpoints, Service } from "../../api/generated/types/core/v1.ts";
import type { EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import type { IPAddress, Ingress, IngressBackend, IngressClass, ServiceCIDR } from "../../api/generated/types/networking/v1.ts";
import { type ResourceRef, services } from "../../api/resource-refs.ts";
import { messageOf } from "../errors.ts";
import { type RelatedReader, defineDescriber } from "./describer.ts";
import { type Description, joinedLabels, longTime } from "./description.ts";

const endpointSlices: ResourceRef<EndpointSlice> = { group: "discovery.k8s.io", version: "v1", resource: "endpointslices", kind: "EndpointSlice", namespaced: true };
const SHOWN_ENDPOINTS = 3;

function slicesOf(reader: RelatedReader, namespace: string, service: string): Promise<EndpointSlice[]> {
  return reader.list(endpointSlices, namespace, { labelSelector: `kubernetes.io/service-name=${service}` });
}

/** The ready addresses behind the port of that name, the first three of them. */
function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return "<none>";
  const shown: string[] = [];
  let count = 0;
  let more = false;
  for (const { ports, endpoints } of slices) {
    const targets: (number | undefined)[] = ports?.length ? ports.filter(({ name }) => (name ?? "") === portName).map(({ port }) => port) : [undefined];
    for (const port of targets) {
      for (const { addresses, conditions } of endpoints ?? []) {
        if (shown.length === SHOWN_ENDPOINTS) more = true;
        if (conditions?.ready === false) continue;
        const address = addresses[0] ?? "";
        if (!more) shown.push(port === undefined ? address : `${address.includes(":") ? `[${address}]` : address}:${port}`);
        count += 1;
      }
    }
  }
  return more ? `${shown.join(",")} + ${count - SHOWN_ENDPOINTS} more...` : shown.join(",");
}

/** Describes a service. */
export const serviceDescriber = defineDescriber<Service, EndpointSlice[]>({
  gather: ({ metadata }, reader) => slicesOf(reader, metadata.namespace ?? "", metadata.name ?? "").catch(() => []),
  describe(service, slices, to) {
    const { metadata, spec, status } = service;
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Selector", joinedLabels(spec.selector));
    to.field(0, "Type", spec.type);
    if (spec.ipFamilyPolicy !== undefined) to.field(0, "IP Family Policy", spec.ipFamilyPolicy);
    to.field(0, "IP Families", spec.ipFamilies?.length ? spec.ipFamilies.join(",") : "<none>");
    to.field(0, "IP", spec.clusterIP);
    to.field(0, "IPs", spec.clusterIPs?.length ? spec.clusterIPs.join(",") : "<none>");
    if (spec.externalIPs?.length) to.field(0, "External IPs", spec.externalIPs.join(","));
    if (spec.loadBalancerIP) to.field(0, "Desired LoadBalancer IP", spec.loadBalancerIP);
    if (spec.externalName) to.field(0, "External Name", spec.externalName);
    const ingress = status.loadBalancer?.ingress ?? [];
    if (ingress.length > 0) to.field(0, "LoadBalancer Ingress", ingress.map(({ ip, ipMode, hostname }) => (ip ? `${ip}${ipMode === undefined ? "" : ` (${ipMode})`}` : (hostname ?? ""))).join(", "));
    describePorts(service, slices, to);
    to.field(0, "Session Affinity", spec.sessionAffinity);
    if (spec.externalTrafficPolicy) to.field(0, "External Traffic Policy", spec.externalTrafficPolicy);
    if (spec.internalTrafficPolicy !== undefined) to.field(0, "Internal Traffic Policy", spec.internalTrafficPolicy);
    if (spec.healthCheckNodePort) to.field(0, "HealthCheck NodePort", spec.healthCheckNodePort);
    if (spec.loadBalancerSourceRanges?.length) to.field(0, "LoadBalancer Source Ranges", spec.loadBalancerSourceRanges.join(","));
    if (spec.trafficDistribution !== undefined) to.field(0, "Traffic Distribution", spec.trafficDistribution);
  },
});

function describePorts({ spec }: Service, slices: readonly EndpointSlice[], to: Description): void {
  for (const { name = "", port, protocol, targetPort, nodePort } of spec.ports ?? []) {
    const title = name || "<unset>";
    to.row(0, "Port:", title, `${port}/${protocol ?? ""}`);
    to.field(0, "TargetPort", `${targetPort ?? 0}/${protocol ?? ""}`);
    if (nodePort) to.row(0, "NodePort:", title, `${nodePort}/${protocol ?? ""}`);
    to.field(0, "Endpoints", endpointsText(slices, name));
  }
}

/** Describes an Endpoints object. */
export const endpointsDescriber = defineDescriber<Endpoints>({
  describe({ metadata, subsets }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.write(0, "Subsets:\n");
    for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets ?? []) {
      to.field(1, "Addresses", addresses.map(({ ip }) => ip).join(",") || "<none>");
      to.field(1, "NotReadyAddresses", notReadyAddresses.map(({ ip }) => ip).join(",") || "<none>");
      if (ports.length > 0) {
        to.write(1, "Ports:\n");
        to.header(2, "Name", "Port", "Protocol");
        for (const { name, port, protocol } of ports) to.row(2, name || "<unset>", port, protocol);
      }
      to.write(0, "\n");
    }
  },
});

/** Describes an endpoint slice. */
export const endpointSliceDescriber = defineDescriber<EndpointSlice>({
  describe({ metadata, addressType, ports, endpoints }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "AddressType", addressType);
    if (ports?.length) {
      to.write(0, "Ports:\n");
      to.header(1, "Name", "Port", "Protocol");
      for (const { name, port, protocol } of ports) to.row(1, name || "<unset>", port ?? "<unset>", protocol);
    } else to.write(0, "Ports: <unset>\n");
    to.write(0, endpoints?.length ? "Endpoints:\n" : "Endpoints: <none>\n");
    for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of endpoints ?? []) {
      to.field(1, "- Addresses", addresses.join(", ") || "<none>");
      to.write(2, "Conditions:\n");
      to.field(3, "Ready", conditions?.ready ?? "<unset>");
      to.field(2, "Hostname", hostname ?? "<unset>");
      if (targetRef !== undefined) to.field(2, "TargetRef", `${targetRef.kind ?? ""}/${targetRef.name ?? ""}`);
      to.field(2, "NodeName", nodeName ?? "<unset>");
      to.field(2, "Zone", zone ?? "<unset>");
    }
  },
});

/** The texts of an ingress' backends, by where they stand. */
type BackendTexts = ReadonlyMap<IngressBackend, string>;

/** Describes an ingress. */
export const ingressDescriber = defineDescriber<Ingress, BackendTexts>({
  async gather({ metadata, spec }, reader) {
    const backends = [spec.defaultBackend, ...(spec.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend))].filter((backend) => backend !== undefined);
    const texts = new Map<IngressBackend, string>();
    for (const backend of backends) texts.set(backend, await backendText(backend, metadata.namespace ?? "", reader));
    return texts;
  },
  describe({ metadata, spec, status }, backends, to) {
    const addresses = new Set((status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || "").filter((address) => address !== ""));
    const fallback = spec.defaultBackend === undefined ? "<default>" : (backends.get(spec.defaultBackend) ?? "");
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.field(0, "Namespace", metadata.namespace);
    to.field(0, "Address", [...addresses].sort().join(","));
    to.field(0, "Ingress Class", spec.ingressClassName ?? "<none>");
    to.field(0, "Default backend", fallback);
    if (spec.tls?.length) to.write(0, "TLS:\n");
    for (const { secretName, hosts = [] } of spec.tls ?? []) to.write(1, secretName ? `${secretName} terminates ${hosts.join(",")}\n` : `SNI routes ${hosts.join(",")}\n`);
    to.write(0, "Rules:\n");
    to.header(1, "Host", "Path", "Backends");
    const rules = (spec.rules ?? []).filter(({ http }) => http !== undefined);
    for (const { host, http } of rules) {
      to.write(1, `${host || "*"}\t\n`);
      for (const { path = "", backend } of http?.paths ?? []) to.write(2, `\t${path} \t${backends.get(backend) ?? ""}\n`);
    }
    if (rules.length === 0) to.row(1, "*", "*", fallback);
    to.annotations("Annotations", metadata.annotations);
  },
});

async function backendText({ service, resource }: IngressBackend, namespace: string, reader: RelatedReader): Promise<string> {
  if (service !== undefined) {
    const name = `${service.name}:${service.port?.number || service.port?.name || ""}`;
    try {
      const slices = await slicesOf(reader, namespace, service.name);
      const { spec } = await reader.get(services, namespace, service.name);
      const port = (spec.ports ?? []).findLast((one) => (service.port?.number ? service.port.number === one.port : !!service.port?.name && service.port.name === one.name));
      return `${name} (${endpointsText(slices, port?.name ?? "")})`;
    } catch (error) {
      return `${name} (<error: ${messageOf(error)}>)`;
    }
  }
  return resource === undefined ? "" : `APIGroup: ${resource.apiGroup ?? "<none>"}, Kind: ${resource.kind}, Name: ${resource.name}`;
}

/** Describes an ingress class. */
export const ingressClassDescriber = defineDescriber<IngressClass>({
  describe({ metadata, spec }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "Controller", spec?.controller);
    const parameters = spec?.parameters;
    if (parameters === undefined) return;
    to.write(0, "Parameters:\n");
    if (parameters.apiGroup !== undefined) to.field(1, "APIGroup", parameters.apiGroup);
    to.field(1, "Kind", parameters.kind);
    to.field(1, "Name", parameters.name);
  },
});

/** Describes a service CIDR. */
export const serviceCidrDescriber = defineDescriber<ServiceCIDR>({
  describe({ metadata, spec, status }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "CIDRs", (spec?.cidrs ?? []).join(", "));
    if (!status?.conditions?.length) return;
    to.write(0, "Status:\nConditions:\n");
    to.header(1, "Type", "Status", "LastTransitionTime", "Reason", "Message");
    for (const { type, status: state, lastTransitionTime, reason, message } of status.conditions) to.row(1, type, state, longTime(lastTransitionTime), reason, message);
  },
});

/** Describes an IP address. */
export const ipAddressDescriber = defineDescriber<IPAddress>({
  describe({ metadata, spec }, _related, to) {
    to.field(0, "Name", metadata.name);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    const parent = spec?.parentRef;
    if (parent === undefined) return;
    to.write(0, "Parent Reference:\n");
    to.field(1, "Group", parent.group);
    to.field(1, "Resource", parent.resource);
    to.field(1, "Namespace", parent.namespace);
    to.field(1, "Name", parent.name);
  },
});
