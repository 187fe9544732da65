// Behaviour: ValidateLimitRange in k8s.io/kubernetes/pkg/apis/core/validation.
import { duplicateValue, type FieldError, FieldPath, forbiddenField, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { LimitRange, LimitRangeItem } from "../../../api/generated/types/core/v1.ts";
import { isQualifiedName } from "../../../api/name-validation.ts";
import { parseQuantity, type Quantity } from "../../../api/quantity.ts";
import { invalidEach } from "../shared/field-checks.ts";
import type { ResourceList } from "../shared/resource-list.ts";
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from "../shared/resource-names.ts";

const LIMITS = new FieldPath("spec").child("limits");
const STANDARD_TYPES = ["Container", "PersistentVolumeClaim", "Pod"];
/** Amounts above this are compared in whole units. */
const MAX_MILLI_VALUE = (1n << 63n) / 1000n;

/** What is wrong with a limit range. */
export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const limits = spec.limits ?? [];
  const types = limits.map(({ type }) => type);
  return limits.flatMap((limit, index) => {
    const path = LIMITS.index(index);
    const duplicate = types.indexOf(limit.type) < index ? [duplicateValue(path.child("type"), limit.type)] : [];
    return [...validateType(limit.type, path.child("type")), ...duplicate, ...validateLimit(limit, path)];
  });
}

function validateType(type: string, path: FieldPath): FieldError[] {
  const errors = invalidEach(path, type, isQualifiedName(type));
  if (errors.length > 0 || type.includes("/") || STANDARD_TYPES.includes(type)) return errors;
  return [invalidValue(path, type, "must be a standard limit type or fully qualified")];
}

function validateLimit(limit: LimitRangeItem, path: FieldPath): FieldError[] {
  const { type, min, max, maxLimitRequestRatio } = limit;
  const isPod = type === "Pod";
  const names = (list: ResourceList | undefined, field: string): FieldError[] =>
    Object.keys(list ?? {}).flatMap((name) => {
      const at = path.child(field).key(name);
      return isPod || type === "Container" ? validateContainerResourceName(name, at) : validateResourceName(name, at);
    });
  const defaults = (["default", "defaultRequest"] as const).flatMap((field) => {
    if (!isPod) return names(limit[field], field);
    return Object.keys(limit[field] ?? {}).length > 0 ? [forbiddenField(path.child(field), "may not be specified when `type` is 'Pod'")] : [];
  });
  const unbounded = type === "PersistentVolumeClaim" && min?.["storage"] === undefined && max?.["storage"] === undefined;
  return [
    ...names(max, "max"),
    ...names(min, "min"),
    ...defaults,
    ...(unbounded ? [requiredValue(path.child("limits"), "either minimum or maximum storage value is required, but neither was provided")] : []),
    ...names(maxLimitRequestRatio, "maxLimitRequestRatio"),
    ...validateAmounts(isPod ? { ...limit, default: {}, defaultRequest: {} } : limit, path),
  ];
}

function validateAmounts(limit: LimitRangeItem, path: FieldPath): FieldError[] {
  const lists = [limit.min, limit.max, limit.default, limit.defaultRequest, limit.maxLimitRequestRatio];
  const names = [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort();
  return names.flatMap((name) => validateAmountsOf(name, limit, path));
}

function validateAmountsOf(name: string, limit: LimitRangeItem, path: FieldPath): FieldError[] {
  const [min, max, byDefault, request, ratio] = [limit.min, limit.max, limit.default, limit.defaultRequest, limit.maxLimitRequestRatio].map((list) => amountOf(list, name));
  const errors: FieldError[] = [];
  /** The one is not more than the other; the error is shown at a field with one of the two. */
  const ordered = (low: Quantity | undefined, high: Quantity | undefined, words: readonly [string, string], field: string, shown: Quantity | undefined): void => {
    if (low === undefined || high === undefined || low.cmp(high) <= 0) return;
    const [lowName, highName] = words;
    errors.push(invalidValue(path.child(field).key(name), String(shown), `${lowName} value ${low} is greater than ${highName} value ${high}`));
  };
  ordered(min, max, ["min", "max"], "min", min);
  ordered(min, request, ["min", "default request"], "defaultRequest", request);
  ordered(request, max, ["default request", "max"], "defaultRequest", request);
  ordered(request, byDefault, ["default request", "default limit"], "defaultRequest", request);
  ordered(min, byDefault, ["min", "default"], "default", min);
  ordered(byDefault, max, ["default", "max"], "default", max);
  if (ratio !== undefined) errors.push(...validateRatio(ratio, min, max, path.child("maxLimitRequestRatio").key(name)));
  if (!isOvercommitAllowed(name) && byDefault !== undefined && request !== undefined && byDefault.cmp(request) !== 0) {
    errors.push(invalidValue(path.child("defaultRequest").key(name), String(request), `default value ${byDefault} must equal to defaultRequest value ${request} in ${name}`));
  }
  return errors;
}

function amountOf(list: ResourceList | undefined, name: string): Quantity | undefined {
  const amount = list?.[name];
  return amount === undefined ? undefined : parseQuantity(amount);
}

function validateRatio(ratio: Quantity, min: Quantity | undefined, max: Quantity | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (ratio.cmp(parseQuantity("1")) < 0) errors.push(invalidValue(path, String(ratio), `ratio ${ratio} is less than 1`));
  if (min === undefined || max === undefined) return errors;
  const exact = [ratio, min, max].every((amount) => amount.value() < MAX_MILLI_VALUE);
  const number = (amount: Quantity): number => Number(exact ? amount.milliValue() : amount.value());
  const most = number(max) / number(min);
  if (number(ratio) / (exact ? 1000 : 1) > most) errors.push(invalidValue(path, String(ratio), `ratio ${ratio} is greater than max/min = ${formatFloat(most)}`));
  return errors;
}

/** Six decimals, as %f prints. */
function formatFloat(value: number): string {
  return Number.isFinite(value) ? value.toFixed(6) : `${value < 0 ? "-" : "+"}Inf`;
}
