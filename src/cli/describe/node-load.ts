// Behaviour: k8s.io/kubectl/pkg/describe (describeNodeResource) and k8s.io/component-helpers/resource: what a node's pods ask for.
import type { Node, Pod, ResourceRequirements } from "../../api/generated/types/core/v1.ts";
import { Quantity, parseQuantity } from "../../api/quantity.ts";
import type { Description } from "./description.ts";

type Amounts = Readonly<Record<string, Quantity>>;
type Bound = "requests" | "limits";

const ZERO = parseQuantity("0");
const STANDARD = ["cpu", "memory", "ephemeral-storage"];

/** The tables of a node's pods and of what they ask for together. */
export function describeNodeLoad(node: Node, pods: readonly Pod[], to: Description): void {
  const allocatable = amountsOf(Object.keys(node.status.allocatable ?? {}).length > 0 ? node.status.allocatable : node.status.capacity);
  to.write(0, `Non-terminated Pods:\t(${pods.length} in total)\n`);
  to.write(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n");
  to.write(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n");
  const totals: Record<Bound, Amounts> = { requests: {}, limits: {} };
  for (const pod of pods) {
    const requests = podAmounts(pod, "requests");
    const limits = podAmounts(pod, "limits");
    totals.requests = sum(totals.requests, requests);
    totals.limits = sum(totals.limits, limits);
    const shares = (["cpu", "memory"] as const).flatMap((name) => [requests, limits].map((amounts) => shareText(amounts, allocatable, name)));
    to.row(1, pod.metadata.namespace, pod.metadata.name, "", ...shares, to.age(pod.metadata.creationTimestamp));
  }
  to.write(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n");
  to.header(1, "Resource", "Requests", "Limits");
  const names = Object.keys(allocatable).sort();
  const huge = names.filter((name) => name.startsWith("hugepages-"));
  const extended = names.filter((name) => !STANDARD.includes(name) && !huge.includes(name) && name !== "pods");
  for (const name of [...STANDARD, ...huge]) to.row(1, name, shareText(totals.requests, allocatable, name), shareText(totals.limits, allocatable, name));
  for (const name of extended) to.row(1, name, totals.requests[name] ?? ZERO, totals.limits[name] ?? ZERO);
}

function amountsOf(amounts: Readonly<Record<string, string>> | undefined): Amounts {
  return Object.fromEntries(Object.entries(amounts ?? {}).map(([name, amount]) => [name, parseQuantity(amount)]));
}

/** "250m (12%)". */
function shareText(amounts: Amounts, allocatable: Amounts, name: string): string {
  const amount = amounts[name] ?? ZERO;
  const whole = allocatable[name] ?? ZERO;
  const units = (quantity: Quantity) => Number(name === "cpu" ? quantity.milliValue() : quantity.value());
  const percent = units(whole) === 0 ? 0 : Math.trunc((units(amount) / units(whole)) * 100);
  return `${amount} (${percent}%)`;
}

/** What a pod asks for, or is bound by: its containers together, but no less than each init container alone; overhead on top. */
export function podAmounts({ spec }: Pod, bound: Bound): Amounts {
  let total: Amounts = {};
  for (const { resources } of spec.containers) total = sum(total, boundOf(resources, bound));
  let sidecars: Amounts = {};
  let initial: Amounts = {};
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const own = boundOf(resources, bound);
    if (restartPolicy === "Always") {
      total = sum(total, own);
      sidecars = sum(sidecars, own);
      initial = largest(initial, sidecars);
    } else initial = largest(initial, sum(sidecars, own));
  }
  const containers = { ...largest(total, initial), ...boundOf(spec.resources, bound) };
  const overhead = amountsOf(spec.overhead);
  const added = bound === "requests" ? Object.entries(overhead) : Object.entries(overhead).filter(([name]) => containers[name] !== undefined && !containers[name].isZero());
  return sum(containers, Object.fromEntries(added));
}

function boundOf(resources: ResourceRequirements | undefined, bound: Bound): Amounts {
  return amountsOf(resources?.[bound]);
}

function sum(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, Quantity> = { ...a };
  for (const [name, amount] of Object.entries(b)) result[name] = result[name]?.add(amount) ?? amount;
  return result;
}

function largest(a: Amounts, b: Amounts): Amounts {
  const result: Record<string, Quantity> = { ...a };
  for (const [name, amount] of Object.entries(b)) if (result[name] === undefined || result[name].cmp(amount) < 0) result[name] = amount;
  return result;
}
