// Behaviour: pkg/scheduler/framework (Resource): amounts as plain numbers, for arithmetic on every node.
import type { Pod } from "../api/generated/types/core/v1.ts";
import * as resources from "../api/pod-resources.ts";

/** Amounts by resource: CPU in thousandths, all others in their unit. */
export type Amounts = ReadonlyMap<string, number>;

/** Stands in, when nodes are scored, for what a container does not ask for. */
const NON_ZERO_REQUESTS = { cpu: "100m", memory: "200Mi" };

/** What the pod must be given. */
export function podRequests(pod: Pod): Amounts {
  return toNumbers(resources.podRequests(pod.spec));
}

/** podRequests with a small amount for each container that asks for no CPU or memory. */
export function nonZeroPodRequests(pod: Pod): Amounts {
  return toNumbers(resources.podRequests(pod.spec, NON_ZERO_REQUESTS));
}

/** Parses a resource list of the API. */
export function parseAmounts(list: Readonly<Record<string, string>> | undefined): Amounts {
  return toNumbers(resources.parseAmounts(list));
}

function toNumbers(amounts: resources.Amounts): Amounts {
  return new Map([...amounts].map(([name, quantity]) => [name, Number(name === "cpu" ? quantity.milliValue() : quantity.value())]));
}
