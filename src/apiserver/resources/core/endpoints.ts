// Behaviour: k8s.io/kubernetes/pkg/registry/core/endpoint, ValidateEndpoints in pkg/apis/core/validation, printEndpoints in pkg/printers.
import { isIPv6 } from "node:net";
import { type FieldError, FieldPath, requiredValue } from "../../../api/field-errors.ts";
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset } from "../../../api/generated/types/core/v1.ts";
import { isDNS1123Subdomain } from "../../../api/name-validation.ts";
import { ipAddress, ipWarnings } from "../shared/addresses.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { endpointAddress } from "../shared/endpoint-address.ts";
import { dnsLabel, invalidEach, portNumber, PROTOCOLS, qualifiedName, requiredOneOf } from "../shared/field-checks.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";

const SHOWN = 3;

/** v1 endpoints. */
export const endpointsResource = defineResource<Endpoints>({
  group: "",
  version: "v1",
  kind: "Endpoints",
  resource: "endpoints",
  singular: "endpoints",
  shortNames: ["ep"],
  namespaced: true,
  type: "core.v1.Endpoints",
  allowCreateOnUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults({ subsets }) {
    for (const port of subsets?.flatMap((subset) => subset.ports ?? []) ?? []) port.protocol ||= "TCP";
  },
  validate: ({ subsets = [] }) => subsets.flatMap((subset, index) => validateSubset(subset, new FieldPath("subsets").index(index))),
  warnings: endpointsWarnings,
  columns: [nameColumn, textColumn("Endpoints", "The set of all endpoints is the union of all subsets.", formatEndpoints), ageColumn],
});

function validateSubset({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset, path: FieldPath): FieldError[] {
  return [
    ...(addresses.length + notReadyAddresses.length === 0 ? [requiredValue(path, "must specify `addresses` or `notReadyAddresses`")] : []),
    ...addresses.flatMap((address, index) => validateAddress(address, path.child("addresses").index(index))),
    ...notReadyAddresses.flatMap((address, index) => validateAddress(address, path.child("notReadyAddresses").index(index))),
    ...ports.flatMap((port, index) => validatePort(port, ports.length > 1, path.child("ports").index(index))),
  ];
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: FieldPath): FieldError[] {
  return [
    ...ipAddress(ip, path.child("ip")),
    ...(hostname ? dnsLabel(hostname, path.child("hostname")) : []),
    ...(nodeName === undefined ? [] : invalidEach(path.child("nodeName"), nodeName, isDNS1123Subdomain(nodeName))),
    ...endpointAddress(ip, path.child("ip")),
  ];
}

function validatePort(port: EndpointPort, requireName: boolean, path: FieldPath): FieldError[] {
  const namePath = path.child("name");
  const nameErrors = port.name ? dnsLabel(port.name, namePath) : requireName ? [requiredValue(namePath)] : [];
  return [
    ...nameErrors,
    ...portNumber(port.port, path.child("port")),
    ...requiredOneOf(port.protocol, PROTOCOLS, path.child("protocol")),
    ...(port.appProtocol === undefined ? [] : qualifiedName(port.appProtocol, path.child("appProtocol"))),
  ];
}

function endpointsWarnings({ metadata, subsets = [] }: Endpoints): string[] {
  if (metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller") return [];
  const path = new FieldPath("subsets");
  return subsets.flatMap((subset, index) =>
    (["addresses", "notReadyAddresses"] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, place) => ipWarnings(ip, path.index(index).child(list).index(place).child("ip"))),
    ),
  );
}

function formatEndpoints({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return "<none>";
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0 ? addresses.map(({ ip }) => ip) : ports.flatMap(({ port }) => addresses.map(({ ip }) => (isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`))),
  );
  const shown = all.slice(0, SHOWN).join(",");
  return all.length > SHOWN ? `${shown} + ${all.length - SHOWN} more...` : shown;
}
