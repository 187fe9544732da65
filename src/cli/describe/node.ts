// Behaviour: k8s.io/kubectl/pkg/describe (NodeDescriber).
import { isForbidden } from "../../api/errors.ts";
import type { Lease } from "../../api/generated/types/coordination/v1.ts";
import type { Node, Pod, Taint } from "../../api/generated/types/core/v1.ts";
import type { ResourceSlice } from "../../api/generated/types/resource/v1.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { type ResourceRef, leases, pods } from "../../api/resource-refs.ts";
import { messageOf } from "../errors.ts";
import { type RelatedReader, defineDescriber } from "./describer.ts";
import { type Description, longTime } from "./description.ts";
import { describeNodeLoad } from "./node-load.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const resourceSlices: ResourceRef<ResourceSlice> = { group: "resource.k8s.io", version: "v1", resource: "resourceslices", kind: "ResourceSlice", namespaced: false };
const SHOWN_POOLS = 10;

/** What is shown with a node. */
interface NodeSurroundings {
  /** Undefined when the user may not see them. */
  readonly pods: Pod[] | undefined;
  /** The lease, or why it could not be read. */
  readonly lease: Lease | string;
  readonly slices: ResourceSlice[];
}

/** Describes a node. */
export const nodeDescriber = defineDescriber<Node, NodeSurroundings>({
  async gather({ metadata }, reader) {
    const name = metadata.name ?? "";
    return {
      pods: await podsOf(name, reader),
      lease: await reader.get(leases, "kube-node-lease", name).catch((error: unknown) => messageOf(error)),
      slices: await reader.list(resourceSlices, "", { fieldSelector: `spec.nodeName=${name}` }).catch(() => []),
    };
  },
  describe(node, { pods: present, lease, slices }, to) {
    const { metadata, spec, status } = node;
    to.field(0, "Name", metadata.name);
    to.field(0, "Roles", rolesOf(metadata.labels).join(",") || "<none>");
    to.labels("Labels", metadata.labels);
    to.annotations("Annotations", metadata.annotations);
    to.field(0, "CreationTimestamp", longTime(metadata.creationTimestamp));
    to.multiline("Taints", (spec.taints ?? []).toSorted((a, b) => (taintKey(a) < taintKey(b) ? -1 : 1)).map(taintText));
    to.field(0, "Unschedulable", spec.unschedulable === true);
    describeLease(lease, to);
    describeConditions(node, to);
    to.write(0, "Addresses:\n");
    for (const { type, address } of status.addresses ?? []) to.field(1, type, address);
    describeAmounts("Capacity", status.capacity, to);
    describeAmounts("Allocatable", status.allocatable, to);
    describeSlices(slices, to);
    describeSystem(node, to);
    if (spec.podCIDR) to.field(0, "PodCIDR", spec.podCIDR);
    if (spec.podCIDRs?.length) to.field(0, "PodCIDRs", spec.podCIDRs.join(","));
    if (spec.providerID) to.field(0, "ProviderID", spec.providerID);
    if (present === undefined) to.write(0, "Pods:\tnot authorized\n");
    else describeNodeLoad(node, present, to);
  },
  eventSubjects: ({ kind, metadata }) => [
    { kind, uid: metadata.uid },
    { kind, uid: metadata.name },
  ],
});

async function podsOf(name: string, reader: RelatedReader): Promise<Pod[] | undefined> {
  try {
    return await reader.list(pods, "", { fieldSelector: `spec.nodeName=${name},status.phase!=Failed,status.phase!=Succeeded` });
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function rolesOf(labels: Readonly<Record<string, string>> | undefined): string[] {
  const roles = Object.entries(labels ?? {}).map(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX)) return key.slice(ROLE_PREFIX.length);
    return key === "kubernetes.io/role" ? value : "";
  });
  return [...new Set(roles.filter((role) => role !== ""))].sort();
}

function taintKey({ key, effect }: Taint): string {
  return `${effect},${key}`;
}

function taintText({ key, value, effect }: Taint): string {
  const start = value ? `${key}=${value}` : key;
  return effect ? `${start}:${effect}` : start;
}

function describeLease(lease: Lease | string, to: Description): void {
  if (typeof lease === "string") {
    to.field(0, "Lease", `Failed to get lease: ${lease}`);
    return;
  }
  const { holderIdentity, acquireTime, renewTime } = lease.spec ?? {};
  to.write(0, "Lease:\n");
  to.field(1, "HolderIdentity", holderIdentity ?? "<unset>");
  to.field(1, "AcquireTime", acquireTime ? longTime(acquireTime) : "<unset>");
  to.field(1, "RenewTime", renewTime ? longTime(renewTime) : "<unset>");
}

function describeConditions({ status }: Node, to: Description): void {
  if (!status.conditions?.length) return;
  to.write(0, "Conditions:\n");
  to.row(1, "Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message");
  to.row(1, "----", "------", "-----------------", "------------------", "------", "-------");
  for (const { type, status: state, lastHeartbeatTime, lastTransitionTime, reason, message } of status.conditions) {
    to.write(1, `${type} \t${state} \t${longTime(lastHeartbeatTime)} \t${longTime(lastTransitionTime)} \t${reason ?? ""} \t${message ?? ""}\n`);
  }
}

function describeAmounts(title: string, amounts: Readonly<Record<string, string>> | undefined, to: Description): void {
  const names = Object.keys(amounts ?? {}).sort();
  if (names.length > 0) to.write(0, `${title}:\n`);
  for (const name of names) to.field(1, name, parseQuantity(amounts?.[name] ?? "0"));
}

function describeSlices(slices: readonly ResourceSlice[], to: Description): void {
  const pools = new Map<string, { driver: string; pool: string; slices: number; devices: number }>();
  for (const { spec } of slices) {
    const key = `${spec.driver}/${spec.pool.name}`;
    const entry = pools.get(key) ?? { driver: spec.driver, pool: spec.pool.name, slices: 0, devices: 0 };
    pools.set(key, { ...entry, slices: entry.slices + 1, devices: entry.devices + (spec.devices?.length ?? 0) });
  }
  if (pools.size === 0) return;
  to.write(0, "Node-Local ResourceSlices:\n");
  to.header(1, "Driver", "Pool", "Slices", "Devices");
  const sorted = [...pools.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  for (const { driver, pool, slices: count, devices } of sorted.slice(0, SHOWN_POOLS)) to.row(1, driver, pool, count, devices);
  if (sorted.length > SHOWN_POOLS) to.write(1, `...and ${sorted.length - SHOWN_POOLS} more pools\n`);
}

function describeSystem({ status }: Node, to: Description): void {
  const info = status.nodeInfo;
  to.write(0, "System Info:\n");
  to.field(1, "Machine ID", info?.machineID);
  to.field(1, "System UUID", info?.systemUUID);
  to.field(1, "Boot ID", info?.bootID);
  to.field(1, "Kernel Version", info?.kernelVersion);
  to.field(1, "OS Image", info?.osImage);
  to.field(1, "Operating System", info?.operatingSystem);
  to.field(1, "Architecture", info?.architecture);
  to.field(1, "Container Runtime Version", info?.containerRuntimeVersion);
  to.field(1, "Kubelet Version", info?.kubeletVersion);
  to.field(1, "Kube-Proxy Version", info?.kubeProxyVersion);
}
