// Behaviour: the conversions of metrics in k8s.io/kubernetes/pkg/apis/autoscaling/v1/conversion.go.
import type * as v1 from "../../../api/generated/types/autoscaling/v1.ts";
import type * as v2 from "../../../api/generated/types/autoscaling/v2.ts";
import { isQuantity, parseQuantity } from "../../../api/quantity.ts";

/** A metric of v1 as v2 has it. */
export function currentMetric({ type, object, pods, resource, containerResource, external }: v1.MetricSpec): v2.MetricSpec {
  return defined({
    type,
    object: object && { describedObject: object.target, target: objectTarget(object), metric: identifier(object.metricName, object.selector) },
    pods: pods && { metric: identifier(pods.metricName, pods.selector), target: { type: "AverageValue", averageValue: pods.targetAverageValue } },
    resource: resource && { name: resource.name, target: resourceTarget(resource) },
    containerResource: containerResource && { name: containerResource.name, container: containerResource.container, target: resourceTarget(containerResource) },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      target: defined({ type: external.targetValue === undefined ? "AverageValue" : "Value", value: external.targetValue, averageValue: external.targetAverageValue }),
    },
  });
}

/** A metric of v2 as v1 has it. */
export function formerMetric({ type, object, pods, resource, containerResource, external }: v2.MetricSpec): v1.MetricSpec {
  return defined({
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      targetValue: object.target.value ?? "0",
      ...defined({ selector: object.metric.selector, averageValue: object.target.averageValue }),
    },
    pods: pods && { metricName: pods.metric.name, targetAverageValue: pods.target.averageValue ?? "0", ...defined({ selector: pods.metric.selector }) },
    resource: resource && { name: resource.name, ...formerTarget(resource.target) },
    containerResource: containerResource && { name: containerResource.name, ...formerTarget(containerResource.target), container: containerResource.container },
    external: external && {
      metricName: external.metric.name,
      ...defined({ metricSelector: external.metric.selector, targetValue: external.target.value, targetAverageValue: external.target.averageValue }),
    },
  });
}

/** A metric's status of v1 as v2 has it. */
export function currentMetricStatus({ type, object, pods, resource, containerResource, external }: v1.MetricStatus): v2.MetricStatus {
  return defined({
    type,
    object: object && { metric: identifier(object.metricName, object.selector), current: defined({ value: object.currentValue, averageValue: object.averageValue }), describedObject: object.target },
    pods: pods && { metric: identifier(pods.metricName, pods.selector), current: { averageValue: pods.currentAverageValue } },
    resource: resource && { name: resource.name, current: resourceValue(resource) },
    containerResource: containerResource && { name: containerResource.name, current: resourceValue(containerResource), container: containerResource.container },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      current: defined({ value: external.currentValue, averageValue: external.currentAverageValue }),
    },
  });
}

/** A metric's status of v2 as v1 has it. */
export function formerMetricStatus({ type, object, pods, resource, containerResource, external }: v2.MetricStatus): v1.MetricStatus {
  return defined({
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      currentValue: object.current.value ?? "0",
      ...defined({ selector: object.metric.selector, averageValue: object.current.averageValue }),
    },
    pods: pods && { metricName: pods.metric.name, currentAverageValue: pods.current.averageValue ?? "0", ...defined({ selector: pods.metric.selector }) },
    resource: resource && { name: resource.name, ...formerValue(resource.current) },
    containerResource: containerResource && { name: containerResource.name, ...formerValue(containerResource.current), container: containerResource.container },
    external: external && {
      metricName: external.metric.name,
      currentValue: external.current.value ?? "0",
      ...defined({ metricSelector: external.metric.selector, currentAverageValue: external.current.averageValue }),
    },
  });
}

function identifier(name: string, selector: v2.MetricIdentifier["selector"]): v2.MetricIdentifier {
  return defined({ name, selector });
}

/** v1 writes a value even where there is only an average; a zero there is none. */
function objectTarget({ targetValue, averageValue }: v1.ObjectMetricSource): v2.MetricTarget {
  if (averageValue === undefined) return { type: "Value", value: targetValue };
  const isZero = isQuantity(targetValue) && parseQuantity(targetValue).isZero();
  return defined({ type: "AverageValue", value: isZero ? undefined : targetValue, averageValue });
}

function resourceTarget({ targetAverageValue, targetAverageUtilization }: v1.ResourceMetricSource): v2.MetricTarget {
  const type = targetAverageUtilization === undefined ? "AverageValue" : "Utilization";
  return defined({ type, averageValue: targetAverageValue, averageUtilization: targetAverageUtilization });
}

function formerTarget({ averageValue, averageUtilization }: v2.MetricTarget): Pick<v1.ResourceMetricSource, "targetAverageUtilization" | "targetAverageValue"> {
  return defined({ targetAverageUtilization: averageUtilization, targetAverageValue: averageValue });
}

function resourceValue({ currentAverageValue, currentAverageUtilization }: v1.ResourceMetricStatus): v2.MetricValueStatus {
  return defined({ averageValue: currentAverageValue, averageUtilization: currentAverageUtilization });
}

function formerValue({ averageValue, averageUtilization }: v2.MetricValueStatus): Pick<v1.ResourceMetricStatus, "currentAverageUtilization" | "currentAverageValue"> {
  return { ...defined({ currentAverageUtilization: averageUtilization }), currentAverageValue: averageValue ?? "0" };
}

/** The object without what is not set. */
function defined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
