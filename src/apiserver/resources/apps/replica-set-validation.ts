// Behaviour: ValidateReplicaSet* in k8s.io/kubernetes/pkg/apis/apps/validation.
import type { ReplicaSet } from "../../../api/generated/types/apps/v1.ts";
import { type FieldError, FieldPath } from "../../../api/field-errors.ts";
import { immutable, nonNegative } from "../shared/field-checks.ts";
import { shownSelector } from "../shared/label-selector.ts";
import { validateReplicaCounts, validateSelectorAndTemplate } from "./workload-validation.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");

/** What is wrong with a replica set. */
export function validateReplicaSet({ spec }: ReplicaSet): FieldError[] {
  return [
    ...nonNegative(spec.replicas, SPEC.child("replicas")),
    ...nonNegative(spec.minReadySeconds, SPEC.child("minReadySeconds")),
    ...validateSelectorAndTemplate(spec.selector, spec.template, SPEC),
  ];
}

/** What may not change in a replica set. */
export function validateReplicaSetUpdate(next: ReplicaSet, old: ReplicaSet): FieldError[] {
  return immutable(next.spec.selector, old.spec.selector, SPEC.child("selector"), shownSelector(next.spec.selector));
}

/** What is wrong with a replica set's status. */
export function validateReplicaSetStatus({ status }: ReplicaSet): FieldError[] {
  const counts = ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration", "terminatingReplicas"] as const;
  return [
    ...counts.flatMap((field) => nonNegative(status[field], STATUS.child(field))),
    ...validateReplicaCounts(status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], STATUS),
  ];
}
