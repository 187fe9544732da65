// Behaviour: ValidateServiceClusterIPsRelatedFields and validateUpgradeDowngrade* in k8s.io/kubernetes/pkg/apis/core/validation.
import { isIPv6 } from "node:net";
import { duplicateValue, type FieldError, FieldPath, invalidValue, notSupportedValue, requiredValue } from "../../../../api/field-errors.ts";
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { ipAddress } from "../../shared/addresses.ts";
import { isHeadless, needsClusterIP, NO_ADDRESS, sameList } from "./traits.ts";

const SPEC = new FieldPath("spec");
const CLUSTER_IPS = SPEC.child("clusterIPs");
const FAMILIES = SPEC.child("ipFamilies");
const POLICY = SPEC.child("ipFamilyPolicy");

/** clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy fit together. */
export function validateClusterIPs(service: Service, old: Service | undefined): FieldError[] {
  if (!needsClusterIP(service)) return [];
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = service.spec;
  const errors = validatePrimary(clusterIP, clusterIPs);
  for (const [index, family] of ipFamilies.entries()) {
    if (family !== "IPv4" && family !== "IPv6") errors.push(notSupportedValue(FAMILIES.index(index), family, ["IPv4", "IPv6"]));
    if (ipFamilies.indexOf(family) < index) errors.push(duplicateValue(FAMILIES.index(index), family));
  }
  if (ipFamilyPolicy !== undefined && !["PreferDualStack", "RequireDualStack", "SingleStack"].includes(ipFamilyPolicy)) {
    errors.push(notSupportedValue(POLICY, ipFamilyPolicy, ["PreferDualStack", "RequireDualStack", "SingleStack"]));
  }
  const malformed = validateAddresses(clusterIPs, old);
  errors.push(...malformed);
  if (clusterIPs.length > 2) errors.push(invalidValue(CLUSTER_IPS, clusterIPs, "may only hold up to 2 values"));
  if (malformed.length > 0) return errors;
  if (clusterIPs.length > 1 && !(clusterIPs.some(isIPv6) && clusterIPs.some((address) => !isIPv6(address)))) {
    errors.push(invalidValue(CLUSTER_IPS, clusterIPs, "may specify no more than one IP for each IP family"));
  }
  if (isHeadless(service)) return errors;
  for (const [index, address] of clusterIPs.slice(0, ipFamilies.length).entries()) {
    const family = ipFamilies[index];
    if ((family === "IPv4" && isIPv6(address)) || (family === "IPv6" && !isIPv6(address))) {
      errors.push(invalidValue(CLUSTER_IPS.index(index), address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``));
    }
  }
  return errors;
}

function validatePrimary(clusterIP: string, clusterIPs: readonly string[]): FieldError[] {
  if (clusterIP === "") return clusterIPs.length === 0 ? [] : [invalidValue(CLUSTER_IPS, clusterIPs, "must be empty when `clusterIP` is not specified")];
  if (clusterIPs.length === 0) return [requiredValue(CLUSTER_IPS)];
  return clusterIPs[0] === clusterIP ? [] : [invalidValue(CLUSTER_IPS, clusterIPs, "first value must match `clusterIP`")];
}

function validateAddresses(clusterIPs: readonly string[], old: Service | undefined): FieldError[] {
  return clusterIPs.flatMap((address, index) => {
    if (index > 0 || address !== NO_ADDRESS) return ipAddress(address, CLUSTER_IPS.index(index), old?.spec.clusterIPs);
    return clusterIPs.length > 1 ? [invalidValue(CLUSTER_IPS, clusterIPs, "'None' must be the first and only value")] : [];
  });
}

/** Addresses and families stay; only the second of two can come or go. */
export function validateClusterIPsUpdate(next: Service, old: Service): FieldError[] {
  if (!needsClusterIP(next) || !needsClusterIP(old)) return [];
  const bothHeadless = isHeadless(next) && isHeadless(old);
  return [...(bothHeadless ? [] : validateAddressChange(next, old)), ...(isHeadless(next) || isHeadless(old) ? [] : validateFamilyChange(next, old))];
}

function validateAddressChange({ spec }: Service, { spec: before }: Service): FieldError[] {
  const [next, old] = [spec.clusterIPs ?? [], before.clusterIPs ?? []];
  const changed = (index: number): FieldError => invalidValue(CLUSTER_IPS.index(index), next, "may not change once set");
  if (old.length === next.length) return old.flatMap((address, index) => (address === next[index] ? [] : [changed(index)]));
  const errors: FieldError[] = [];
  if (next.length === 0) errors.push(invalidValue(CLUSTER_IPS.index(0), next, "primary clusterIP can not be unset"));
  if (old.length > 0 && next.length > 0 && next[0] !== old[0]) errors.push(changed(0));
  if (old.length > next.length && next.length === 1 && spec.ipFamilyPolicy !== "SingleStack") {
    errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, "must be set to 'SingleStack' when releasing the secondary clusterIP"));
  }
  return errors;
}

function validateFamilyChange({ spec }: Service, { spec: before }: Service): FieldError[] {
  const [next, old] = [spec.ipFamilies ?? [], before.ipFamilies ?? []];
  if (sameList(next, old)) return [];
  const first = FAMILIES.index(0);
  if (old.length === next.length) return old.flatMap((family, index) => (family === next[index] ? [] : [invalidValue(first, next, "may not change once set")]));
  const errors: FieldError[] = [];
  if (old.length > next.length && !spec.clusterIPs?.length) errors.push(invalidValue(first, next, "primary ipFamily can not be unset"));
  if (old.length > 0 && next.length > 0 && next[0] !== old[0]) errors.push(invalidValue(first, spec.clusterIPs, "may not change once set"));
  if (old.length > next.length && next.length === 1 && spec.ipFamilyPolicy !== "SingleStack") {
    errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, "must be set to 'SingleStack' when releasing the secondary ipFamily"));
  }
  return errors;
}
