// Behaviour: ValidateServiceCIDR* in k8s.io/kubernetes/pkg/apis/networking/validation.
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import type { ServiceCIDR } from "../../../api/generated/types/networking/v1.ts";
import { isValidCIDR } from "../../../api/name-validation.ts";
import { canonicalRange } from "../shared/addresses.ts";
import { internalForm } from "../shared/internal-form.ts";
import { isNew } from "../shared/new-object.ts";

const PATH = new FieldPath("spec").child("cidrs");
const IMMUTABLE = "field is immutable";

/** What is wrong with a new service address range. */
export function validateServiceCIDR(range: ServiceCIDR): FieldError[] {
  return isNew(range) ? validateSpec(range) : [];
}

/** What an update may not change: only a range of the other IP family can come. */
export function validateServiceCIDRUpdate(next: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const [after, before] = [next.spec.cidrs ?? [], old.spec.cidrs ?? []];
  const becomesDual = before.length === 1 && after.length === 2;
  if (after.length !== before.length && !becomesDual) return [invalidValue(PATH, next.spec.cidrs, IMMUTABLE)];
  const changed = before.flatMap((cidr, index) => (cidr === after[index] ? [] : [invalidValue(PATH.index(index), after[index], IMMUTABLE)]));
  return becomesDual ? [...changed, ...validateSpec(next)] : changed;
}

function validateSpec({ spec }: ServiceCIDR): FieldError[] {
  const cidrs = spec.cidrs ?? [];
  if (cidrs.length === 0) return [requiredValue(PATH, "at least one CIDR required")];
  if (cidrs.length > 2) return [invalidValue(PATH, internalForm("networking.v1.ServiceCIDRSpec", spec), "may only hold up to 2 values")];
  const errors = cidrs.flatMap((cidr, index) => canonicalRange(cidr, PATH.index(index)));
  const families = new Set(cidrs.map((cidr) => (isValidCIDR(cidr).length > 0 ? cidr : cidr.includes(":"))));
  if (cidrs.length === 2 && families.size === 1) {
    errors.push(invalidValue(PATH, cidrs, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"));
  }
  return errors;
}
