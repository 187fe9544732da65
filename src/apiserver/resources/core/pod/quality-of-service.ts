// Behaviour: k8s.io/kubernetes/pkg/apis/core/helper/qos: the class of a pod, by what it requests and is limited to.
import type { Pod, ResourceRequirements } from "../../../../api/generated/types/core/v1.ts";
import { parseQuantity, type Quantity, zeroQuantity } from "../../../../api/quantity.ts";

const RESOURCES = ["cpu", "memory"] as const;

/** BestEffort without any request or limit, Guaranteed when all limits equal the requests, else Burstable. */
export function qualityOfService({ spec }: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const demands = spec.resources === undefined ? [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.resources) : [spec.resources];
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  let guaranteed = true;
  for (const resources of demands) {
    add(requests, resources.requests);
    const limited = add(limits, resources.limits);
    guaranteed &&= RESOURCES.every((name) => limited.has(name));
  }
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const equal = [...requests].every(([name, amount]) => limits.get(name)?.cmp(amount) === 0);
  return guaranteed && equal && requests.size === limits.size ? "Guaranteed" : "Burstable";
}

/** Adds what is positive to the sums; tells which resources that were. */
function add(sums: Map<string, Quantity>, amounts: ResourceRequirements["limits"]): Set<string> {
  const found = new Set<string>();
  for (const name of RESOURCES) {
    const amount = parseQuantity(amounts?.[name] ?? "0");
    if (amount.sign() <= 0) continue;
    found.add(name);
    sums.set(name, (sums.get(name) ?? zeroQuantity).add(amount));
  }
  return found;
}
