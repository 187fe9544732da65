// Behaviour: k8s.io/component-helpers/resource (PodRequests): what a pod takes of a node.
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import { parseQuantity } from "../api/quantity.ts";

/** Amounts by resource: CPU in thousandths, all others in their unit. */
export type Amounts = ReadonlyMap<string, number>;

/** Stands in, when nodes are scored, for what a pod does not ask for (100 m CPU, 200 MB). */
const NON_ZERO_REQUESTS: Amounts = new Map([
  ["cpu", 100],
  ["memory", 200 * 1024 * 1024],
]);

/** What the pod must be given: its containers together, or its hungriest moment of initialization, and its overhead. */
export function podRequests(pod: Pod): Amounts {
  return requestsOf(pod, new Map());
}

/** podRequests with a small amount for each container that asks for no CPU or memory. */
export function nonZeroPodRequests(pod: Pod): Amounts {
  return requestsOf(pod, NON_ZERO_REQUESTS);
}

/** Parses a resource list of the API. */
export function parseAmounts(list: Readonly<Record<string, string>> | undefined): Map<string, number> {
  return new Map(
    Object.entries(list ?? {}).map(([name, text]) => {
      const quantity = parseQuantity(text);
      return [name, Number(name === "cpu" ? quantity.milliValue() : quantity.value())];
    }),
  );
}

function requestsOf(pod: Pod, defaults: Amounts): Amounts {
  const total = new Map<string, number>();
  for (const container of pod.spec.containers) add(total, containerRequests(container, defaults));
  const sidecars = new Map<string, number>();
  const initPeak = new Map<string, number>();
  for (const container of pod.spec.initContainers ?? []) {
    const requests = containerRequests(container, defaults);
    if (container.restartPolicy === "Always") {
      add(total, requests);
      add(sidecars, requests);
      raise(initPeak, sidecars);
    } else {
      const moment = new Map(sidecars);
      add(moment, requests);
      raise(initPeak, moment);
    }
  }
  raise(total, initPeak);
  for (const [name, amount] of parseAmounts(pod.spec.resources?.requests)) total.set(name, amount);
  add(total, parseAmounts(pod.spec.overhead));
  return total;
}

function containerRequests(container: Container, defaults: Amounts): Amounts {
  return new Map([...defaults, ...parseAmounts(container.resources?.requests)]);
}

function add(total: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0) + amount);
}

function raise(total: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, Math.max(total.get(name) ?? 0, amount));
}
