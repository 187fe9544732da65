// Behaviour: pkg/controller/deployment/util: conditions of a Deployment, one of each type.
import type { Deployment, DeploymentCondition } from "../../api/generated/types/apps/v1.ts";
import { formatTime } from "../../util/clock.ts";

/** The condition of that type. */
export function deploymentCondition(conditions: readonly DeploymentCondition[] | undefined, type: string): DeploymentCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** A condition that changes now. */
export function newCondition(type: string, status: "True" | "False" | "Unknown", reason: string, message: string, now: number): DeploymentCondition {
  const time = formatTime(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** The conditions with `condition` in place; one of the same status and reason is left as it is. */
export function setCondition(conditions: readonly DeploymentCondition[], condition: DeploymentCondition): DeploymentCondition[] {
  const current = deploymentCondition(conditions, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return [...conditions];
  const since = current?.status === condition.status ? { lastTransitionTime: current.lastTransitionTime } : {};
  return [...removeCondition(conditions, condition.type), { ...condition, ...since }];
}

/** The conditions without the one of that type. */
export function removeCondition(conditions: readonly DeploymentCondition[], type: string): DeploymentCondition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** The Deployment with a condition set in its status. */
export function withCondition(deployment: Deployment, condition: DeploymentCondition): Deployment {
  return { ...deployment, status: { ...deployment.status, conditions: setCondition(deployment.status.conditions ?? [], condition) } };
}
