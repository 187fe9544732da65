import type { Resource } from "../../resource.ts";
import { podDisruptionBudgetResource } from "./pod-disruption-budget.ts";

/** The resources of the group policy. */
export const policyResources: readonly Resource[] = [podDisruptionBudgetResource];
