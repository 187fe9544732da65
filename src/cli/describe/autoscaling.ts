// Behaviour: k8s.io/kubectl/pkg/describe (HorizontalPodAutoscalerDescriber), version 2 of the API.
import type { HPAScalingRules, HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from "../../api/generated/types/autoscaling/v2.ts";
import { parseQuantity } from "../../api/quantity.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import { defineDescriber } from "./describer.ts";
import { type Description, longTime } from "./description.ts";

const autoscalers: ResourceRef<HorizontalPodAutoscaler> = {
  group: "autoscaling",
  version: "v2",
  resource: "horizontalpodautoscalers",
  kind: "HorizontalPodAutoscaler",
  namespaced: true,
};

/** Describes a horizontal pod autoscaler; one that was read as version 1 is read again as version 2. */
export const horizontalPodAutoscalerDescriber = defineDescriber<HorizontalPodAutoscaler, HorizontalPodAutoscaler>({
  gather: async (object, reader) => (object.apiVersion === "autoscaling/v2" ? object : reader.get(autoscalers, object.metadata.namespace ?? "", object.metadata.name ?? "")),
  describe(_object, { metadata, spec, status }, to) {
    to.field(0, "Name", metadata.name);
    to.field(0, "Namespace", metadata.namespace);
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
    to.field(0, "Reference", `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
    to.field(0, "Metrics", "( current / target )");
    for (const [index, metric] of (spec.metrics ?? []).entries()) describeMetric(metric, status.currentMetrics?.[index], to);
    to.field(0, "Min replicas", spec.minReplicas ?? "<unset>");
    to.field(0, "Max replicas", spec.maxReplicas);
    if (spec.behavior !== undefined) to.write(0, "Behavior:\n");
    describeRules("Scale Up", spec.behavior?.scaleUp, to);
    describeRules("Scale Down", spec.behavior?.scaleDown, to);
    to.field(0, `${spec.scaleTargetRef.kind} pods`, `${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`);
    if (!status.conditions?.length) return;
    to.write(0, "Conditions:\n");
    to.header(1, "Type", "Status", "Reason", "Message");
    for (const { type, status: state, reason, message } of status.conditions) to.row(1, type, state, reason, message);
  },
});

function describeMetric(metric: MetricSpec, status: MetricStatus | undefined, to: Description): void {
  const quoted = (name: string) => JSON.stringify(name);
  if (metric.type === "External" && metric.external !== undefined) {
    const { metric: named, target } = metric.external;
    const average = target.averageValue !== undefined;
    const current = average ? status?.external?.current.averageValue : status?.external?.current.value;
    to.field(1, `${quoted(named.name)} (target ${average ? "average " : ""}value)`, ratio(current, average ? target.averageValue : target.value));
  } else if (metric.type === "Pods" && metric.pods !== undefined) {
    to.field(1, `${quoted(metric.pods.metric.name)} on pods`, ratio(status?.pods?.current.averageValue, metric.pods.target.averageValue));
  } else if (metric.type === "Object" && metric.object !== undefined) {
    const { metric: named, describedObject, target } = metric.object;
    const average = target.type === "AverageValue";
    const current = average ? status?.object?.current.averageValue : status?.object?.current.value;
    const title = `${quoted(named.name)} on ${describedObject.kind}/${describedObject.name} (target ${average ? "average " : ""}value)`;
    to.field(1, title, ratio(current, average ? target.averageValue : target.value));
  } else if (metric.type === "Resource" && metric.resource !== undefined) describeShare(`resource ${metric.resource.name} on pods`, metric.resource.target, status?.resource?.current, to);
  else if (metric.type === "ContainerResource" && metric.containerResource !== undefined) {
    const { name, container, target } = metric.containerResource;
    describeShare(`resource ${name} of container "${container}" on pods`, target, status?.containerResource?.current, to);
  } else to.write(1, `<unknown metric type ${quoted(metric.type)}>\n`);
}

function describeShare(title: string, target: MetricTarget, current: MetricValueStatus | undefined, to: Description): void {
  if (target.averageValue !== undefined) {
    to.field(1, title, ratio(current?.averageValue, target.averageValue));
    return;
  }
  const now = current?.averageUtilization === undefined ? "<unknown>" : `${current.averageUtilization}% (${parseQuantity(current.averageValue ?? "0")})`;
  const wanted = target.averageUtilization === undefined ? "<auto>" : `${target.averageUtilization}%`;
  to.field(1, `${title}  (as a percentage of request)`, `${now} / ${wanted}`);
}

function ratio(current: string | undefined, target: string | undefined): string {
  return `${current === undefined ? "<unknown>" : parseQuantity(current)} / ${parseQuantity(target ?? "0")}`;
}

function describeRules(title: string, rules: HPAScalingRules | undefined, to: Description): void {
  if (rules === undefined) return;
  to.write(1, `${title}:\n`);
  if (rules.stabilizationWindowSeconds !== undefined) to.write(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds\n`);
  if (!rules.policies?.length) return;
  to.write(2, `Select Policy: ${rules.selectPolicy ?? "Max"}\n`);
  to.write(2, "Policies:\n");
  for (const { type, value, periodSeconds } of rules.policies) to.write(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds\n`);
}
