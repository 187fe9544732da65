// Behaviour: validateObjectFieldSelector and validateContainerResourceFieldSelector in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { ObjectFieldSelector, ResourceFieldSelector } from "../../../../api/generated/types/core/v1.ts";
import { parseQuantity } from "../../../../api/quantity.ts";
import { qualifiedName } from "../field-checks.ts";

/** The pod's fields that downward references know in this version; spec.host is an older name. */
const POD_FIELDS = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.serviceAccountName",
  "spec.schedulerName",
  "status.phase",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const RESOURCE_FIELDS = ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];
const SIZES = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/** A reference to a field of the pod, one of `fields` or a label or annotation by its key. */
export function validateObjectField({ apiVersion, fieldPath = "" }: ObjectFieldSelector, fields: readonly string[], path: FieldPath): FieldError[] {
  if (!apiVersion) return [requiredValue(path.child("apiVersion"))];
  if (fieldPath === "") return [requiredValue(path.child("fieldPath"))];
  const problem = conversionProblem(apiVersion, fieldPath);
  if (problem !== undefined) return [invalidValue(path.child("fieldPath"), fieldPath, `error converting fieldPath: ${problem}`)];
  const internal = fieldPath === "spec.host" ? "spec.nodeName" : fieldPath;
  const subscript = /^(.*?)\['(.*)'\]$/.exec(internal);
  if (subscript === null) return fields.includes(internal) ? [] : [notSupportedValue(path.child("fieldPath"), internal, fields)];
  const [, parent = "", key = ""] = subscript;
  if (parent === "metadata.annotations") return qualifiedName(key.toLowerCase(), path);
  if (parent === "metadata.labels") return qualifiedName(key, path);
  return [invalidValue(path, parent, "does not support subscript")];
}

function conversionProblem(apiVersion: string, fieldPath: string): string | undefined {
  if (apiVersion !== "v1") return `unsupported pod version: ${apiVersion}`;
  const subscript = /^(.*?)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const parent = subscript[1] ?? "";
    return parent === "metadata.annotations" || parent === "metadata.labels" ? undefined : `field label does not support subscript: ${fieldPath}`;
  }
  return POD_FIELDS.includes(fieldPath) || fieldPath === "spec.host" ? undefined : `field label not supported: ${fieldPath}`;
}

/** A reference to what a container requests or is limited to; in volumes the container has to be named. */
export function validateResourceField({ containerName, resource = "", divisor }: ResourceFieldSelector, path: FieldPath, inVolume: boolean): FieldError[] {
  const hugePages = /^(requests|limits)\.hugepages-/.test(resource);
  const errors: FieldError[] = [];
  if (inVolume && !containerName) errors.push(requiredValue(path.child("containerName")));
  else if (resource === "") errors.push(requiredValue(path.child("resource")));
  else if (!RESOURCE_FIELDS.includes(resource) && !hugePages) errors.push(notSupportedValue(path.child("resource"), resource, RESOURCE_FIELDS));
  return [...errors, ...validateDivisor(resource, divisor ?? "0", path.child("divisor"))];
}

function validateDivisor(resource: string, divisor: string, path: FieldPath): FieldError[] {
  const amount = parseQuantity(divisor);
  if (amount.isZero()) return [];
  const rule = (kind: string, allowed: readonly string[], list: string): FieldError[] =>
    allowed.includes(amount.toString()) ? [] : [invalidValue(path, resource, `only divisor's values ${list} are supported with the ${kind} resource`)];
  const [, name = ""] = /^(?:limits|requests)\.(.*)$/.exec(resource) ?? [];
  if (name === "cpu") return rule("cpu", ["1m", "1"], "1m and 1");
  if (name === "memory") return rule("memory", SIZES, SIZES.join(", "));
  if (name === "ephemeral-storage") return rule("local ephemeral storage", SIZES, SIZES.join(", "));
  return name.startsWith("hugepages-") ? rule("hugepages", SIZES, SIZES.join(", ")) : [];
}
