// Behaviour: k8s.io/kubectl/pkg/util/qos: a pod's quality of service class where its status has none.
import type { Pod, ResourceRequirements } from "../../api/generated/types/core/v1.ts";
import { parseQuantity } from "../../api/quantity.ts";

/** The class in the status, else the one that the containers' resources make. */
export function podQosClass({ spec, status }: Pod): string {
  if (status.qosClass !== undefined && status.qosClass !== "") return status.qosClass;
  const own = spec.resources;
  if (own !== undefined && Object.keys({ ...own.requests, ...own.limits }).length > 0) return classOf(own);
  const classes = new Set([...(spec.initContainers ?? []), ...spec.containers].map(({ resources }) => classOf(resources)));
  return oneClass(classes);
}

function classOf(resources: ResourceRequirements | undefined): string {
  if (Object.keys({ ...resources?.requests, ...resources?.limits }).length === 0) return "BestEffort";
  const classes = ["cpu", "memory"].map((name) => {
    const request = parseQuantity(resources?.requests?.[name] ?? "0");
    if (request.cmp(parseQuantity(resources?.limits?.[name] ?? "0")) !== 0) return "Burstable";
    return request.isZero() ? "BestEffort" : "Guaranteed";
  });
  return oneClass(new Set(classes));
}

/** One class when all agree, else Burstable. */
function oneClass(classes: ReadonlySet<string>): string {
  if (classes.size > 1) return "Burstable";
  return [...classes][0] ?? "BestEffort";
}
