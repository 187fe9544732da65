// Behaviour: k8s.io/kubernetes/pkg/registry/core/resourcequota.
import type { ResourceQuota } from "../../../api/generated/types/core/v1.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import { ageColumn, nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { roundResourceList } from "../shared/resource-list.ts";
import { statusOnly } from "../shared/status-only.ts";
import { validateQuotaStatus, validateResourceQuota, validateResourceQuotaUpdate } from "./resource-quota-validation.ts";

/** v1 resourcequotas. */
export const resourceQuotaResource = defineResource<ResourceQuota>({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  resource: "resourcequotas",
  singular: "resourcequota",
  shortNames: ["quota"],
  namespaced: true,
  type: "core.v1.ResourceQuota",
  tracksGeneration: false,
  validateName: nameIsDNSSubdomain,
  defaults({ spec, status }) {
    for (const list of [spec?.hard, status?.hard, status?.used]) roundResourceList(list);
  },
  prepareForCreate(quota) {
    quota.status = {};
  },
  prepareForUpdate(next, old) {
    next.status = old.status;
  },
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  warnings: (quota, old) => (old === undefined ? quotaWarnings(quota) : []),
  status: statusOnly(({ status }) => validateQuotaStatus(status)),
  columns: [
    nameColumn,
    textColumn("Request", "Request represents a minimum amount of cpu/memory that a container may consume.", (quota) => formatUsage(quota, false)),
    textColumn("Limit", "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.", (quota) => formatUsage(quota, true)),
    ageColumn,
  ],
});

/** "cpu: 1/2, pods: 0/3": what is used of what there is, of limits or of all else. */
function formatUsage({ status }: ResourceQuota, limits: boolean): string {
  const hard = Object.entries(status?.hard ?? {}).filter(([name]) => name.startsWith("limits.") === limits);
  return hard
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}: ${status?.used?.[name] ?? "0"}/${amount}`)
    .join(", ");
}

function quotaWarnings({ spec }: ResourceQuota): string[] {
  const hard = spec?.hard ?? {};
  return ["cpu", "memory", "storage", "ephemeral-storage"].flatMap((name) => {
    const bare = hard[`requests.${name}`] === undefined && (name === "cpu" || name === "memory");
    const [request, limit] = [bare ? name : `requests.${name}`, `limits.${name}`];
    const [requested, limited] = [hard[request], hard[limit]];
    if (requested === undefined || limited === undefined || parseQuantity(requested).cmp(parseQuantity(limited)) <= 0) return [];
    return [`ResourceQuota ${request} (${requested}) should be less than ${limit} (${limited})`];
  });
}
