// Behaviour: k8s.io/kubernetes/pkg/registry/discovery/endpointslice, its defaults and printEndpointSlice in pkg/printers.
import { FieldPath } from "../../../api/field-errors.ts";
import type { Endpoint, EndpointSlice } from "../../../api/generated/types/discovery/v1.ts";
import { ipWarnings } from "../shared/addresses.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./endpoint-slice-validation.ts";

const SHOWN = 3;
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const CONTROLLERS = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];
const HOSTNAME = "kubernetes.io/hostname";

/** discovery.k8s.io/v1 endpointslices. */
export const endpointSliceResource = defineResource<EndpointSlice>({
  group: "discovery.k8s.io",
  version: "v1",
  kind: "EndpointSlice",
  resource: "endpointslices",
  singular: "endpointslice",
  namespaced: true,
  type: "discovery.v1.EndpointSlice",
  validateName: nameIsDNSSubdomain,
  defaults({ ports }) {
    for (const port of ports ?? []) {
      port.name ??= "";
      port.protocol ??= "TCP";
    }
  },
  prepareForCreate(slice) {
    slice.metadata.generation = 1;
    dropTopology(slice, []);
  },
  prepareForUpdate(next, old) {
    const { metadata, ...rest } = next;
    const { metadata: oldMetadata, ...oldRest } = old;
    if (!semanticEqual(rest, oldRest) || !semanticEqual({ labels: metadata.labels }, { labels: oldMetadata.labels })) {
      metadata.generation = (oldMetadata.generation ?? 0) + 1;
    }
    if (!semanticEqual(next.endpoints, old.endpoints)) dropTopology(next, old.endpoints ?? []);
  },
  validate: validateEndpointSlice,
  validateUpdate: validateEndpointSliceUpdate,
  warnings: (slice, old) => [
    ...(old === undefined && slice.addressType === "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
    ...addressWarnings(slice),
  ],
  columns: [
    nameColumn,
    textColumn("AddressType", "The kind of address that the endpoints have", ({ addressType }) => addressType),
    textColumn("Ports", "The ports that each endpoint has", ({ ports }) => firstOf((ports ?? []).map(({ port, name }) => String(port ?? name ?? "*")))),
    textColumn("Endpoints", "The addresses of the endpoints", ({ endpoints }) => firstOf((endpoints ?? []).flatMap(({ addresses }) => addresses ?? []))),
    ageColumn,
  ],
});

/** What older versions kept in the topology; of it only the name of a node is known here, where it was one before. */
function dropTopology(slice: EndpointSlice, before: readonly Endpoint[]): void {
  const nodeNames = new Set(before.map(({ deprecatedTopology }) => deprecatedTopology?.[HOSTNAME]).filter((name) => name !== undefined && name !== ""));
  for (const endpoint of slice.endpoints ?? []) {
    const name = endpoint.deprecatedTopology?.[HOSTNAME];
    if (endpoint.nodeName === undefined && name !== undefined && nodeNames.has(name)) endpoint.nodeName = name;
    delete endpoint.deprecatedTopology;
  }
}

function addressWarnings({ metadata, endpoints }: EndpointSlice): string[] {
  if (CONTROLLERS.includes(metadata.labels?.[MANAGED_BY] ?? "")) return [];
  const path = new FieldPath("endpoints");
  return (endpoints ?? []).flatMap(({ addresses }, index) => (addresses ?? []).flatMap((address, place) => ipWarnings(address, path.index(index).child("addresses").index(place))));
}

/** "a,b,c + 2 more...", or "<unset>". */
function firstOf(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN).join(",");
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown || "<unset>";
}
