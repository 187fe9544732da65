// Behaviour: ValidateReplicationController* in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, FieldPath, forbiddenField, requiredValue } from "../../../api/field-errors.ts";
import type { ReplicationController } from "../../../api/generated/types/core/v1.ts";
import { alwaysRestarts, selectorMatchesTemplate, validateReplicaCounts } from "../apps/workload-validation.ts";
import { nonNegative } from "../shared/field-checks.ts";
import { validatePodTemplate } from "../shared/pod-template.ts";

const SPEC = new FieldPath("spec");
const STATUS = new FieldPath("status");

/** What is wrong with a replication controller. */
export function validateReplicationController({ spec }: ReplicationController): FieldError[] {
  const path = SPEC.child("template");
  const template = spec.template;
  const errors = nonNegative(spec.minReadySeconds, SPEC.child("minReadySeconds"));
  if (Object.keys(spec.selector ?? {}).length === 0) errors.push(requiredValue(SPEC.child("selector")));
  errors.push(...nonNegative(spec.replicas, SPEC.child("replicas")));
  if (template === undefined) return [...errors, requiredValue(path)];
  errors.push(...selectorMatchesTemplate({ matchLabels: spec.selector ?? {} }, template, path), ...validatePodTemplate(template, path), ...alwaysRestarts(template, path));
  if (template.spec?.activeDeadlineSeconds === undefined) return errors;
  return [...errors, forbiddenField(path.child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in ReplicationController is not Supported")];
}

/** What is wrong with a replication controller's status. */
export function validateReplicationControllerStatus({ status }: ReplicationController): FieldError[] {
  const counts = ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"] as const;
  return [
    ...counts.flatMap((field) => nonNegative(status[field], STATUS.child(field))),
    ...validateReplicaCounts(status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], STATUS),
  ];
}
