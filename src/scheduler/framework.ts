// Behaviour: pkg/scheduler/framework: filters say which nodes can take a pod, scores say which of them is best.
import type { Namespace, PersistentVolume, PersistentVolumeClaim } from "../api/generated/types/core/v1.ts";
import type { StorageClass } from "../api/generated/types/storage/v1.ts";
import type { NodeState, PodFacts } from "./node-state.ts";

/** The cluster at the moment of one decision. */
export interface Snapshot {
  readonly nodes: readonly NodeState[];
  readonly namespaces: { get(name: string): Namespace | undefined };
  readonly volumes: VolumeLookup;
}

/** Reads claims, volumes and classes. */
export interface VolumeLookup {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
}

/** What happens in the cluster that may make room for a pod that did not fit. */
export type ClusterEvent = "NodeAdd" | "NodeUpdate" | "AssignedPodAdd" | "AssignedPodUpdate" | "AssignedPodDelete" | "VolumeChange" | "NamespaceUpdate";

/** Why a node cannot take the pod; `resolvable` when removing other pods could help. */
export interface Rejection {
  readonly reasons: readonly string[];
  readonly resolvable: boolean;
}

/** The pod can go nowhere, whatever the nodes. */
export class PodRejected extends Error {
  override readonly name = "PodRejected";
  /** The filter that rejected the pod. */
  readonly filter: string;

  constructor(filter: string, message: string) {
    super(message);
    this.filter = filter;
  }
}

/** One rule for where pods may run. */
export interface Filter {
  readonly name: string;
  /** The events after which a pod that this filter rejected is tried again. */
  readonly events: readonly ClusterEvent[];
  /** Looks at pod and cluster once; the result then judges node after node. Throws PodRejected. Undefined: the rule does not concern the pod. */
  prepare(pod: PodFacts, snapshot: Snapshot): ((node: NodeState) => Rejection | undefined) | undefined;
}

/** One wish for where pods should run: scores of the nodes, each 0 to 100; undefined when it has no opinion. */
export interface Scorer {
  readonly name: string;
  readonly weight: number;
  score(pod: PodFacts, nodes: readonly NodeState[], snapshot: Snapshot): readonly number[] | undefined;
}

/** A rejection that removing pods may or may not resolve. */
export function reject(reason: string | readonly string[], resolvable: boolean): Rejection {
  return { reasons: typeof reason === "string" ? [reason] : reason, resolvable };
}
