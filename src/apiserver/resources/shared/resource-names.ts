// Behaviour: k8s.io/kubernetes/pkg/apis/core/helper/helpers.go and the resource name checks of pkg/apis/core/validation.
import { type FieldError, type FieldPath, invalidValue } from "../../../api/field-errors.ts";
import { isQualifiedName } from "../../../api/name-validation.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import { invalidEach, nonNegativeQuantity } from "./field-checks.ts";

const HUGE_PAGES = "hugepages-";
const REQUESTS = "requests.";

const CONTAINER_RESOURCES = new Set(["cpu", "memory", "ephemeral-storage"]);
const COMPUTE_RESOURCES = ["cpu", "memory", "ephemeral-storage"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]);
const COUNTED_RESOURCES = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];
const INTEGER_RESOURCES = new Set(COUNTED_RESOURCES);
const STANDARD_RESOURCES = new Set([...COMPUTE_RESOURCES, ...COUNTED_RESOURCES, "storage", "requests.storage"]);
const QUOTA_RESOURCES = new Set([...COMPUTE_RESOURCES, ...COUNTED_RESOURCES, "requests.storage"]);

/** Whether the resource is memory in pages of one size. */
export const isHugePages = (name: string): boolean => name.startsWith(HUGE_PAGES);
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith(REQUESTS + HUGE_PAGES);

/** Whether a pod as a whole can request the resource. */
export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePages(name);
}

/** Whether the name is one of Kubernetes' own, without a domain or with its domain. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Whether the name is a device's or the like: with another's domain. */
export function isExtendedResource(name: string): boolean {
  return !isNativeResource(name) && !name.startsWith(REQUESTS) && isQualifiedName(REQUESTS + name).length === 0;
}

/** Whether more of it can be promised than there is. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePages(name);
}

/** The amount is not negative, and whole when the resource comes in pieces. */
export function validateQuantityOf(name: string, amount: string, path: FieldPath): FieldError[] {
  const errors = nonNegativeQuantity(amount, path);
  const whole = parseQuantity(amount).milliValue() % 1000n === 0n;
  if ((INTEGER_RESOURCES.has(name) || isExtendedResource(name)) && !whole) errors.push(invalidValue(path, amount, "must be an integer"));
  return errors;
}

/** The name is a resource's. */
export function validateResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = invalidEach(path, name, isQualifiedName(name));
  if (errors.length > 0 || name.includes("/") || STANDARD_RESOURCES.has(name) || isQuotaHugePages(name)) return errors;
  return [invalidValue(path, name, "must be a standard resource type or fully qualified")];
}

/** The name is that of a resource which containers can have. */
export function validateContainerResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes("/")) return CONTAINER_RESOURCES.has(name) || isHugePages(name) ? errors : [...errors, invalidValue(path, name, "must be a standard resource for containers")];
  return isNativeResource(name) || isExtendedResource(name) ? errors : [...errors, invalidValue(path, name, "doesn't follow extended resource name standard")];
}

/** Whether quotas can limit the resource without more of a name. */
export function isStandardQuotaResource(name: string): boolean {
  return QUOTA_RESOURCES.has(name) || isQuotaHugePages(name);
}

/** The name is that of a resource which quotas can limit. */
export function validateQuotaResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (name.includes("/") || isStandardQuotaResource(name)) return errors;
  return [...errors, invalidValue(path, name, "must be a standard resource for quota")];
}
