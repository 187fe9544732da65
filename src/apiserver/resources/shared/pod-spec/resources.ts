// Behaviour: validateResourceRequirements and validatePodResources in k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, type FieldPath, forbiddenField, invalidValue, notFoundValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { PodSpec, ResourceClaim, ResourceRequirements } from "../../../../api/generated/types/core/v1.ts";
import { containerLimits, containerRequests } from "../../../../api/pod-resources.ts";
import { parseQuantity } from "../../../../api/quantity.ts";
import { dnsLabel } from "../field-checks.ts";
import { isHugePages, isOvercommitAllowed, isPodLevelResource, validateContainerResourceName, validateQuantityOf, validateResourceName } from "../resource-names.ts";

type NameCheck = (name: string, path: FieldPath) => FieldError[];

/** What a container requests and is limited to; `claims` are the names of the pod's resource claims. */
export function validateContainerResources(resources: ResourceRequirements, claims: ReadonlySet<string>, path: FieldPath): FieldError[] {
  return validateRequirements(resources, validateContainerResourceName, claims, path);
}

function validateRequirements({ limits = {}, requests = {}, claims = [] }: ResourceRequirements, validateName: NameCheck, claimNames: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const limitsPath = path.child("limits");
  const requestsPath = path.child("requests");
  for (const [name, amount] of sorted(limits)) errors.push(...validateAmount(name, amount, validateName, limitsPath.key(name)));
  for (const [name, amount] of sorted(requests)) {
    const at = requestsPath.key(name);
    errors.push(...validateName(name, at), ...validateQuantityOf(name, amount, at), ...validateAgainstLimit(name, amount, limits[name], requestsPath, limitsPath), ...validateHugePages(name, amount, at));
  }
  const all = [...Object.keys(limits), ...Object.keys(requests)];
  if (all.some(isHugePages) && !all.includes("cpu") && !all.includes("memory")) errors.push(forbiddenField(path, "HugePages require cpu or memory"));
  return [...errors, ...validateClaims(claims, claimNames, path.child("claims"))];
}

function validateAmount(name: string, amount: string, validateName: NameCheck, path: FieldPath): FieldError[] {
  return [...validateName(name, path), ...validateQuantityOf(name, amount, path), ...validateHugePages(name, amount, path)];
}

function validateAgainstLimit(name: string, amount: string, limit: string | undefined, path: FieldPath, limitsPath: FieldPath): FieldError[] {
  if (limit === undefined) return isOvercommitAllowed(name) ? [] : [requiredValue(limitsPath, "Limit must be set for non overcommitable resources")];
  const difference = parseQuantity(amount).cmp(parseQuantity(limit));
  if (difference !== 0 && !isOvercommitAllowed(name)) return [invalidValue(path, amount, `must be equal to ${name} limit of ${limit}`)];
  return difference > 0 ? [invalidValue(path, amount, `must be less than or equal to ${name} limit of ${limit}`)] : [];
}

function validateHugePages(name: string, amount: string, path: FieldPath): FieldError[] {
  if (!isHugePages(name)) return [];
  const page = parsePageSize(name);
  const value = parseQuantity(amount).value();
  const divisible = page !== undefined && page > 0n && value >= 0n && value % page === 0n;
  return divisible ? [] : [invalidValue(path, amount, `${amount} is not positive integer multiple of ${name}`)];
}

function parsePageSize(name: string): bigint | undefined {
  try {
    return parseQuantity(name.slice("hugepages-".length)).value();
  } catch {
    return undefined;
  }
}

function validateClaims(claims: readonly ResourceClaim[], podClaims: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return claims.flatMap(({ name, request }, index) => {
    const at = path.index(index);
    if (!name) return [requiredValue(at)];
    const errors: FieldError[] = [];
    if (seen.has(name)) errors.push(duplicateValue(at, name));
    else {
      const key = request ? `${name}/${request}` : name;
      if (request) errors.push(...dnsLabel(request, at.child("request")));
      if (seen.has(key)) errors.push(duplicateValue(at, key));
      else if (!request) errors.push(...[...seen].filter((other) => other.startsWith(`${name}/`)).map(() => duplicateValue(at, name)));
      seen.add(key);
    }
    if (!podClaims.has(name)) {
      const choices = podClaims.size === 0 ? " which is empty" : `: ${[...podClaims].sort().join(", ")}`;
      const error = notFoundValue(at, name);
      const detail = `: must be one of the names in pod.spec.resourceClaims${choices}`;
      errors.push({ ...error, body: error.body + detail, message: error.message + detail });
    }
    return errors;
  });
}

/** What a pod as a whole requests and is limited to, against what its containers do. */
export function validatePodResources(spec: PodSpec, claims: ReadonlySet<string>, path: FieldPath): FieldError[] {
  const resources = spec.resources;
  if (resources === undefined) return [];
  const at = path.child("resources");
  if (spec.os?.name === "windows") return [forbiddenField(at, "may not be set for a windows pod")];
  return [
    ...(resources.claims === undefined ? [] : [forbiddenField(at.child("claims"), "claims may not be set for Resources at pod-level")]),
    ...validateRequirements(resources, validatePodResourceName, claims, at),
    ...validateConsistency(spec, resources, at),
  ];
}

function validatePodResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  return errors.length > 0 || isPodLevelResource(name) ? errors : [notSupportedValue(path, name, ["cpu", "hugepages-", "memory"])];
}

function validateConsistency(spec: PodSpec, { requests = {}, limits = {} }: ResourceRequirements, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, total] of containerRequests(spec)) {
    const request = requests[name];
    if (request === undefined || total.cmp(parseQuantity(request)) <= 0) continue;
    errors.push(invalidValue(path.child("requests").key(name), request, `must be greater than or equal to aggregate container requests of ${total.toString()}`));
  }
  for (const [name, total] of containerLimits(spec)) {
    const limit = limits[name];
    if (!isHugePages(name) || limit === undefined || total.cmp(parseQuantity(limit)) <= 0) continue;
    errors.push(invalidValue(path.child("limits").key(name), limit, `must be greater than or equal to aggregate container limits of ${total.toString()}`));
  }
  for (const [index, container] of (spec.containers ?? []).entries()) {
    for (const [name, limit] of sorted(container.resources.limits ?? {})) {
      const podLimit = limits[name];
      if (podLimit === undefined || parseQuantity(limit).cmp(parseQuantity(podLimit)) <= 0) continue;
      errors.push(invalidValue(path.child("containers").index(index).key(name).child("limits"), limit, `must be less than or equal to pod limits of ${podLimit}`));
    }
  }
  return errors;
}

function sorted(amounts: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1));
}
