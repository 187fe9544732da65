import type { Resource } from "../../resource.ts";
import { bindingResource } from "./binding.ts";
import { componentStatusResource } from "./component-status.ts";
import { limitRangeResource } from "./limit-range.ts";
import { podTemplateResource } from "./pod-template.ts";
import { resourceQuotaResource } from "./resource-quota.ts";
import { persistentVolumeResource } from "./storage/persistent-volume.ts";
import { persistentVolumeClaimResource } from "./storage/persistent-volume-claim.ts";
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
  bindingResource,
  componentStatusResource,
  configMapResource,
  endpointsResource,
  eventResource,
  limitRangeResource,
  namespaceResource,
  nodeResource,
  persistentVolumeClaimResource,
  persistentVolumeResource,
  podResource,
  podTemplateResource,
  replicationControllerResource,
  resourceQuotaResource,
  secretResource,
  serviceAccountResource,
  serviceResource,
];
