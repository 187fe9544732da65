// Behaviour: pkg/fieldpath, pkg/api/v1/resource: what the downward API tells a container of its own pod.
import type { Container, ObjectFieldSelector, Pod, ResourceFieldSelector } from "../api/generated/types/core/v1.ts";
import { metadataField } from "../api/metadata-field.ts";
import { parseQuantity, type Quantity, zeroQuantity } from "../api/quantity.ts";
import { isSidecar } from "./pod-spec.ts";

/** The addresses that a pod's fields may name. */
export interface PodAddressing {
  readonly podIP: string;
  readonly hostIP: string;
}

/** What stands for a limit that is not set: all that the node gives. */
export interface NodeAllocatable {
  readonly cpu: string;
  readonly memory: string;
  readonly "ephemeral-storage": string;
}

/** The text of one field of a pod; throws an Error for a field that it does not have. */
export function podField(pod: Pod, selector: ObjectFieldSelector, addresses: PodAddressing): string {
  const { fieldPath } = selector;
  const metadata = metadataField(pod, fieldPath);
  if (metadata !== undefined) return metadata;
  switch (fieldPath) {
    case "spec.nodeName":
      return pod.spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return pod.spec.serviceAccountName ?? "";
    case "status.hostIP":
    case "status.hostIPs":
      return addresses.hostIP;
    case "status.podIP":
    case "status.podIPs":
      return addresses.podIP;
    default:
      throw new Error(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** The text of one resource of a container, rounded up to the divisor; throws an Error for a resource that there is none of. */
export function resourceField(pod: Pod, container: Container, selector: ResourceFieldSelector, node: NodeAllocatable): string {
  const subject =
    selector.containerName === undefined || selector.containerName === ""
      ? container
      : [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar), ...(pod.spec.initContainers ?? [])].find((candidate) => candidate.name === selector.containerName);
  if (subject === undefined) throw new Error(`container ${selector.containerName ?? ""} not found`);
  const match = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.exec(selector.resource);
  if (match === null) throw new Error(`unsupported container resource : ${selector.resource}`);
  const [, which, name = ""] = match;
  const limits = subject.resources?.limits;
  const nodeLimit = (node as unknown as Record<string, string | undefined>)[name];
  const text = which === "limits" ? (limits?.[name] ?? nodeLimit) : subject.resources?.requests?.[name];
  const amount = text === undefined ? zeroQuantity : parseQuantity(text);
  const divisor = selector.divisor === undefined || parseQuantity(selector.divisor).isZero() ? parseQuantity("1") : parseQuantity(selector.divisor);
  const measure = (quantity: Quantity) => (name === "cpu" ? quantity.milliValue() : quantity.value());
  return String((measure(amount) + measure(divisor) - 1n) / measure(divisor));
}
