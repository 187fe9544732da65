// All resources that are built in, one array a group.
import type { Resource } from "../resource.ts";
import { appsResources } from "./apps/index.ts";
import { autoscalingResources } from "./autoscaling/index.ts";
import { batchResources } from "./batch/index.ts";
import { coordinationResources } from "./coordination/index.ts";
import { coreResources } from "./core/index.ts";
import { eventsResources } from "./events/index.ts";
import { policyResources } from "./policy/index.ts";

/** Every resource that the server has by itself. */
export const builtInResources: Resource[] = [...coreResources, ...appsResources, ...autoscalingResources, ...batchResources, ...coordinationResources, ...eventsResources, ...policyResources];
