// Behaviour: IsConditionTrue and its like in k8s.io/kubernetes/pkg/apis/batch/validation.
import type { JobCondition } from "../../../api/generated/types/batch/v1.ts";

/** Whether a job's condition of the type has the status. */
export function hasCondition(conditions: readonly JobCondition[] | undefined, type: string, status = "True"): boolean {
  return (conditions ?? []).some((condition) => condition.type === type && condition.status === status);
}

/** Whether the job is over, well or not. */
export function isFinished(conditions: readonly JobCondition[] | undefined): boolean {
  return hasCondition(conditions, "Complete") || hasCondition(conditions, "Failed");
}
