import type { Resource } from "../../resource.ts";
import { flowSchemaResource } from "./flow-schema.ts";
import { priorityLevelConfigurationResource } from "./priority-level-configuration.ts";

/** The resources of the group flowcontrol.apiserver.k8s.io. */
export const flowcontrolResources: readonly Resource[] = [flowSchemaResource, priorityLevelConfigurationResource];
