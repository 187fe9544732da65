// Behaviour: pkg/kubelet/nodestatus/setters.go: what a node says of itself.
import type { Node, NodeCondition, NodeStatus } from "../api/generated/types/core/v1.ts";
import { formatTime } from "../util/clock.ts";
import type { ImageInfo } from "./images.ts";

/** The part of `docker info` that is used. */
export interface EngineInfo {
  readonly ID: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly KernelVersion: string;
  readonly OperatingSystem: string;
  readonly OSType: string;
  readonly Architecture: string;
  readonly ServerVersion: string;
}

/** The version that the kubelet says it has. */
export const KUBELET_VERSION = "v1.36.2";

const MAX_PODS = "110";
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };
/** A node lists no more images than that. */
const MAX_IMAGES = 50;

/** What a node is made from. */
export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  readonly podCIDR: string;
  readonly engine: EngineInfo;
  readonly ephemeralStorageBytes: number;
  readonly images: readonly Pick<ImageInfo, "names" | "size">[];
}

/** Go's name of the engine's architecture. */
export function nodeArchitecture(engine: EngineInfo): string {
  return ARCHITECTURES[engine.Architecture] ?? engine.Architecture;
}

/** The Node object of a new node. */
export function newNode(facts: NodeFacts, now: number): Node {
  const arch = nodeArchitecture(facts.engine);
  const os = facts.engine.OSType;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: facts.name,
      labels: { "beta.kubernetes.io/arch": arch, "beta.kubernetes.io/os": os, "kubernetes.io/arch": arch, "kubernetes.io/hostname": facts.name, "kubernetes.io/os": os },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    spec: { podCIDR: facts.podCIDR, podCIDRs: [facts.podCIDR] },
    status: nodeStatus(facts, [], now),
  };
}

/** The node's status; conditions keep the time of their last change. */
export function nodeStatus(facts: NodeFacts, previous: readonly NodeCondition[], now: number): NodeStatus {
  const { engine } = facts;
  const capacity = {
    cpu: String(engine.NCPU),
    "ephemeral-storage": `${Math.floor(facts.ephemeralStorageBytes / 1024)}Ki`,
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: `${Math.floor(engine.MemTotal / 1024)}Ki`,
    pods: MAX_PODS,
  };
  return {
    addresses: [
      { type: "InternalIP", address: facts.address },
      { type: "Hostname", address: facts.name },
    ],
    allocatable: capacity,
    capacity,
    conditions: conditions(previous, now),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: facts.images.slice(0, MAX_IMAGES).map(({ names, size }) => ({ names: [...names], sizeBytes: size })),
    nodeInfo: {
      architecture: nodeArchitecture(engine),
      bootID: engine.ID,
      containerRuntimeVersion: `docker://${engine.ServerVersion}`,
      kernelVersion: engine.KernelVersion,
      kubeProxyVersion: "",
      kubeletVersion: KUBELET_VERSION,
      machineID: engine.ID,
      operatingSystem: engine.OSType,
      osImage: engine.OperatingSystem,
      systemUUID: engine.ID,
    },
  };
}

const HEALTHY: readonly (readonly [type: string, status: string, reason: string, message: string])[] = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
];

function conditions(previous: readonly NodeCondition[], now: number): NodeCondition[] {
  const time = formatTime(now);
  return HEALTHY.map(([type, status, reason, message]) => {
    const old = previous.find((condition) => condition.type === type);
    return { type, status, lastHeartbeatTime: time, lastTransitionTime: old?.status === status ? old.lastTransitionTime : time, reason, message };
  });
}
