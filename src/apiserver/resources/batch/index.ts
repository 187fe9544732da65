import type { Resource } from "../../resource.ts";
import { cronJobResource } from "./cron-job.ts";
import { jobResource } from "./job.ts";

/** The resources of the group batch. */
export const batchResources: readonly Resource[] = [cronJobResource, jobResource];
