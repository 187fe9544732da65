// Behaviour: pkg/scheduler/framework (NodeInfo): a node and what runs on it, summed up.
import type { Node, Pod } from "../api/generated/types/core/v1.ts";
import type { Amounts } from "./pod-requests.ts";
import { nonZeroPodRequests, parseAmounts, podRequests } from "./pod-requests.ts";

/** A host port that a pod holds: protocol, address and port. */
export interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

/** A pod with what the scheduler derives from it once. */
export interface PodFacts {
  readonly pod: Pod;
  readonly uid: string;
  readonly priority: number;
  readonly requests: Amounts;
  readonly nonZeroRequests: Amounts;
  readonly hostPorts: readonly HostPort[];
}

const ALL_ADDRESSES = "0.0.0.0";

/** Derives what filters and scores need of a pod. */
export function podFacts(pod: Pod): PodFacts {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always")];
  const hostPorts = containers.flatMap((container) => container.ports ?? []).filter((port) => (port.hostPort ?? 0) > 0);
  return {
    pod,
    uid: pod.metadata.uid ?? "",
    priority: pod.spec.priority ?? 0,
    requests: podRequests(pod),
    nonZeroRequests: nonZeroPodRequests(pod),
    hostPorts: hostPorts.map(({ protocol = "TCP", hostIP, hostPort = 0 }) => ({ protocol, ip: hostIP || ALL_ADDRESSES, port: hostPort })),
  };
}

/** Whether two pods cannot hold these ports on one node. */
export function portsConflict(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ALL_ADDRESSES || b.ip === ALL_ADDRESSES);
}

/** One node with the pods on it, those assumed to be there included. */
export class NodeState {
  readonly name: string;
  readonly pods = new Map<string, PodFacts>();
  readonly requested = new Map<string, number>();
  readonly nonZeroRequested = new Map<string, number>();
  allocatable: Amounts = new Map();
  private currentNode: Node | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** The node; undefined while only pods are known that name it. */
  get node(): Node | undefined {
    return this.currentNode;
  }

  setNode(node: Node | undefined): void {
    this.currentNode = node;
    this.allocatable = parseAmounts(node?.status.allocatable);
  }

  get labels(): Readonly<Record<string, string>> {
    return this.currentNode?.metadata.labels ?? {};
  }

  addPod(facts: PodFacts): void {
    this.removePod(facts.uid);
    this.pods.set(facts.uid, facts);
    this.count(facts, 1);
  }

  removePod(uid: string): void {
    const facts = this.pods.get(uid);
    if (facts === undefined) return;
    this.pods.delete(uid);
    this.count(facts, -1);
  }

  /** A copy to try changes on. */
  clone(): NodeState {
    const copy = new NodeState(this.name);
    copy.setNode(this.currentNode);
    for (const facts of this.pods.values()) copy.addPod(facts);
    return copy;
  }

  private count(facts: PodFacts, sign: 1 | -1): void {
    for (const [name, amount] of facts.requests) this.requested.set(name, (this.requested.get(name) ?? 0) + sign * amount);
    for (const [name, amount] of facts.nonZeroRequests) this.nonZeroRequested.set(name, (this.nonZeroRequested.get(name) ?? 0) + sign * amount);
  }
}
