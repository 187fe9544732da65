// Behaviour: k8s.io/kubernetes/pkg/apis/core/validation and k8s.io/apimachinery/pkg/api/validation: checks of single fields that many kinds make.
import { duplicateValue, type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../api/field-errors.ts";
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidPercent, isValidPortName, isValidPortNumber } from "../../../api/name-validation.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import { semanticEqual } from "./semantic-equal.ts";

/** The protocols of ports. */
export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** One error for each message about a value. */
export function invalidEach(path: FieldPath, value: unknown, messages: readonly string[]): FieldError[] {
  return messages.map((message) => invalidValue(path, value, message));
}

/** The value is 0 or more. */
export function nonNegative(value: number | undefined, path: FieldPath): FieldError[] {
  return (value ?? 0) < 0 ? [invalidValue(path, value, "must be greater than or equal to 0")] : [];
}

/** The value is 1 or more. */
export function positive(value: number | undefined, path: FieldPath): FieldError[] {
  return (value ?? 0) <= 0 ? [invalidValue(path, value ?? 0, "must be greater than zero")] : [];
}

/** The amount is 0 or more. */
export function nonNegativeQuantity(value: string, path: FieldPath): FieldError[] {
  return parseQuantity(value).sign() < 0 ? [invalidValue(path, value, "must be greater than or equal to 0")] : [];
}

/** The amount is more than 0. */
export function positiveQuantity(value: string, path: FieldPath): FieldError[] {
  return parseQuantity(value).sign() <= 0 ? [invalidValue(path, value, "must be greater than zero")] : [];
}

/** The value has not changed. `shown` is how the message writes it, where that differs. */
export function immutable(next: unknown, old: unknown, path: FieldPath, shown: unknown = next): FieldError[] {
  return semanticEqual(next, old) ? [] : [invalidValue(path, shown, "field is immutable")];
}

/** The value is set. */
export function required(value: string | undefined, path: FieldPath, detail = ""): FieldError[] {
  return value === undefined || value === "" ? [requiredValue(path, detail)] : [];
}

/** The value is one of an enumeration's, which is listed as given. */
export function oneOf(value: string | undefined, supported: readonly string[], path: FieldPath): FieldError[] {
  return supported.includes(value ?? "") ? [] : [notSupportedValue(path, value ?? "", supported)];
}

/** The value is set, and one of an enumeration's. */
export function requiredOneOf(value: string | undefined, supported: readonly string[], path: FieldPath): FieldError[] {
  return value === undefined || value === "" ? [requiredValue(path)] : oneOf(value, supported, path);
}

/** No value occurs twice; each later occurrence is an error. */
export function noDuplicates(values: readonly string[], path: (index: number) => FieldPath): FieldError[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [duplicateValue(path(index), value)] : []));
}

/** The value is a DNS label. */
export const dnsLabel = (value: string, path: FieldPath): FieldError[] => invalidEach(path, value, isDNS1123Label(value));
/** The value is a DNS name. */
export const dnsSubdomain = (value: string, path: FieldPath): FieldError[] => invalidEach(path, value, isDNS1123Subdomain(value));
/** The value is a name that may have a domain before a slash. */
export const qualifiedName = (value: string, path: FieldPath): FieldError[] => invalidEach(path, value, isQualifiedName(value));
/** The value is a port's number. */
export const portNumber = (value: number, path: FieldPath): FieldError[] => invalidEach(path, value, isValidPortNumber(value));

/** The value is a port's number or a port's name. */
export function portNumberOrName(value: number | string, path: FieldPath): FieldError[] {
  return invalidEach(path, value, typeof value === "number" ? isValidPortNumber(value) : isValidPortName(value));
}

/** The value is a whole number, 0 or more, or a percentage. */
export function positiveIntOrPercent(value: number | string, path: FieldPath): FieldError[] {
  return typeof value === "number" ? nonNegative(value, path) : invalidEach(path, value, isValidPercent(value));
}

/** The value is no more than 100 %. */
export function notMoreThanHundredPercent(value: number | string | undefined, path: FieldPath): FieldError[] {
  if (typeof value !== "string" || isValidPercent(value).length > 0 || Number(value.slice(0, -1)) <= 100) return [];
  return [invalidValue(path, value, "must not be greater than 100%")];
}
