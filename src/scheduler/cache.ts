// Behaviour: pkg/scheduler/backend/cache: nodes and their pods as the scheduler sees them, ahead of the API by what it has decided.
import type { Node, Pod } from "../api/generated/types/core/v1.ts";
import { NodeState, podFacts } from "./node-state.ts";
import type { PodFacts } from "./node-state.ts";

/** The scheduler's own view of all nodes. */
export class SchedulerCache {
  private readonly states = new Map<string, NodeState>();
  private readonly nodeOfPod = new Map<string, string>();
  private readonly assumed = new Set<string>();

  /** The nodes that exist. */
  nodes(): NodeState[] {
    return [...this.states.values()].filter((state) => state.node !== undefined);
  }

  setNode(node: Node): void {
    this.state(node.metadata.name ?? "").setNode(node);
  }

  removeNode(name: string): void {
    const state = this.states.get(name);
    state?.setNode(undefined);
    this.dropIfUnused(name);
  }

  /** Counts a pod that the API says is on a node; it takes the place of the assumption. */
  setPod(pod: Pod): void {
    const facts = podFacts(pod);
    this.place(facts, pod.spec.nodeName ?? "");
    this.assumed.delete(facts.uid);
  }

  /** Counts a pod on the node that was chosen for it, before the API has said so. */
  assume(facts: PodFacts, node: string): void {
    this.place(facts, node);
    this.assumed.add(facts.uid);
  }

  /** Takes an assumption back; a pod that the API has confirmed stays. */
  forget(uid: string): void {
    if (this.assumed.has(uid)) this.removePod(uid);
  }

  isAssumed(uid: string): boolean {
    return this.assumed.has(uid);
  }

  removePod(uid: string): void {
    const name = this.nodeOfPod.get(uid);
    this.assumed.delete(uid);
    if (name === undefined) return;
    this.nodeOfPod.delete(uid);
    this.states.get(name)?.removePod(uid);
    this.dropIfUnused(name);
  }

  private place(facts: PodFacts, node: string): void {
    if (this.nodeOfPod.get(facts.uid) !== node) this.removePod(facts.uid);
    this.state(node).addPod(facts);
    this.nodeOfPod.set(facts.uid, node);
  }

  private state(name: string): NodeState {
    let state = this.states.get(name);
    if (state === undefined) this.states.set(name, (state = new NodeState(name)));
    return state;
  }

  private dropIfUnused(name: string): void {
    const state = this.states.get(name);
    if (state !== undefined && state.node === undefined && state.pods.size === 0) this.states.delete(name);
  }
}
