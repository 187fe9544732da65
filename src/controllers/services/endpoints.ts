// Behaviour: pkg/controller/endpoint: one Endpoints object a Service, for clients that do not know slices.
import type { EndpointAddress, EndpointPort, Endpoints, EndpointSubset, Pod, Service } from "../../api/generated/types/core/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { isNotFound } from "../../api/errors.ts";
import { endpoints, pods, services } from "../../api/resource-refs.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import type { Informer } from "../../client/informer.ts";
import { isNamespaceTerminating, messageOf } from "../pod-control.ts";
import { isPodReady } from "../../api/pod-conditions.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { ownKey, splitKey, watch } from "../runtime.ts";
import {
  canServe,
  changesEndpoints,
  HEADLESS_LABEL,
  hostnameIn,
  isHeadless,
  isManaged,
  podIPs,
  selectedPods,
  servicesOfPod,
  targetPort,
  TRIGGER_TIME,
} from "./service-endpoints.ts";
import { TriggerTimes } from "./trigger-times.ts";

const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const CONTROLLER = "endpoint-controller";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
const MAX_CAPACITY = 1000;

/** Keeps Endpoints in step with the pods of each Service. */
export function createEndpointsController(context: ControllerContext): Controller {
  const loop = new EndpointsLoop(context);
  return {
    name: "endpoints-controller",
    watches: [
      watch(services, ownKey),
      watch(pods, (pod, { previous }) => loop.keysOfPod(pod, previous), ({ type, object, previous }) => type === "deleted" || changesEndpoints(previous, object)),
      watch(endpoints, ownKey, ({ type }) => type === "deleted"),
    ],
    reconcile: (key) => loop.reconcile(key),
  };
}

class EndpointsLoop {
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly services: Informer<Service>;
  private readonly pods: Informer<Pod>;
  private readonly endpoints: Informer<Endpoints>;
  private readonly triggerTimes = new TriggerTimes();

  constructor(context: ControllerContext) {
    this.context = context;
    this.events = context.events(CONTROLLER);
    this.services = context.informers.informer(services);
    this.pods = context.informers.informer(pods);
    this.endpoints = context.informers.informer(endpoints);
  }

  keysOfPod(pod: Pod, previous: Pod | undefined): Set<string> {
    return new Set([pod, ...(previous === undefined ? [] : [previous])].flatMap((each) => servicesOfPod(this.services, each)));
  }

  async reconcile(key: string): Promise<void> {
    const service = this.services.get(key);
    const { namespace, name } = splitKey(key);
    const client = this.context.client.resource(endpoints, namespace);
    if (service === undefined) {
      this.triggerTimes.forget(key);
      if (this.endpoints.get(key) !== undefined) await client.delete(name).catch(ignoreNotFound);
      return;
    }
    if (!isManaged(service)) return;
    const selected = selectedPods(this.pods, service);
    const triggerTime = this.triggerTimes.next(key, service, selected);
    const subsets = packSubsets(selected.flatMap((pod) => podSubsets(service, pod)));
    const current = this.endpoints.get(key);
    const { [HEADLESS_LABEL]: _headless, ...own } = service.metadata.labels ?? {};
    const labels = { ...own, ...(isHeadless(service) && { [HEADLESS_LABEL]: "" }), [MANAGED_BY]: CONTROLLER };
    if (current !== undefined && semanticEqual(current.subsets, subsets) && semanticEqual(current.metadata.labels, labels)) return;
    const truncated = truncate(subsets);
    const { [TRIGGER_TIME]: _time, [OVER_CAPACITY]: _capacity, ...others } = current?.metadata.annotations ?? {};
    const annotations = {
      ...others,
      ...(triggerTime !== undefined && { [TRIGGER_TIME]: triggerTime }),
      ...(truncated !== subsets && { [OVER_CAPACITY]: "truncated" }),
    };
    const metadata = { ...(current?.metadata ?? { name, namespace }), labels, annotations };
    try {
      const wanted: Endpoints = { apiVersion: "v1", kind: "Endpoints", metadata, subsets: truncated };
      await (current === undefined ? client.create(wanted) : client.update(wanted));
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      const [reason, what] = current === undefined ? ["FailedToCreateEndpoint", "create endpoint for service"] : ["FailedToUpdateEndpoint", "update endpoint"];
      this.events.event({ apiVersion: "v1", kind: "Endpoints", metadata }, "Warning", reason, `Failed to ${what} ${key}: ${messageOf(error)}`);
      throw error;
    }
  }
}

function podSubsets(service: Service, pod: Pod): EndpointSubset[] {
  const publishAll = service.spec.publishNotReadyAddresses === true;
  const wantsIPv6 = service.spec.ipFamilies?.[0] === "IPv6";
  const ip = podIPs(pod).find((candidate) => candidate.includes(":") === wantsIPv6);
  if (!canServe(pod, publishAll) || ip === undefined) return [];
  const { name, namespace, uid } = pod.metadata;
  const hostname = hostnameIn(pod, service);
  const address: EndpointAddress = {
    ip,
    ...(hostname !== undefined && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
  const subset = publishAll || isPodReady(pod) ? { addresses: [address] } : { notReadyAddresses: [address] };
  const ports = service.spec.ports ?? [];
  if (ports.length === 0) return isHeadless(service) ? [subset] : [];
  return ports.flatMap((servicePort) => {
    const port = targetPort(pod, servicePort);
    const { name: portName, protocol = "TCP", appProtocol } = servicePort;
    if (port === undefined) return [];
    return [{ ...subset, ports: [{ ...(portName && { name: portName }), port, protocol, ...(appProtocol !== undefined && { appProtocol }) }] }];
  });
}

/** Joins subsets so that each set of addresses stands once, with all its ports. */
export function packSubsets(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const byPort = new Map<string, { port: EndpointPort | undefined; addresses: Map<string, { address: EndpointAddress; ready: boolean }> }>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    for (const port of ports.length === 0 ? [undefined] : ports) {
      const id = JSON.stringify(port ?? null);
      const entry = byPort.get(id) ?? { port, addresses: new Map() };
      byPort.set(id, entry);
      for (const address of notReadyAddresses) entry.addresses.set(addressId(address), { address, ready: false });
      for (const address of addresses) entry.addresses.set(addressId(address), { address, ready: true });
    }
  }
  const byAddresses = new Map<string, { ports: EndpointPort[]; addresses: { address: EndpointAddress; ready: boolean }[] }>();
  for (const { port, addresses } of byPort.values()) {
    const sorted = [...addresses].sort(([a], [b]) => (a < b ? -1 : 1));
    const id = JSON.stringify(sorted.map(([key, { ready }]) => [key, ready]));
    const entry = byAddresses.get(id) ?? { ports: [], addresses: sorted.map(([, address]) => address) };
    byAddresses.set(id, entry);
    if (port !== undefined) entry.ports.push(port);
  }
  return [...byAddresses.values()].map(({ ports, addresses }) => toSubset(ports, addresses)).sort(comparePorts);
}

function toSubset(ports: EndpointPort[], all: readonly { address: EndpointAddress; ready: boolean }[]): EndpointSubset {
  const addresses = all.filter(({ ready }) => ready).map(({ address }) => address);
  const notReadyAddresses = all.filter(({ ready }) => !ready).map(({ address }) => address);
  return { ...(addresses.length > 0 && { addresses }), ...(notReadyAddresses.length > 0 && { notReadyAddresses }), ...(ports.length > 0 && { ports }) };
}

function comparePorts(a: EndpointSubset, b: EndpointSubset): number {
  const text = ({ ports = [] }: EndpointSubset) => ports.map(({ name = "", port }) => `${name} ${String(port).padStart(5, "0")}`).join();
  return text(a) < text(b) ? -1 : 1;
}

function addressId({ ip, targetRef }: EndpointAddress): string {
  return `${ip} ${targetRef?.uid ?? ""}`;
}

/** At most 1,000 addresses, ready ones first. */
function truncate(subsets: EndpointSubset[]): EndpointSubset[] {
  const count = ({ addresses = [], notReadyAddresses = [] }: EndpointSubset) => addresses.length + notReadyAddresses.length;
  let room = MAX_CAPACITY;
  if (subsets.reduce((sum, subset) => sum + count(subset), 0) <= room) return subsets;
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [], ports }) => {
    const ready = addresses.slice(0, room);
    room -= ready.length;
    const notReady = notReadyAddresses.slice(0, room);
    room -= notReady.length;
    return ready.length + notReady.length === 0 ? [] : [{ addresses: ready, notReadyAddresses: notReady, ports }];
  });
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
