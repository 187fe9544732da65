import type { Resource } from "../../resource.ts";
import { controllerRevisionResource } from "./controller-revision.ts";
import { daemonSetResource } from "./daemon-set.ts";
import { deploymentResource } from "./deployment.ts";
import { replicaSetResource } from "./replica-set.ts";
import { statefulSetResource } from "./stateful-set.ts";

/** The resources of the group apps. */
export const appsResources: readonly Resource[] = [controllerRevisionResource, daemonSetResource, deploymentResource, replicaSetResource, statefulSetResource];
