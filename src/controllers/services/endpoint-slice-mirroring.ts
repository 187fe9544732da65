// Behaviour: pkg/controller/endpointslicemirroring: slices of Endpoints that somebody wrote by hand for a Service without a selector.
import { isIP } from "node:net";
import type { EndpointAddress, Endpoints, EndpointSubset, Service } from "../../api/generated/types/core/v1.ts";
import type { Endpoint, EndpointPort, EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import { endpoints, endpointSlices, services } from "../../api/resource-refs.ts";
import type { Change, Informer } from "../../client/informer.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { podPrefix } from "../pod-control.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { ownKey, splitKey, watch } from "../runtime.ts";
import { packSubsets } from "./endpoints.ts";
import { MANAGED_BY, SERVICE_NAME, slicesByService } from "./endpoint-slices.ts";
import type { EndpointGroup } from "./slice-packing.ts";
import { planSlices } from "./slice-packing.ts";
import { SliceWriter } from "./slice-writer.ts";
import { TRIGGER_TIME } from "./service-endpoints.ts";

const CONTROLLER = "endpointslicemirroring-controller.k8s.io";
const SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
const LEADER_ELECTION = "control-plane.alpha.kubernetes.io/leader";
const NOT_MIRRORED = new Set([TRIGGER_TIME, "kubectl.kubernetes.io/last-applied-configuration"]);

/** Keeps slices in step with hand-written Endpoints. */
export function createEndpointSliceMirroringController(context: ControllerContext): Controller {
  const loop = new MirroringLoop(context);
  return {
    name: "endpointslice-mirroring-controller",
    watches: [
      watch(endpoints, ownKey),
      watch(services, ownKey),
      watch(endpointSlices, (slice, change) => loop.keysOfSlice(slice, change), ({ object }) => object.metadata.labels?.[MANAGED_BY] === CONTROLLER),
    ],
    reconcile: (key) => loop.reconcile(key),
  };
}

class MirroringLoop {
  private readonly services: Informer<Service>;
  private readonly endpoints: Informer<Endpoints>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly writer: SliceWriter;

  constructor(context: ControllerContext) {
    this.services = context.informers.informer(services);
    this.endpoints = context.informers.informer(endpoints);
    this.slices = slicesByService(context);
    this.writer = new SliceWriter(context.client);
  }

  keysOfSlice({ metadata }: EndpointSlice, { type }: Change): string[] {
    const key = `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME]}`;
    if (type === "deleted") this.writer.observeDeletion(key, metadata.name ?? "");
    return [key];
  }

  async reconcile(key: string): Promise<void> {
    const source = this.endpoints.get(key);
    const service = this.services.get(key);
    const existing = this.slices.indexed("service", key).filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === CONTROLLER);
    if (this.writer.isStale(key, existing)) return;
    const { namespace } = splitKey(key);
    if (source === undefined || service === undefined || service.spec.selector !== undefined || !shouldMirror(source)) {
      await this.writer.write(key, namespace, { create: [], update: [], delete: existing }, undefined);
      return;
    }
    const labels = { ...source.metadata.labels, [SERVICE_NAME]: source.metadata.name ?? "", [MANAGED_BY]: CONTROLLER };
    const make = (addressType: string, ports: EndpointPort[]) => newSlice(source, addressType, ports, labels);
    const plan = planSlices(packSubsets(source.subsets ?? []).flatMap(mirrorSubset), existing, make, labels);
    await this.writer.write(key, namespace, plan, source.metadata.annotations?.[TRIGGER_TIME]);
  }
}

function shouldMirror({ metadata }: Endpoints): boolean {
  return metadata.labels?.[SKIP_MIRROR] !== "true" && metadata.annotations?.[LEADER_ELECTION] === undefined;
}

function mirrorSubset({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset): EndpointGroup[] {
  const all = [...addresses.map((address) => mirrorAddress(address, true)), ...notReadyAddresses.map((address) => mirrorAddress(address, false))];
  const slicePorts = ports.map(({ name = "", port, protocol = "TCP", appProtocol }) => ({ name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) }));
  return ["IPv4", "IPv6"].flatMap((addressType) => {
    const ofFamily = all.filter(({ addresses: [ip = ""] }) => isIP(ip) !== 0 && ip.includes(":") === (addressType === "IPv6"));
    return ofFamily.length === 0 ? [] : [{ addressType, ports: slicePorts, endpoints: ofFamily }];
  });
}

function mirrorAddress({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(targetRef !== undefined && { targetRef }),
    ...(nodeName && { nodeName }),
  };
}

function newSlice(source: Endpoints, addressType: string, ports: EndpointPort[], labels: Record<string, string>): EndpointSlice {
  const { name = "", namespace, annotations = {} } = source.metadata;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !NOT_MIRRORED.has(key)));
  const metadata = {
    generateName: podPrefix(name),
    namespace,
    labels,
    ...(Object.keys(kept).length > 0 && { annotations: kept }),
    ownerReferences: [controllerReference(source, endpoints)],
  };
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, addressType, endpoints: [], ports };
}
