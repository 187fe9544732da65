import type { Resource } from "../../resource.ts";
import { priorityClassResource } from "./priority-class.ts";

/** The resources of the group scheduling.k8s.io. */
export const schedulingResources: readonly Resource[] = [priorityClassResource];
