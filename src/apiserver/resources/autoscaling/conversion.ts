// Behaviour: k8s.io/kubernetes/pkg/apis/autoscaling/v1/conversion.go: v1 knows one metric, the use of CPU; all else is in annotations.
import { decodeTyped } from "../../../api/decode.ts";
import type * as v1 from "../../../api/generated/types/autoscaling/v1.ts";
import type * as v2 from "../../../api/generated/types/autoscaling/v2.ts";
import { internalForm } from "../shared/internal-form.ts";
import { defaultAutoscaler, defaultMetric } from "./autoscaler-defaults.ts";
import { currentMetric, currentMetricStatus, formerMetric, formerMetricStatus } from "./metric-conversion.ts";

const METRICS = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
const ROUND_TRIP = [METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR, "autoscaling.alpha.kubernetes.io/scale-down-tolerance", "autoscaling.alpha.kubernetes.io/scale-up-tolerance"];

/** The autoscaler as it is stored: of version v2, complete. */
export function toStored(autoscaler: v1.HorizontalPodAutoscaler): v2.HorizontalPodAutoscaler {
  const stored = toCurrent(autoscaler);
  defaultAutoscaler(stored);
  return decodeTyped<v2.HorizontalPodAutoscaler>("autoscaling.v2.HorizontalPodAutoscaler", stored).object;
}

/** The autoscaler in version v2, without v2's defaults. */
export function toCurrent(autoscaler: v1.HorizontalPodAutoscaler): v2.HorizontalPodAutoscaler {
  const annotations = autoscaler.metadata.annotations ?? {};
  const { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage: cpu } = autoscaler.spec;
  const { currentCPUUtilizationPercentage: currentCPU, ...status } = autoscaler.status;
  const others = readList<v1.MetricSpec>(annotations[METRICS], "autoscaling.v1.MetricSpec") ?? [];
  const metrics = [...others.map(currentMetric), ...(cpu === undefined ? [] : [cpuMetric(cpu)])];
  const behavior = readBehavior(annotations[BEHAVIOR]);
  const currentMetrics = readList<v1.MetricStatus>(annotations[CURRENT_METRICS], "autoscaling.v1.MetricStatus")?.map(currentMetricStatus);
  const conditions = readList<v1.HorizontalPodAutoscalerCondition>(annotations[CONDITIONS], "autoscaling.v1.HorizontalPodAutoscalerCondition");
  return decodeTyped<v2.HorizontalPodAutoscaler>("autoscaling.v2.HorizontalPodAutoscaler", {
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v2",
    metadata: withAnnotations(autoscaler.metadata, {}),
    spec: { scaleTargetRef, minReplicas, maxReplicas, metrics: metrics.length === 0 ? [defaultMetric()] : metrics, behavior },
    status: { ...status, currentMetrics: currentMetrics ?? (currentCPU === undefined ? undefined : [cpuMetricStatus(currentCPU)]), conditions },
  }).object;
}

/** The autoscaler in version v1. */
export function fromStored(stored: v2.HorizontalPodAutoscaler): v1.HorizontalPodAutoscaler {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics = [], behavior } = stored.spec;
  const { currentMetrics: currentMetricsOrNull, conditions = [], ...status } = stored.status;
  const currentMetrics = currentMetricsOrNull ?? [];
  const others = metrics.filter((metric) => !isCPU(metric)).map((metric) => decodeTyped("autoscaling.v1.MetricSpec", formerMetric(metric)).object);
  const cpu = metrics.find(isCPU)?.resource?.target.averageUtilization;
  const currentCPU = currentMetrics.findLast(({ type, resource }) => type === "Resource" && resource?.name === "cpu" && resource.current.averageUtilization !== undefined);
  const annotations: Record<string, string> = {
    ...(others.length > 0 && { [METRICS]: JSON.stringify(others) }),
    ...(currentMetrics.length > 0 && { [CURRENT_METRICS]: JSON.stringify(currentMetrics.map((metric) => decodeTyped("autoscaling.v1.MetricStatus", formerMetricStatus(metric)).object)) }),
    ...(behavior !== undefined && { [BEHAVIOR]: JSON.stringify(internalForm("autoscaling.v2.HorizontalPodAutoscalerBehavior", behavior)) }),
    ...(conditions.length > 0 && { [CONDITIONS]: JSON.stringify(conditions) }),
  };
  return decodeTyped<v1.HorizontalPodAutoscaler>("autoscaling.v1.HorizontalPodAutoscaler", {
    kind: "HorizontalPodAutoscaler",
    apiVersion: "autoscaling/v1",
    metadata: withAnnotations(stored.metadata, annotations),
    spec: { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage: cpu },
    status: { ...status, currentCPUUtilizationPercentage: currentCPU?.resource?.current.averageUtilization },
  }).object;
}

function isCPU({ type, resource }: v2.MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu" && resource.target.averageUtilization !== undefined;
}

function cpuMetric(averageUtilization: number): v2.MetricSpec {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } };
}

function cpuMetricStatus(averageUtilization: number): v2.MetricStatus {
  return { type: "Resource", resource: { name: "cpu", current: { averageUtilization } } };
}

/** The metadata with other annotations of the conversion. */
function withAnnotations<M extends { annotations?: Record<string, string> }>(metadata: M, added: Readonly<Record<string, string>>): M {
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => !ROUND_TRIP.includes(key));
  const annotations = { ...Object.fromEntries(kept), ...added };
  return { ...metadata, annotations: Object.keys(annotations).length > 0 ? annotations : undefined };
}

/** The list in an annotation; undefined where there is none, or it is malformed. */
function readList<T>(text: string | undefined, type: string): T[] | undefined {
  const list = readJSON(text);
  if (!Array.isArray(list)) return undefined;
  try {
    return list.map((item) => decodeTyped<T>(type, item).object);
  } catch {
    return undefined;
  }
}

function readBehavior(text: string | undefined): unknown {
  const behavior = lowerKeys(readJSON(text)) as v2.HorizontalPodAutoscalerBehavior | undefined;
  return behavior?.scaleUp || behavior?.scaleDown ? behavior : undefined;
}

function readJSON(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of an internal type by the names that they have on the wire. */
function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.charAt(0).toLowerCase() + key.slice(1), lowerKeys(part)]));
}
