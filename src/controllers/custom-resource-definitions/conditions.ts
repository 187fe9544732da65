// Behaviour: k8s.io/apiextensions-apiserver/pkg/apihelpers: conditions of definitions.
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from "../../api/generated/types/apiextensions/v1.ts";
import { formatTime } from "../../util/clock.ts";

/** A condition without the time at which it became so. */
export type NewCondition = Omit<CustomResourceDefinitionCondition, "lastTransitionTime">;

/** Sets a condition; its time stays as long as its status does. False when it says so already. Mutates `definition`. */
export function setCondition(definition: CustomResourceDefinition, condition: NewCondition, now: number): boolean {
  const conditions = [...(definition.status.conditions ?? [])];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[index];
  if (before !== undefined && before.status === condition.status && before.reason === condition.reason && before.message === condition.message) return false;
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : formatTime(now);
  conditions.splice(index < 0 ? conditions.length : index, 1, { ...condition, lastTransitionTime });
  definition.status.conditions = conditions;
  return true;
}
