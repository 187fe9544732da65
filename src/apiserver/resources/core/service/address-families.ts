// Behaviour: initIPFamilyFields in k8s.io/kubernetes/pkg/registry/core/service/storage/alloc.go, for a cluster with IPv4 services only.
import { isIPv6 } from "node:net";
import { invalid } from "../../../../api/errors.ts";
import { type FieldError, FieldPath, invalidValue } from "../../../../api/field-errors.ts";
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import { validateClusterIPs } from "./cluster-ip-validation.ts";
import { needsClusterIP, NO_ADDRESS, sameList } from "./traits.ts";

const SPEC = new FieldPath("spec");
const POLICY = SPEC.child("ipFamilyPolicy");
const CLUSTER_FAMILY = "IPv4";

/** Fills the policy and families of a service's addresses, and refuses what this cluster cannot give. Throws a StatusError. */
export function initAddressFamilies(service: Service, old: Service | undefined): void {
  const { spec } = service;
  if (!needsClusterIP(service) || (old !== undefined && keepsPreferredFamilies(service, old))) return;
  const headlessWithoutSelector = spec.clusterIP === NO_ADDRESS && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.spec.ipFamilyPolicy ?? (headlessWithoutSelector ? "RequireDualStack" : "SingleStack");
  refuse(service, validateClusterIPs(service, old));
  refuse(service, [...reconcileWithPolicy(service, old), ...inferFamilies(service)]);
  if (headlessWithoutSelector) {
    spec.ipFamilies = spec.ipFamilies?.length ? spec.ipFamilies : [CLUSTER_FAMILY];
    if (spec.ipFamilies.length < 2 && spec.ipFamilyPolicy !== "SingleStack") spec.ipFamilies.push(spec.ipFamilies[0] === "IPv4" ? "IPv6" : "IPv4");
    return;
  }
  refuse(service, unavailable(service));
  if (!spec.ipFamilies?.length) spec.ipFamilies = [CLUSTER_FAMILY];
}

/** A dual-stack preference that stays as it was is left alone. */
function keepsPreferredFamilies({ spec }: Service, { spec: before }: Service): boolean {
  return (
    before.type === spec.type &&
    spec.ipFamilyPolicy === "PreferDualStack" &&
    (before.ipFamilyPolicy ?? "PreferDualStack") === "PreferDualStack" &&
    sameList(before.clusterIPs, spec.clusterIPs) &&
    sameList(before.ipFamilies, spec.ipFamilies)
  );
}

function reconcileWithPolicy({ spec }: Service, old: Service | undefined): FieldError[] {
  const errors: FieldError[] = [];
  const single = spec.ipFamilyPolicy === "SingleStack";
  if (old !== undefined && single) {
    if (sameList(old.spec.clusterIPs, spec.clusterIPs) && (spec.clusterIPs?.length ?? 0) > 1) spec.clusterIPs = spec.clusterIPs?.slice(0, 1);
    if (sameList(old.spec.ipFamilies, spec.ipFamilies) && (spec.ipFamilies?.length ?? 0) > 1) spec.ipFamilies = spec.ipFamilies?.slice(0, 1);
  } else if (old !== undefined) {
    if (isReduced(spec.clusterIPs, old.spec.clusterIPs)) errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, "must be 'SingleStack' to release the secondary cluster IP"));
    if (isReduced(spec.ipFamilies, old.spec.ipFamilies)) errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, "must be 'SingleStack' to release the secondary IP family"));
  }
  const dual = (what: string): string => `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
  if (single && spec.clusterIPs?.length === 2) errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, dual("cluster IPs")));
  if (single && spec.ipFamilies?.length === 2) errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, dual("IP families")));
  return errors;
}

function isReduced(next: readonly string[] = [], old: readonly string[] = []): boolean {
  return next.length > 0 && next.length < old.length;
}

function inferFamilies({ spec }: Service): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, address] of (spec.clusterIPs ?? []).entries()) {
    if (address === NO_ADDRESS) break;
    if (index < (spec.ipFamilies?.length ?? 0)) continue;
    if (isIPv6(address)) errors.push(invalidValue(SPEC.child("clusterIPs").index(index), spec.clusterIPs, "IPv6 is not configured on this cluster"));
    else spec.ipFamilies = [...(spec.ipFamilies ?? []), "IPv4"];
  }
  return errors;
}

function unavailable({ spec }: Service): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === "RequireDualStack") errors.push(invalidValue(POLICY, spec.ipFamilyPolicy, "this cluster is not configured for dual-stack services"));
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (family !== CLUSTER_FAMILY) errors.push(invalidValue(SPEC.child("ipFamilies").index(index), family, "not configured on this cluster"));
  }
  return errors;
}

/** Throws a StatusError when there are errors. */
export function refuse(service: Service, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "", kind: "Service" }, service.metadata.name ?? "", errors);
}
