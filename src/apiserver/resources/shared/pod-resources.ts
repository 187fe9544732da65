// Behaviour: k8s.io/component-helpers/resource: what the containers of a pod request and are limited to, together.
import type { Container, PodSpec } from "../../../api/generated/types/core/v1.ts";
import { parseQuantity, type Quantity } from "../../../api/quantity.ts";
import { isHugePages } from "./resource-names.ts";

/** Amounts by resource name. */
export type Quantities = Map<string, Quantity>;

/** Whether a pod as a whole can request the resource. */
export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePages(name);
}

/** The requests of all containers: those that run together add up, an init container counts while it runs. */
export function aggregateRequests(spec: PodSpec): Quantities {
  return aggregate(spec, (container) => container.resources.requests);
}

/** The limits of all containers, in the same way. */
export function aggregateLimits(spec: PodSpec): Quantities {
  return aggregate(spec, (container) => container.resources.limits);
}

function aggregate(spec: PodSpec, amountsOf: (container: Container) => Readonly<Record<string, string>> | undefined): Quantities {
  const total: Quantities = new Map();
  for (const container of spec.containers ?? []) addTo(total, quantities(amountsOf(container)));
  const sidecars: Quantities = new Map();
  const peak: Quantities = new Map();
  for (const container of spec.initContainers ?? []) {
    const amounts = quantities(amountsOf(container));
    if (container.restartPolicy === "Always") {
      addTo(total, amounts);
      addTo(sidecars, amounts);
      raiseTo(peak, sidecars);
    } else {
      addTo(amounts, sidecars);
      raiseTo(peak, amounts);
    }
  }
  raiseTo(total, peak);
  return total;
}

function quantities(amounts: Readonly<Record<string, string>> | undefined): Quantities {
  return new Map(Object.entries(amounts ?? {}).map(([name, amount]) => [name, parseQuantity(amount)]));
}

function addTo(sums: Quantities, amounts: Quantities): void {
  for (const [name, amount] of amounts) sums.set(name, sums.get(name)?.add(amount) ?? amount);
}

function raiseTo(maxima: Quantities, amounts: Quantities): void {
  for (const [name, amount] of amounts) {
    const maximum = maxima.get(name);
    if (maximum === undefined || amount.cmp(maximum) > 0) maxima.set(name, amount);
  }
}
