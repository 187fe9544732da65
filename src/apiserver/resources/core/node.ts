// Behaviour: k8s.io/kubernetes/pkg/registry/core/node: its status can be set at creation, later only through the subresource.
import type { Node } from "../../../api/generated/types/core/v1.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { roundResourceList } from "../shared/resource-list.ts";
import { nodeColumns } from "./node-columns.ts";
import { validateNode, validateNodeUpdate } from "./node-validation.ts";

/** v1 nodes. */
export const nodeResource = defineResource<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  resource: "nodes",
  singular: "node",
  shortNames: ["no"],
  namespaced: false,
  type: "core.v1.Node",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec, status }) {
    if (status.allocatable === undefined && status.capacity !== undefined) status.allocatable = { ...status.capacity };
    roundResourceList(status.capacity);
    roundResourceList(status.allocatable);
    // podCIDR and podCIDRs say the same; the single one wins.
    if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
    else if (spec.podCIDRs?.[0] !== undefined) spec.podCIDR = spec.podCIDRs[0];
  },
  prepareForCreate(node) {
    delete node.spec.configSource;
    delete node.status.config;
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
    if (old.spec.configSource === undefined) delete next.spec.configSource;
  },
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  warnings: ({ spec }) => [
    ...(spec.configSource === undefined ? [] : ["spec.configSource: the feature is removed"]),
    ...(spec.externalID ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"] : []),
  ],
  status: {
    prepareForUpdate(next, old) {
      next.spec = old.spec;
      if (old.status.config === undefined) delete next.status.config;
    },
    validateUpdate: validateNodeUpdate,
  },
  selectableFields: { "spec.unschedulable": (node) => String(node.spec.unschedulable ?? false) },
  columns: nodeColumns,
});
