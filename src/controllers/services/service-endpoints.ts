// Behaviour: k8s.io/endpointslice: which pods stand behind a Service, under which ports and addresses.
import type { Pod, Service, ServicePort } from "../../api/generated/types/core/v1.ts";
import type { Endpoint, EndpointPort } from "../../api/generated/types/discovery/v1.ts";
import { labelSelectorOfMap } from "../../api/label-selector.ts";
import type { Informer } from "../../client/informer.ts";
import { isPodReady } from "../../api/pod-conditions.ts";
import { isPodTerminal } from "../pod-status.ts";

/** Marks what belongs to a headless Service. */
export const HEADLESS_LABEL = "service.kubernetes.io/headless";
/** Notes when the change happened that led to the object's last change. */
export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

/** Whether the Service has no address of its own. */
export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === "None";

/** Whether endpoints of the Service are ours to make. */
export function isManaged({ spec }: Service): boolean {
  return spec.type !== "ExternalName" && spec.selector !== undefined;
}

/** The pods that the Service selects. */
export function selectedPods(pods: Informer<Pod>, service: Service): Pod[] {
  const selector = labelSelectorOfMap(service.spec.selector);
  return pods.list(service.metadata.namespace).filter((pod) => selector.matches(pod.metadata.labels));
}

/** The keys of the Services that select the pod. */
export function servicesOfPod(services: Informer<Service>, pod: Pod): string[] {
  return services
    .list(pod.metadata.namespace)
    .filter((service) => isManaged(service) && labelSelectorOfMap(service.spec.selector).matches(pod.metadata.labels))
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

/** Whether a change of a pod can change endpoints; most changes of a status do not. */
export function changesEndpoints(before: Pod | undefined, after: Pod): boolean {
  if (before === undefined) return true;
  const facts = ({ metadata, spec, status }: Pod) => [
    metadata.labels,
    metadata.deletionTimestamp,
    spec.hostname,
    spec.subdomain,
    spec.nodeName,
    status.podIPs ?? status.podIP,
    isPodTerminal({ metadata, spec, status } as Pod),
  ];
  return isPodReady(before) !== isPodReady(after) || JSON.stringify(facts(before)) !== JSON.stringify(facts(after));
}

/** Whether the pod can stand in endpoints: it has an address and has not come to its end. */
export function canServe(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod) || podIPs(pod).length === 0) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** The pod's addresses, the first first. */
export function podIPs({ status }: Pod): string[] {
  const all = (status.podIPs ?? []).map(({ ip }) => ip);
  return all.length > 0 ? all : status.podIP === undefined || status.podIP === "" ? [] : [status.podIP];
}

/** The name under which a headless Service's DNS knows the pod. */
export function hostnameIn(pod: Pod, service: Service): string | undefined {
  return pod.spec.subdomain === service.metadata.name ? pod.spec.hostname || undefined : undefined;
}

/** The port of the pod that a port of the Service leads to; undefined when the pod has none of that name. */
export function targetPort(pod: Pod, { targetPort: target, protocol = "TCP", port }: ServicePort): number | undefined {
  if (typeof target !== "string") return target || port;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  const ports = [...pod.spec.containers, ...sidecars].flatMap((container) => container.ports ?? []);
  return ports.find((candidate) => candidate.name === target && (candidate.protocol ?? "TCP") === protocol)?.containerPort;
}

/** The ports of the Service that the pod serves. */
export function endpointPorts(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(pod, servicePort);
    const { name = "", protocol = "TCP", appProtocol } = servicePort;
    return port === undefined ? [] : [{ name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

/** The pod as an endpoint of one address family; undefined when it has no address of it. */
export function podEndpoint(pod: Pod, service: Service, addressType: string, zone: string | undefined): Endpoint | undefined {
  const addresses = podIPs(pod).filter((ip) => ip.includes(":") === (addressType === "IPv6"));
  if (addresses.length === 0) return undefined;
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const { name, namespace, uid } = pod.metadata;
  const hostname = hostnameIn(pod, service);
  return {
    addresses,
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(hostname !== undefined && { hostname }),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  };
}
