// Behaviour: pkg/scheduler/apis/config (getDefaultPlugins): the filters in the order in which they judge a node.
import type { Filter } from "../framework.ts";
import { interPodAffinity } from "./inter-pod-affinity.ts";
import { nodeAffinity, nodeName, nodePorts, nodeUnschedulable, taintToleration } from "./node-filters.ts";
import { nodeResourcesFit } from "./resources-fit.ts";
import { podTopologySpread } from "./topology-spread.ts";
import { volumeBinding } from "./volumes.ts";

/** The filters of the default profile. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeBinding,
  podTopologySpread,
  interPodAffinity,
];
