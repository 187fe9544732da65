// Behaviour: ValidateResourceQuota and what belongs to it in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { ResourceQuota, ResourceQuotaSpec, ResourceQuotaStatus, ScopedResourceSelectorRequirement } from "../../../api/generated/types/core/v1.ts";
import { internalListForm } from "../shared/internal-form.ts";
import type { ResourceList } from "../shared/resource-list.ts";
import { isStandardQuotaResource, validateQuantityOf, validateQuotaResourceName } from "../shared/resource-names.ts";

const SPEC = new FieldPath("spec");
const SCOPES = SPEC.child("scopes");
const EXPRESSIONS = SPEC.child("scopeSelector", "matchExpressions");
const STATUS = new FieldPath("status");

const COMPUTE = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const PODS = ["pods"];
const CLAIMS = ["persistentvolumeclaims", "requests.storage"];
/** The standard resources that a scope can narrow. */
const SCOPED: Readonly<Record<string, readonly string[]>> = {
  Terminating: [...PODS, ...COMPUTE],
  NotTerminating: [...PODS, ...COMPUTE],
  NotBestEffort: [...PODS, ...COMPUTE],
  PriorityClass: [...PODS, ...COMPUTE],
  CrossNamespacePodAffinity: [...PODS, ...COMPUTE],
  BestEffort: PODS,
  VolumeAttributesClass: CLAIMS,
};
/** Scopes that have no values. */
const PLAIN_SCOPES = ["BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity"];
const OPPOSITES = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
];

/** What is wrong with a quota. */
export function validateResourceQuota({ spec = {}, status }: ResourceQuota): FieldError[] {
  return [...validateAmounts(spec.hard, SPEC.child("hard")), ...validateScopes(spec), ...validateScopeSelector(spec), ...validateQuotaStatus(status)];
}

/** What is wrong with a quota's status. */
export function validateQuotaStatus(status: ResourceQuotaStatus | undefined): FieldError[] {
  return [...validateAmounts(status?.hard, STATUS.child("hard")), ...validateAmounts(status?.used, STATUS.child("used"))];
}

/** What an update may not change: the scopes. */
export function validateResourceQuotaUpdate(next: ResourceQuota, old: ResourceQuota): FieldError[] {
  const [scopes, before] = [next, old].map(({ spec }) => new Set(spec?.scopes ?? []));
  const same = scopes !== undefined && before !== undefined && scopes.size === before.size && [...scopes].every((scope) => before.has(scope));
  return same ? [] : [invalidValue(SCOPES, shownScopes(next.spec), "field is immutable")];
}

function validateAmounts(list: ResourceList | undefined, path: FieldPath): FieldError[] {
  return Object.entries(list ?? {}).flatMap(([name, amount]) => [...validateQuotaResourceName(name, path.key(name)), ...validateQuantityOf(name, amount, path.key(name))]);
}

/** One error for each standard resource that the scope cannot narrow. */
function unscoped(spec: ResourceQuotaSpec, scope: string, path: FieldPath, shown: unknown): FieldError[] {
  const scoped = SCOPED[scope];
  const names = Object.keys(spec.hard ?? {}).filter((name) => isStandardQuotaResource(name) && scoped !== undefined && !scoped.includes(name));
  return names.map(() => invalidValue(path, shown, "unsupported scope applied to resource"));
}

function validateScopes(spec: ResourceQuotaSpec): FieldError[] {
  const scopes = spec.scopes ?? [];
  const shown = shownScopes(spec);
  const errors = scopes.flatMap((scope) => [...(scope in SCOPED ? [] : [invalidValue(SCOPES, shown, "unsupported scope")]), ...unscoped(spec, scope, SCOPES, shown)]);
  return [...errors, ...conflicting(scopes, SCOPES, shown)];
}

function conflicting(scopes: readonly string[], path: FieldPath, shown: unknown): FieldError[] {
  return OPPOSITES.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(() => invalidValue(path, shown, "conflicting scopes"));
}

function validateScopeSelector(spec: ResourceQuotaSpec): FieldError[] {
  const expressions = spec.scopeSelector?.matchExpressions ?? [];
  const shown = { MatchExpressions: internalListForm("core.v1.ScopedResourceSelectorRequirement", spec.scopeSelector?.matchExpressions) };
  const errors = expressions.flatMap((expression) => [
    ...(expression.scopeName in SCOPED ? [] : [invalidValue(EXPRESSIONS.child("scopeName"), expression.scopeName, "unsupported scope")]),
    ...unscoped(spec, expression.scopeName, EXPRESSIONS, shown),
    ...validateOperator(expression),
  ]);
  const names = expressions.map(({ scopeName }) => scopeName);
  return [...errors, ...conflicting(names, EXPRESSIONS, shownScopes(spec))];
}

function validateOperator({ scopeName, operator, values = [] }: ScopedResourceSelectorRequirement): FieldError[] {
  const errors: FieldError[] = [];
  if (PLAIN_SCOPES.includes(scopeName) && operator !== "Exists") {
    const scopes = "ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
    errors.push(invalidValue(EXPRESSIONS.child("operator"), operator, `must be 'Exists' when scope is any of ${scopes}`));
  }
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) errors.push(requiredValue(EXPRESSIONS.child("values"), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) errors.push(invalidValue(EXPRESSIONS.child("values"), values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
  } else errors.push(invalidValue(EXPRESSIONS.child("operator"), operator, "not a valid selector operator"));
  return errors;
}

function shownScopes(spec: ResourceQuotaSpec | undefined): unknown {
  const scopes = spec?.scopes ?? [];
  return scopes.length === 0 ? null : scopes;
}
