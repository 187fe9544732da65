// Behaviour: k8s.io/kubernetes/pkg/registry/coordination/lease and pkg/apis/coordination/validation.
import type { Lease } from "../../../api/generated/types/coordination/v1.ts";
import { type FieldError, FieldPath, forbiddenField, invalidValue, notSupportedValue } from "../../../api/field-errors.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nonNegative, qualifiedName } from "../shared/field-checks.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";

/** coordination.k8s.io/v1 leases. */
export const leaseResource = defineResource<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  resource: "leases",
  singular: "lease",
  namespaced: true,
  type: "coordination.v1.Lease",
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validate: validateLease,
  columns: [
    nameColumn,
    textColumn("Holder", "The identity of the holder of a current lease.", (lease) => lease.spec.holderIdentity ?? ""),
    ageColumn,
  ],
});

function validateLease({ spec }: Lease): FieldError[] {
  const path = new FieldPath("spec");
  const errors: FieldError[] = [];
  if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0) errors.push(invalidValue(path.child("leaseDurationSeconds"), spec.leaseDurationSeconds, "must be greater than 0"));
  if (spec.leaseTransitions !== undefined) errors.push(...nonNegative(spec.leaseTransitions, path.child("leaseTransitions")));
  if (spec.strategy !== undefined) errors.push(...validateStrategy(spec.strategy, path.child("strategy", "strategy")));
  if (spec.preferredHolder && !spec.strategy) errors.push(forbiddenField(path.child("preferredHolder"), "may only be specified if `strategy` is defined"));
  return errors;
}

function validateStrategy(strategy: string, path: FieldPath): FieldError[] {
  if (strategy.includes("/")) return qualifiedName(strategy, path);
  return strategy === "OldestEmulationVersion" ? [] : [notSupportedValue(path, strategy, ["OldestEmulationVersion"])];
}
