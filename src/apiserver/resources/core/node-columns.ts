// Behaviour: printNode in k8s.io/kubernetes/pkg/printers/internalversion.
import type { Node } from "../../../api/generated/types/core/v1.ts";
import { ageColumn, type Columns, nameColumn, textColumn, wideColumn } from "../shared/columns.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";

/** The columns of nodes. */
export const nodeColumns: Columns<Node> = [
  nameColumn,
  textColumn("Status", "The status of the node", nodeStatus),
  textColumn("Roles", "The roles of the node", (node) => nodeRoles(node).join(",") || "<none>"),
  ageColumn,
  textColumn("Version", "Kubelet Version reported by the node.", (node) => node.status.nodeInfo?.kubeletVersion ?? ""),
  wideColumn("Internal-IP", "The address of the node within its network.", (node) => nodeAddress(node, "InternalIP")),
  wideColumn("External-IP", "The address of the node outside its network.", (node) => nodeAddress(node, "ExternalIP")),
  wideColumn("OS-Image", "OS Image reported by the node from /etc/os-release.", (node) => node.status.nodeInfo?.osImage || "<unknown>"),
  wideColumn("Kernel-Version", "Kernel Version reported by the node from 'uname -r'.", kernelVersion),
  wideColumn("Container-Runtime", "ContainerRuntime Version reported by the node.", (node) => node.status.nodeInfo?.containerRuntimeVersion || "<unknown>"),
];

function nodeStatus(node: Node): string {
  const ready = node.status.conditions?.findLast((condition) => condition.type === "Ready");
  const status = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return node.spec.unschedulable === true ? `${status},SchedulingDisabled` : status;
}

function nodeRoles(node: Node): string[] {
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return key.length > ROLE_PREFIX.length ? [key.slice(ROLE_PREFIX.length)] : [];
    return key === "kubernetes.io/role" && value !== "" ? [value] : [];
  });
  return [...new Set(roles)].sort();
}

function nodeAddress(node: Node, type: string): string {
  return node.status.addresses?.find((address) => address.type === type)?.address ?? "<none>";
}

function kernelVersion(node: Node): string {
  const { kernelVersion: version, architecture } = node.status.nodeInfo ?? { kernelVersion: "", architecture: "" };
  return `${version || "<unknown>"}${architecture ? ` (${architecture})` : ""}`;
}
