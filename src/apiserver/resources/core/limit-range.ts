// Behaviour: k8s.io/kubernetes/pkg/registry/core/limitrange and SetDefaults_LimitRangeItem in pkg/apis/core/v1/defaults.go.
import type { LimitRange, LimitRangeItem } from "../../../api/generated/types/core/v1.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { roundResourceList } from "../shared/resource-list.ts";
import { validateLimitRange } from "./limit-range-validation.ts";

/** v1 limitranges. */
export const limitRangeResource = defineResource<LimitRange>({
  group: "",
  version: "v1",
  kind: "LimitRange",
  resource: "limitranges",
  singular: "limitrange",
  shortNames: ["limits"],
  namespaced: true,
  type: "core.v1.LimitRange",
  allowCreateOnUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults({ spec }) {
    for (const limit of spec.limits ?? []) {
      if (limit.type === "Container") defaultContainerLimit(limit);
      for (const list of [limit.max, limit.min, limit.default, limit.defaultRequest, limit.maxLimitRequestRatio]) roundResourceList(list);
    }
  },
  prepareForCreate({ metadata }, { ids }) {
    metadata.name ||= ids.uid();
  },
  validate: validateLimitRange,
});

/** A container's limit is by default the most it may be, and its request is its limit, or else the least it may be. */
function defaultContainerLimit(limit: LimitRangeItem): void {
  const limits = { ...limit.max, ...limit.default };
  const requests = { ...limit.min, ...limits, ...limit.defaultRequest };
  if (Object.keys(limits).length > 0) limit.default = limits;
  if (Object.keys(requests).length > 0) limit.defaultRequest = requests;
}
