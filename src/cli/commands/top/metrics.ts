// Behaviour: k8s.io/kubectl/pkg/metricsutil: what the Metrics API answers, and its amounts as text.
import { type Quantity, parseQuantity } from "../../../api/quantity.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { CommandError } from "../../errors.ts";
import type { Factory } from "../../factory.ts";

/** Amounts by resource name. */
export type Usage = Readonly<Record<string, string>>;

/** What a node uses. */
export interface NodeMetrics extends KubernetesObject {
  readonly usage: Usage;
}

/** What a pod's containers use. */
export interface PodMetrics extends KubernetesObject {
  readonly timestamp?: string;
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

/** The version of the Metrics API; throws a CommandError when the server has none. */
export async function metricsVersion(factory: Factory): Promise<string> {
  const discovery = await factory.discovery();
  const find = async () => (await discovery.groups()).find(({ name }) => name === "metrics.k8s.io")?.versions[0]?.version;
  const known = await find();
  if (known !== undefined) return known;
  if (!discovery.fresh) discovery.invalidate();
  const version = await find();
  if (version === undefined) throw new CommandError("Metrics API not available");
  return version;
}

/** A sum of amounts. */
export function total(amounts: readonly (string | undefined)[]): Quantity {
  return amounts.reduce<Quantity>((sum, amount) => sum.add(parseQuantity(amount ?? "0")), parseQuantity("0"));
}

/** "12m" of CPU, "34Mi" of memory. */
export function usageText(resource: "cpu" | "memory", amount: Quantity): string {
  return resource === "cpu" ? `${amount.milliValue()}m` : `${amount.value() / (1024n * 1024n)}Mi`;
}

/** Orders by the field of --sort-by, most first, else by name. */
export function compareUsage(sortBy: string, a: { name: string; cpu: Quantity; memory: Quantity }, b: { name: string; cpu: Quantity; memory: Quantity }): number {
  if (sortBy === "cpu" || sortBy === "memory") return b[sortBy].cmp(a[sortBy]);
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
