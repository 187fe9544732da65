import type { Resource } from "../../resource.ts";
import { configMapResource } from "./config-map.ts";
import { endpointsResource } from "./endpoints.ts";
import { eventResource } from "./event.ts";
import { namespaceResource } from "./namespace.ts";
import { nodeResource } from "./node.ts";
import { podResource } from "./pod/pod.ts";
import { replicationControllerResource } from "./replication-controller.ts";
import { secretResource } from "./secret.ts";
import { serviceAccountResource } from "./service-account.ts";
import { serviceResource } from "./service/service.ts";

/** The resources of the core group. */
export const coreResources: readonly Resource[] = [
  configMapResource,
  endpointsResource,
  eventResource,
  namespaceResource,
  nodeResource,
  podResource,
  replicationControllerResource,
  secretResource,
  serviceAccountResource,
  serviceResource,
];
