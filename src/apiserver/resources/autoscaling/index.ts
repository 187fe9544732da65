import type { Resource } from "../../resource.ts";
import { autoscalerResource, autoscalerV1Resource } from "./autoscaler.ts";

/** The resources of the group autoscaling, its preferred version first. */
export const autoscalingResources: readonly Resource[] = [autoscalerResource, autoscalerV1Resource];
