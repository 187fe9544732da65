// Behaviour: k8s.io/kubernetes/pkg/registry/core/componentstatus.
import type { ComponentCondition, ComponentStatus } from "../../../api/generated/types/core/v1.ts";
import { nameColumn, textColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";

/** v1 componentstatuses, which can only be read. */
export const componentStatusResource = defineResource<ComponentStatus>({
  group: "",
  version: "v1",
  kind: "ComponentStatus",
  resource: "componentstatuses",
  singular: "componentstatus",
  shortNames: ["cs"],
  namespaced: false,
  verbs: ["get", "list"],
  type: "core.v1.ComponentStatus",
  validateName: nameIsDNSSubdomain,
  columns: [
    nameColumn,
    textColumn("Status", "Status of the component conditions", (status) => formatHealth(healthOf(status))),
    textColumn("Message", "Message of the component conditions", (status) => healthOf(status)?.message ?? ""),
    textColumn("Error", "Error of the component conditions", (status) => healthOf(status)?.error ?? ""),
  ],
});

function healthOf({ conditions = [] }: ComponentStatus): ComponentCondition | undefined {
  return conditions.find(({ type }) => type === "Healthy");
}

function formatHealth(condition: ComponentCondition | undefined): string {
  if (condition === undefined) return "Unknown";
  return condition.status === "True" ? "Healthy" : "Unhealthy";
}
