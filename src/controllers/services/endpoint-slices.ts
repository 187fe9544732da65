// Behaviour: pkg/controller/endpointslice: the slices of endpoints behind each Service.
import type { Node, Pod, Service } from "../../api/generated/types/core/v1.ts";
import type { EndpointPort, EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import { canonicalJson } from "../../api/equality.ts";
import { endpointSlices, nodes, pods, services } from "../../api/resource-refs.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import type { Change, Informer } from "../../client/informer.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { messageOf, podPrefix } from "../pod-control.ts";
import type { Controller, ControllerContext } from "../runtime.ts";
import { ownKey, splitKey, watch } from "../runtime.ts";
import { canServe, changesEndpoints, endpointPorts, HEADLESS_LABEL, isHeadless, isManaged, podEndpoint, selectedPods, servicesOfPod } from "./service-endpoints.ts";
import type { EndpointGroup } from "./slice-packing.ts";
import { planSlices } from "./slice-packing.ts";
import { SliceWriter } from "./slice-writer.ts";
import { TriggerTimes } from "./trigger-times.ts";

/** Names the Service that a slice belongs to. */
export const SERVICE_NAME = "kubernetes.io/service-name";
/** Names the controller that keeps a slice. */
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const CONTROLLER = "endpointslice-controller.k8s.io";

/** Keeps EndpointSlices in step with the pods of each Service. */
export function createEndpointSliceController(context: ControllerContext): Controller {
  const loop = new EndpointSliceLoop(context);
  return {
    name: "endpointslice-controller",
    watches: [
      watch(services, ownKey),
      watch(pods, (pod, { previous }) => loop.keysOfPod(pod, previous), ({ type, object, previous }) => type === "deleted" || changesEndpoints(previous, object)),
      watch(endpointSlices, (slice, change) => loop.keysOfSlice(slice, change), ({ object }) => object.metadata.labels?.[MANAGED_BY] === CONTROLLER),
    ],
    reconcile: (key) => loop.reconcile(key),
  };
}

/** Makes every Service's slices findable by "namespace/service". */
export function slicesByService(context: ControllerContext): Informer<EndpointSlice> {
  const informer = context.informers.informer(endpointSlices);
  informer.addIndex("service", ({ metadata }) => {
    const service = metadata.labels?.[SERVICE_NAME];
    return service === undefined ? undefined : `${metadata.namespace}/${service}`;
  });
  return informer;
}

class EndpointSliceLoop {
  private readonly events: EventRecorder;
  private readonly services: Informer<Service>;
  private readonly pods: Informer<Pod>;
  private readonly nodes: Informer<Node>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly writer: SliceWriter;
  private readonly triggerTimes = new TriggerTimes();

  constructor(context: ControllerContext) {
    this.events = context.events("endpoint-slice-controller");
    this.services = context.informers.informer(services);
    this.pods = context.informers.informer(pods);
    this.nodes = context.informers.informer(nodes);
    this.slices = slicesByService(context);
    this.writer = new SliceWriter(context.client);
  }

  keysOfPod(pod: Pod, previous: Pod | undefined): Set<string> {
    return new Set([pod, ...(previous === undefined ? [] : [previous])].flatMap((each) => servicesOfPod(this.services, each)));
  }

  keysOfSlice({ metadata }: EndpointSlice, { type }: Change): string[] {
    const key = `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME]}`;
    if (type === "deleted") this.writer.observeDeletion(key, metadata.name ?? "");
    return [key];
  }

  async reconcile(key: string): Promise<void> {
    const service = this.services.get(key);
    if (service === undefined) return this.triggerTimes.forget(key);
    if (!isManaged(service)) return;
    const existing = this.slices.indexed("service", key).filter(({ metadata }) => metadata.labels?.[MANAGED_BY] === CONTROLLER);
    if (this.writer.isStale(key, existing)) return;
    const selected = selectedPods(this.pods, service);
    const triggerTime = this.triggerTimes.next(key, service, selected);
    const labels = sliceLabels(service);
    const make = (addressType: string, ports: EndpointPort[]) => newSlice(service, addressType, ports, labels);
    const families = service.spec.ipFamilies ?? ["IPv4"];
    const groups = families.flatMap((family) => this.groups(service, selected, family));
    const owned = existing.filter((slice) => slice.metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid) === true);
    const plan = planSlices(groups, owned, make, labels);
    plan.delete.push(...existing.filter((slice) => !owned.includes(slice)));
    try {
      await this.writer.write(key, splitKey(key).namespace, plan, triggerTime, service.metadata.deletionTimestamp === undefined);
    } catch (error) {
      const message = `Error updating Endpoint Slices for Service ${key}: ${messageOf(error)}`;
      this.events.event(service, "Warning", "FailedToUpdateEndpointSlices", message);
      throw error;
    }
  }

  /** The endpoints by ports; without any there is still one slice, which says so. */
  private groups(service: Service, selected: readonly Pod[], addressType: string): EndpointGroup[] {
    const groups = new Map<string, EndpointGroup & { endpoints: NonNullable<ReturnType<typeof podEndpoint>>[] }>();
    for (const pod of selected.filter((candidate) => canServe(candidate, true))) {
      const zone = this.nodes.get(pod.spec.nodeName ?? "")?.metadata.labels?.["topology.kubernetes.io/zone"];
      const endpoint = podEndpoint(pod, service, addressType, zone);
      if (endpoint === undefined) continue;
      const ports = endpointPorts(service, pod);
      const id = canonicalJson(ports);
      const group = groups.get(id);
      if (group === undefined) groups.set(id, { addressType, ports, endpoints: [endpoint] });
      else group.endpoints.push(endpoint);
    }
    return groups.size > 0 ? [...groups.values()] : [{ addressType, ports: [], endpoints: [] }];
  }
}

function sliceLabels(service: Service): Record<string, string> {
  const { [HEADLESS_LABEL]: _, ...labels } = service.metadata.labels ?? {};
  return { ...labels, ...(isHeadless(service) && { [HEADLESS_LABEL]: "" }), [SERVICE_NAME]: service.metadata.name ?? "", [MANAGED_BY]: CONTROLLER };
}

function newSlice(service: Service, addressType: string, ports: EndpointPort[], labels: Record<string, string>): EndpointSlice {
  const { name = "", namespace } = service.metadata;
  const metadata = { generateName: podPrefix(name), namespace, labels, ownerReferences: [controllerReference(service, services)] };
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, addressType, endpoints: [], ports };
}
