// Behaviour: k8s.io/kubernetes/pkg/registry/core/componentstatus: an old list of the control plane's parts, for those who still ask.
import { notFound } from "../../api/errors.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { Call } from "../call.ts";
import { type ServerResponse, objectBody } from "../message.ts";
import { respondList, respondObject } from "../respond.ts";
import type { Resource, TableColumn } from "../resource.ts";
import type { VirtualResource } from "./virtual-resource.ts";

interface ComponentStatus extends KubernetesObject {
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly message: string }[];
}

const COMPONENTS = ["controller-manager", "scheduler", "etcd-0"];

const column = (name: string, description: string, cell: (object: ComponentStatus) => string): TableColumn<KubernetesObject> => ({
  name,
  type: "string",
  description,
  priority: 0,
  cell: (object) => cell(object as ComponentStatus),
});

const record: Resource = {
  group: "",
  version: "v1",
  kind: "ComponentStatus",
  resource: "componentstatuses",
  singular: "componentstatus",
  namespaced: false,
  type: "core.v1.ComponentStatus",
  verbs: ["get", "list"],
  validateName: () => [],
  columns: [
    { ...column("Name", "The component's name.", ({ metadata }) => metadata.name ?? ""), format: "name" },
    column("Status", "Status of the component conditions", ({ conditions }) => (conditions[0]?.status === "True" ? "Healthy" : "Unhealthy")),
    column("Message", "Message of the component conditions", ({ conditions }) => conditions[0]?.message ?? ""),
    column("Error", "Error of the component conditions", () => ""),
  ],
};

/** v1 componentstatuses: all parts run in this process, so they are as healthy as the answer. */
export const componentStatuses: VirtualResource = {
  resource: record,
  async get(call: Call): Promise<ServerResponse> {
    const { name } = call.info;
    if (!COMPONENTS.includes(name)) throw notFound(record, name);
    return respondObject(call, 200, { object: statusOf(name) });
  },
  async list(call: Call): Promise<ServerResponse> {
    const items = COMPONENTS.map((name) => ({ object: () => statusOf(name), text: () => objectBody(statusOf(name)).text() }));
    return respondList(call, { resourceVersion: "", items });
  },
};

function statusOf(name: string): ComponentStatus {
  return { kind: "ComponentStatus", apiVersion: "v1", metadata: { name }, conditions: [{ type: "Healthy", status: "True", message: "ok" }] };
}
