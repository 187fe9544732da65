// All resources that are built in, one array a group.
import type { Resource } from "../resource.ts";
import { admissionregistrationResources } from "./admissionregistration/index.ts";
import { apiextensionsResources } from "./apiextensions/index.ts";
import { apiregistrationResources } from "./apiregistration/index.ts";
import { appsResources } from "./apps/index.ts";
import { autoscalingResources } from "./autoscaling/index.ts";
import { batchResources } from "./batch/index.ts";
import { certificatesResources } from "./certificates/index.ts";
import { coordinationResources } from "./coordination/index.ts";
import { coreResources } from "./core/index.ts";
import { discoveryResources } from "./discovery/index.ts";
import { eventsResources } from "./events/index.ts";
import { flowcontrolResources } from "./flowcontrol/index.ts";
import { networkingResources } from "./networking/index.ts";
import { nodeResources } from "./node/index.ts";
import { policyResources } from "./policy/index.ts";
import { rbacResources } from "./rbac/index.ts";
import { resourceResources } from "./resource/index.ts";
import { schedulingResources } from "./scheduling/index.ts";
import { storageResources } from "./storage/index.ts";

/** Every resource that the server has by itself. */
export const builtInResources: Resource[] = [
  ...coreResources,
  ...admissionregistrationResources,
  ...apiextensionsResources,
  ...apiregistrationResources,
  ...appsResources,
  ...autoscalingResources,
  ...batchResources,
  ...certificatesResources,
  ...coordinationResources,
  ...discoveryResources,
  ...eventsResources,
  ...flowcontrolResources,
  ...networkingResources,
  ...nodeResources,
  ...policyResources,
  ...rbacResources,
  ...resourceResources,
  ...schedulingResources,
  ...storageResources,
];
