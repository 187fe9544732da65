// Behaviour: pkg/scheduler/framework/plugins: nodename, nodeunschedulable, tainttoleration, nodeaffinity, nodeports.
import { tolerates } from "../../api/taints.ts";
import { matchesNodeAffinity, untoleratedTaint } from "../node-matching.ts";
import { portsConflict } from "../node-state.ts";
import type { Filter } from "../framework.ts";
import { reject } from "../framework.ts";

/** Keeps pods off nodes that are cordoned, but for those that tolerate it. */
export const nodeUnschedulable: Filter = {
  name: "NodeUnschedulable",
  events: ["NodeAdd", "NodeUpdate"],
  prepare({ pod }) {
    const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    if ((pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint))) return undefined;
    return ({ node }) => (node?.spec.unschedulable === true ? reject("node(s) were unschedulable", false) : undefined);
  },
};

/** Keeps pods that name a node to that node. */
export const nodeName: Filter = {
  name: "NodeName",
  events: ["NodeAdd"],
  prepare({ pod }) {
    const wanted = pod.spec.nodeName ?? "";
    if (wanted === "") return undefined;
    return ({ name }) => (name === wanted ? undefined : reject("node(s) didn't match the requested node name", false));
  },
};

/** Keeps pods off nodes with taints that they do not tolerate. */
export const taintToleration: Filter = {
  name: "TaintToleration",
  events: ["NodeAdd", "NodeUpdate"],
  prepare:
    ({ pod }) =>
    ({ node }) =>
      untoleratedTaint(node?.spec.taints, pod.spec.tolerations, ["NoSchedule", "NoExecute"]) === undefined
        ? undefined
        : reject("node(s) had untolerated taint(s)", false),
};

/** Keeps pods to nodes that their nodeSelector and node affinity match. */
export const nodeAffinity: Filter = {
  name: "NodeAffinity",
  events: ["NodeAdd", "NodeUpdate"],
  prepare({ pod }) {
    if (pod.spec.nodeSelector === undefined && pod.spec.affinity?.nodeAffinity === undefined) return undefined;
    return ({ node }) =>
      node !== undefined && matchesNodeAffinity(pod, node) ? undefined : reject("node(s) didn't match Pod's node affinity/selector", false);
  },
};

/** Gives a host port to one pod only. */
export const nodePorts: Filter = {
  name: "NodePorts",
  events: ["NodeAdd", "NodeUpdate", "AssignedPodDelete"],
  prepare({ hostPorts }) {
    if (hostPorts.length === 0) return undefined;
    return (state) => {
      const taken = [...state.pods.values()].some((other) => other.hostPorts.some((held) => hostPorts.some((port) => portsConflict(held, port))));
      return taken ? reject("node(s) didn't have free ports for the requested pod ports", true) : undefined;
    };
  },
};
