// Behaviour: k8s.io/apiextensions-apiserver/pkg/apihelpers: what a definition's conditions say.
import type { CustomResourceDefinition } from "../../api/generated/types/apiextensions/v1.ts";

/** Whether a definition's condition of that type is True. */
export function conditionIsTrue({ status }: CustomResourceDefinition, type: string): boolean {
  return (status.conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
}
