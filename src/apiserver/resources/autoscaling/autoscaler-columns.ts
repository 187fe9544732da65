// Behaviour: printHorizontalPodAutoscaler in k8s.io/kubernetes/pkg/printers/internalversion.
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from "../../../api/generated/types/autoscaling/v2.ts";
import { ageColumn, type Columns, nameColumn, textColumn } from "../shared/columns.ts";

const UNKNOWN = "<unknown>";
const MOST_METRICS = 2;

/** The columns of autoscalers. */
export const autoscalerColumns: Columns<HorizontalPodAutoscaler> = [
  nameColumn,
  textColumn("Reference", "What is scaled.", ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`),
  textColumn("Targets", "What is measured: the current values, and the values to reach.", ({ spec, status }) => formatMetrics(spec.metrics ?? [], status.currentMetrics ?? [])),
  textColumn("MinPods", "The least number of replicas.", ({ spec }) => String(spec.minReplicas ?? "<unset>")),
  textColumn("MaxPods", "The greatest number of replicas.", ({ spec }) => spec.maxReplicas),
  textColumn("Replicas", "The number of replicas that were last seen.", ({ status }) => status.currentReplicas ?? 0),
  ageColumn,
];

function formatMetrics(metrics: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => formatMetric(metric, statuses[index]));
  const more = texts.length > MOST_METRICS ? ` + ${texts.length - MOST_METRICS} more...` : "";
  return texts.slice(0, MOST_METRICS).join(", ") + more;
}

function formatMetric({ type, external, pods, object, resource, containerResource }: MetricSpec, status: MetricStatus | undefined): string {
  if (type === "External") return formatValue(external?.target, status?.external?.current);
  if (type === "Object") return formatValue(object?.target, status?.object?.current);
  if (type === "Pods") return `${status?.pods === undefined ? UNKNOWN : amount(status.pods.current.averageValue)}/${amount(pods?.target.averageValue)}`;
  if (type === "Resource") return `${resource?.name ?? ""}: ${formatResource(resource?.target, status?.resource?.current)}`;
  if (type === "ContainerResource") return `${containerResource?.name ?? ""}: ${formatResource(containerResource?.target, status?.containerResource?.current)}`;
  return "<unknown type>";
}

function formatValue(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
  return `${current === undefined ? UNKNOWN : amount(current.value)}/${amount(target?.value)}`;
}

function formatResource(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current === undefined ? UNKNOWN : amount(current.averageValue)}/${target.averageValue}`;
  const [now, goal] = [current?.averageUtilization, target?.averageUtilization];
  return `${now === undefined ? UNKNOWN : `${now}%`}/${goal === undefined ? "<auto>" : `${goal}%`}`;
}

/** An amount that is not there is printed as Go prints a nil quantity. */
function amount(value: string | undefined): string {
  return value ?? "<nil>";
}
