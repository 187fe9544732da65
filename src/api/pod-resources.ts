// Behaviour: k8s.io/component-helpers/resource (PodRequests, PodLimits): what a pod as a whole takes of a node.
import type { Container, PodSpec } from "./generated/types/core/v1.ts";
import { parseQuantity, type Quantity } from "./quantity.ts";

/** Amounts by resource. */
export type Amounts = Map<string, Quantity>;

/** What the pod must be given: its containers together, or its hungriest moment of initialization, and its overhead. `defaults` stand in for what a container does not ask for. */
export function podRequests(spec: PodSpec, defaults: Readonly<Record<string, string>> = {}): Amounts {
  const total = together(spec, (container) => ({ ...defaults, ...container.resources?.requests }));
  for (const [name, amount] of parseAmounts(spec.resources?.requests)) total.set(name, amount);
  addAmounts(total, parseAmounts(spec.overhead));
  return total;
}

/** The most that the pod may take, of those resources that it is limited in. */
export function podLimits(spec: PodSpec): Amounts {
  const total = together(spec, (container) => container.resources?.limits ?? {});
  for (const [name, amount] of parseAmounts(spec.resources?.limits)) total.set(name, amount);
  for (const [name, amount] of parseAmounts(spec.overhead)) {
    const limit = total.get(name);
    if (limit !== undefined) total.set(name, limit.add(amount));
  }
  return total;
}

/** What the containers request together, whatever the pod as a whole says. */
export function containerRequests(spec: PodSpec): Amounts {
  return together(spec, (container) => container.resources?.requests ?? {});
}

/** What the containers are limited to together, whatever the pod as a whole says. */
export function containerLimits(spec: PodSpec): Amounts {
  return together(spec, (container) => container.resources?.limits ?? {});
}

/** Parses a resource list. */
export function parseAmounts(list: Readonly<Record<string, string>> | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, amount]) => [name, parseQuantity(amount)]));
}

/** Adds to the amounts of `total`. */
export function addAmounts(total: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, total.get(name)?.add(amount) ?? amount);
}

/** Containers that run together add up; an init container counts while it runs, with the sidecars started before it. */
function together(spec: PodSpec, amountsOf: (container: Container) => Readonly<Record<string, string>>): Amounts {
  const total: Amounts = new Map();
  for (const container of spec.containers ?? []) addAmounts(total, parseAmounts(amountsOf(container)));
  const sidecars: Amounts = new Map();
  const peak: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const amounts = parseAmounts(amountsOf(container));
    if (container.restartPolicy === "Always") {
      addAmounts(total, amounts);
      addAmounts(sidecars, amounts);
      raise(peak, sidecars);
    } else {
      addAmounts(amounts, sidecars);
      raise(peak, amounts);
    }
  }
  raise(total, peak);
  return total;
}

function raise(maxima: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) {
    const maximum = maxima.get(name);
    if (maximum === undefined || amount.cmp(maximum) > 0) maxima.set(name, amount);
  }
}
