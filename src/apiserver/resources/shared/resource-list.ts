// Behaviour: SetDefaults_ResourceList in k8s.io/kubernetes/pkg/apis/core/v1/defaults.go.
import { isQuantity, parseQuantity, Quantity } from "../../../api/quantity.ts";

/** Amounts by resource name, e.g. cpu and memory. */
export type ResourceList = Record<string, string>;

/** Rounds the amounts of a list up to thousandths. */
export function roundResourceList(list: ResourceList | undefined): void {
  for (const [name, amount] of Object.entries(list ?? {})) {
    if (!isQuantity(amount) || list === undefined) continue;
    const quantity = parseQuantity(amount);
    const rounded = Quantity.ofMilli(quantity.milliValue(), quantity.format);
    if (rounded.cmp(quantity) !== 0) list[name] = rounded.toString();
  }
}

/** Rounds what a container, a claim or a pod requests and is limited to. */
export function roundResources(resources: { limits?: ResourceList; requests?: ResourceList } | undefined): void {
  roundResourceList(resources?.limits);
  roundResourceList(resources?.requests);
}
