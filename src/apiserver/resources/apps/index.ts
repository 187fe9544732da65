import type { Resource } from "../../resource.ts";
import { deploymentResource } from "./deployment.ts";
import { replicaSetResource } from "./replica-set.ts";

/** The resources of the group apps. */
export const appsResources: readonly Resource[] = [deploymentResource, replicaSetResource];
