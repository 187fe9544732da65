// Behaviour: ValidateEndpointSlice* in k8s.io/kubernetes/pkg/apis/discovery/validation.
import { isIPv4, isIPv6 } from "node:net";
import { duplicateValue, type FieldError, FieldPath, invalidValue, requiredValue, tooManyItems } from "../../../api/field-errors.ts";
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from "../../../api/generated/types/discovery/v1.ts";
import { isDNS1123Label, isDNS1123Subdomain, isValidLabelValue } from "../../../api/name-validation.ts";
import { validateLabels } from "../../object-meta-validation.ts";
import { canonicalAddress, ipAddress } from "../shared/addresses.ts";
import { endpointAddress } from "../shared/endpoint-address.ts";
import { dnsLabel, dnsSubdomain, immutable, invalidEach, oneOf, PROTOCOLS, qualifiedName, requiredOneOf } from "../shared/field-checks.ts";

const ADDRESS_TYPE = new FieldPath("addressType");
const MAX_TOPOLOGY_LABELS = 16;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_ENDPOINTS = 1000;
const MAX_HINTS = 8;

/** What is wrong with an endpoint slice. */
export function validateEndpointSlice({ addressType, ports, endpoints }: EndpointSlice): FieldError[] {
  return [
    ...requiredOneOf(addressType, ["FQDN", "IPv4", "IPv6"], ADDRESS_TYPE),
    ...validatePorts(ports ?? [], new FieldPath("ports")),
    ...validateEndpoints(endpoints ?? [], addressType, new FieldPath("endpoints")),
  ];
}

/** Addresses stay of one kind. */
export function validateEndpointSliceUpdate(next: EndpointSlice, old: EndpointSlice): FieldError[] {
  return immutable(next.addressType, old.addressType, ADDRESS_TYPE);
}

function validatePorts(ports: readonly EndpointPort[], path: FieldPath): FieldError[] {
  if (ports.length > MAX_PORTS) return [tooManyItems(path, ports.length, MAX_PORTS)];
  const names = new Set<string>();
  return ports.flatMap(({ name = "", protocol, appProtocol }, index) => {
    const at = path.index(index);
    const errors = name === "" ? [] : dnsLabel(name, at.child("name"));
    if (names.has(name)) errors.push(duplicateValue(at.child("name"), name));
    names.add(name);
    errors.push(...(protocol === undefined ? [requiredValue(at.child("protocol"))] : oneOf(protocol, PROTOCOLS, at.child("protocol"))));
    return appProtocol === undefined ? errors : [...errors, ...qualifiedName(appProtocol, at.child("appProtocol"))];
  });
}

function validateEndpoints(endpoints: readonly Endpoint[], addressType: string, path: FieldPath): FieldError[] {
  if (endpoints.length > MAX_ENDPOINTS) return [tooManyItems(path, endpoints.length, MAX_ENDPOINTS)];
  return endpoints.flatMap((endpoint, index) => validateEndpoint(endpoint, addressType, path.index(index)));
}

function validateEndpoint({ addresses, nodeName, deprecatedTopology = {}, hostname, hints }: Endpoint, addressType: string, path: FieldPath): FieldError[] {
  const list = addresses ?? [];
  const addressPath = path.child("addresses");
  const topologyPath = path.child("deprecatedTopology");
  const labels = Object.keys(deprecatedTopology).length;
  return [
    ...(list.length === 0 ? [requiredValue(addressPath, "must contain at least 1 address")] : []),
    ...(list.length > MAX_ADDRESSES ? [tooManyItems(addressPath, list.length, MAX_ADDRESSES)] : []),
    ...list.flatMap((address, index) => validateAddress(address, addressType, addressPath, index)),
    ...(nodeName === undefined ? [] : dnsSubdomain(nodeName, path.child("nodeName"))),
    ...(labels > MAX_TOPOLOGY_LABELS ? [tooManyItems(topologyPath, labels, MAX_TOPOLOGY_LABELS)] : []),
    ...validateLabels(deprecatedTopology, topologyPath),
    ...(hostname === undefined ? [] : dnsLabel(hostname, path.child("hostname"))),
    ...(hints === undefined ? [] : validateHints(hints, path.child("hints"))),
  ];
}

/** Addresses of an unknown type are left alone. */
function validateAddress(address: string, addressType: string, path: FieldPath, index: number): FieldError[] {
  const at = path.index(index);
  switch (addressType) {
    case "IPv4": {
      const errors = ipAddress(address, at);
      if (errors.length > 0) return errors;
      return [...(isIPv4(address) ? [] : [invalidValue(path, address, "must be an IPv4 address")]), ...endpointAddress(address, at)];
    }
    case "IPv6": {
      const errors = canonicalAddress(address, at);
      if (errors.length > 0) return errors;
      return [...(isIPv6(address) ? [] : [invalidValue(path, address, "must be an IPv6 address")]), ...endpointAddress(address, at)];
    }
    case "FQDN":
      return fullyQualifiedName(address, at);
    default:
      return [];
  }
}

function fullyQualifiedName(value: string, path: FieldPath): FieldError[] {
  if (value === "") return [requiredValue(path)];
  const name = value.replace(/\.$/, "");
  const problems = isDNS1123Subdomain(name);
  if (problems.length > 0) return [invalidValue(path, name, problems.join(","))];
  const labels = name.split(".");
  if (labels.length < 2) return [invalidValue(path, name, "should be a domain with at least two segments separated by dots")];
  const bad = labels.find((label) => isDNS1123Label(label).length > 0);
  return bad === undefined ? [] : [invalidValue(path, bad, isDNS1123Label(bad).join(","))];
}

function validateHints({ forZones = [], forNodes = [] }: EndpointHints, path: FieldPath): FieldError[] {
  const zonesPath = path.child("forZones");
  const nodesPath = path.child("forNodes");
  if (forZones.length > MAX_HINTS) return [tooManyItems(zonesPath, forZones.length, MAX_HINTS)];
  const errors = validateNames(
    forZones.map(({ name }) => name),
    isValidLabelValue,
    zonesPath,
  );
  if (forNodes.length > MAX_HINTS) return [...errors, tooManyItems(nodesPath, forNodes.length, MAX_HINTS)];
  const nodeErrors = validateNames(
    forNodes.map(({ name }) => name),
    isDNS1123Subdomain,
    nodesPath,
  );
  return [...errors, ...nodeErrors];
}

function validateNames(names: readonly string[], check: (name: string) => string[], path: FieldPath): FieldError[] {
  return names.flatMap((name, index) => {
    const at = path.index(index).child("name");
    return [...(names.indexOf(name) < index ? [duplicateValue(at, name)] : []), ...invalidEach(at, name, check(name))];
  });
}
