// Behaviour: validateMetricSpec in k8s.io/kubernetes/pkg/apis/autoscaling/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import type * as v2 from "../../../api/generated/types/autoscaling/v2.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import { dnsLabel, invalidEach } from "../shared/field-checks.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { validateContainerResourceName } from "../shared/resource-names.ts";

/** Checks a reference to the object that a metric describes. */
type ReferenceCheck = (reference: v2.CrossVersionObjectReference, path: FieldPath) => FieldError[];

const TYPES = ["ContainerResource", "External", "Object", "Pods", "Resource"];
/** The sources by their fields, in the order in which they are looked for. */
const SOURCES = { object: "Object", external: "External", pods: "Pods", resource: "Resource", containerResource: "ContainerResource" } as const;
const SOURCE_FIELDS = Object.keys(SOURCES) as (keyof typeof SOURCES)[];

/** What is wrong with one metric of an autoscaler. */
export function validateMetric(metric: v2.MetricSpec, path: FieldPath, checkReference: ReferenceCheck): FieldError[] {
  const { type } = metric;
  const unknown = TYPES.includes(type) ? [] : [notSupportedValue(path.child("type"), type, TYPES)];
  const present = SOURCE_FIELDS.filter((field) => metric[field] !== undefined);
  const [first] = present;
  const expected = SOURCE_FIELDS.find((field) => SOURCES[field] === type);
  const isMissing = expected !== undefined && metric[expected] === undefined;
  const others = present.length === 1 ? [] : present.filter((field) => field !== expected);
  return [
    ...(type === "" ? [requiredValue(path.child("type"), "must specify a metric source type")] : []),
    ...unknown,
    ...(first === undefined ? [] : validateSource(metric, first, path.child(first), checkReference)),
    ...(isMissing ? [requiredValue(path.child(expected), "must populate information for the given metric source")] : []),
    ...unknown,
    ...others.map((field) => forbiddenField(path.child(field), "must populate the given metric source only")),
  ];
}

function validateSource({ object, external, pods, resource, containerResource }: v2.MetricSpec, field: keyof typeof SOURCES, path: FieldPath, checkReference: ReferenceCheck): FieldError[] {
  if (field === "object" && object !== undefined) return validateObject(object, path, checkReference);
  if (field === "external" && external !== undefined) return validateExternal(external, path);
  if (field === "pods" && pods !== undefined) return validatePods(pods, path);
  if (field === "resource" && resource !== undefined) {
    const named = resource.name ? [] : [requiredValue(path.child("name"), "must specify a resource name")];
    return [...named, ...validateResourceTarget(resource.target, path.child("target"))];
  }
  return containerResource === undefined ? [] : validateContainerResource(containerResource, path);
}

function validateObject({ describedObject, metric, target }: v2.ObjectMetricSource, path: FieldPath, checkReference: ReferenceCheck): FieldError[] {
  return [
    ...checkReference(describedObject, path.child("describedObject")),
    ...validateIdentifier(metric, path.child("metric")),
    ...validateTarget(target, path.child("target")),
    ...(target.value === undefined && target.averageValue === undefined ? [requiredValue(path.child("target", "averageValue"), "must set either a target value or averageValue")] : []),
  ];
}

function validateExternal({ metric, target }: v2.ExternalMetricSource, path: FieldPath): FieldError[] {
  const [hasValue, hasAverage] = [target.value !== undefined, target.averageValue !== undefined];
  const at = path.child("target");
  return [
    ...validateIdentifier(metric, path.child("metric")),
    ...validateTarget(target, at),
    ...(hasValue || hasAverage ? [] : [requiredValue(at.child("averageValue"), "must set either a target value for metric or a per-pod target")]),
    ...(hasValue && hasAverage ? [forbiddenField(at.child("value"), "may not set both a target value for metric and a per-pod target")] : []),
  ];
}

function validatePods({ metric, target }: v2.PodsMetricSource, path: FieldPath): FieldError[] {
  return [
    ...validateIdentifier(metric, path.child("metric")),
    ...validateTarget(target, path.child("target")),
    ...(target.averageValue === undefined ? [requiredValue(path.child("target", "averageValue"), "must specify a positive target averageValue")] : []),
  ];
}

function validateContainerResource({ name, container, target }: v2.ContainerResourceMetricSource, path: FieldPath): FieldError[] {
  return [
    ...(name ? validateContainerResourceName(name, path.child("name")) : [requiredValue(path.child("name"), "must specify a resource name")]),
    ...(container ? dnsLabel(container, path.child("container")) : [requiredValue(path.child("container"), "must specify a container")]),
    ...validateResourceTarget(target, path.child("target")),
  ];
}

/** The target of a resource is either an amount or a part of what is requested. */
function validateResourceTarget(target: v2.MetricTarget, path: FieldPath): FieldError[] {
  const [hasUtilization, hasAverage] = [target.averageUtilization !== undefined, target.averageValue !== undefined];
  return [
    ...validateTarget(target, path),
    ...(hasUtilization || hasAverage ? [] : [requiredValue(path.child("averageUtilization"), "must set either a target raw value or a target utilization")]),
    ...(hasUtilization && hasAverage ? [forbiddenField(path.child("averageValue"), "may not set both a target raw value and a target utilization")] : []),
  ];
}

function validateTarget({ type, value, averageValue, averageUtilization }: v2.MetricTarget, path: FieldPath): FieldError[] {
  const isPositive = (amount: string | undefined): boolean => amount === undefined || parseQuantity(amount).sign() > 0;
  return [
    ...(type ? [] : [requiredValue(path.child("type"), "must specify a metric target type")]),
    ...(["Utilization", "Value", "AverageValue"].includes(type) ? [] : [invalidValue(path.child("type"), type, "must be either Utilization, Value, or AverageValue")]),
    ...(isPositive(value) ? [] : [invalidValue(path.child("value"), value, "must be positive")]),
    ...(isPositive(averageValue) ? [] : [invalidValue(path.child("averageValue"), averageValue, "must be positive")]),
    ...((averageUtilization ?? 1) < 1 ? [invalidValue(path.child("averageUtilization"), averageUtilization, "must be greater than 0")] : []),
  ];
}

function validateIdentifier({ name }: v2.MetricIdentifier, path: FieldPath): FieldError[] {
  return name ? invalidEach(path.child("name"), name, nameIsPathSegment(name, false)) : [requiredValue(path.child("name"), "must specify a metric name")];
}
