// Behaviour: pkg/controller/nodelifecycle: watches the heartbeats of nodes, and tells of those that fall silent.
import type { Lease } from "../../api/generated/types/coordination/v1.ts";
import type { Node, Pod } from "../../api/generated/types/core/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { isNotFound } from "../../api/errors.ts";
import { leases, nodes, pods } from "../../api/resource-refs.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import type { Informer } from "../../client/informer.ts";
import { formatTime } from "../../util/clock.ts";
import { podsByNode } from "../indexes.ts";
import { podCondition } from "../../api/pod-conditions.ts";
import type { Controller, ControllerContext, ReconcileResult } from "../runtime.ts";
import { watch } from "../runtime.ts";
import { nodeCondition, unknownConditions, wantedTaints } from "./node-conditions.ts";

const LEASE_NAMESPACE = "kube-node-lease";
/** How long a node may be silent. */
const MONITOR_GRACE_MS = 50_000;
/** How long a new node may take to say anything. */
const STARTUP_GRACE_MS = 60_000;

interface Heartbeat {
  readonly sign: string;
  readonly heardAt: number;
}

/** Keeps conditions and taints of nodes in step with their heartbeats. */
export function createNodeLifecycleController(context: ControllerContext): Controller {
  const loop = new NodeLifecycleLoop(context);
  return {
    name: "node-lifecycle-controller",
    watches: [
      watch(nodes, ({ metadata: { name = "" } }) => [name]),
      watch(leases, ({ metadata: { name = "" } }) => [name], ({ object }) => object.metadata.namespace === LEASE_NAMESPACE),
    ],
    reconcile: (name) => loop.reconcile(name),
  };
}

class NodeLifecycleLoop {
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly nodes: Informer<Node>;
  private readonly leases: Informer<Lease>;
  private readonly pods: Informer<Pod>;
  private readonly heartbeats = new Map<string, Heartbeat>();

  constructor(context: ControllerContext) {
    this.context = context;
    this.events = context.events("node-controller");
    this.nodes = context.informers.informer(nodes);
    this.leases = context.informers.informer(leases);
    this.pods = podsByNode(context.informers);
  }

  async reconcile(name: string): Promise<ReconcileResult | void> {
    const node = this.nodes.get(name);
    if (node === undefined) return void this.heartbeats.delete(name);
    if (!this.heartbeats.has(name)) this.events.event(node, "Normal", "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
    const remaining = this.timeLeft(node);
    const current = remaining > 0 ? node : await this.markUnknown(node);
    const taints = wantedTaints(current, this.context.clock.now());
    if (!semanticEqual(taints, current.spec.taints)) {
      await this.context.client.resource(nodes).update({ ...current, spec: { ...current.spec, taints } });
    }
    if (nodeCondition(current, "Ready")?.status === "False") await this.markPodsNotReady(name);
    return { requeueAfterMs: remaining > 0 ? remaining : MONITOR_GRACE_MS };
  }

  /** Milliseconds until the node has been silent for too long. */
  private timeLeft(node: Node): number {
    const { name = "" } = node.metadata;
    const ready = nodeCondition(node, "Ready");
    const sign = `${this.leases.get(`${LEASE_NAMESPACE}/${name}`)?.spec.renewTime ?? ""} ${ready?.lastHeartbeatTime ?? ""}`;
    const now = this.context.clock.monotonic();
    let heartbeat = this.heartbeats.get(name);
    if (heartbeat?.sign !== sign) this.heartbeats.set(name, (heartbeat = { sign, heardAt: now }));
    return heartbeat.heardAt + (ready === undefined ? STARTUP_GRACE_MS : MONITOR_GRACE_MS) - now;
  }

  private async markUnknown(node: Node): Promise<Node> {
    const wasReady = nodeCondition(node, "Ready")?.status === "True";
    const conditions = unknownConditions(node, this.context.clock.now());
    if (semanticEqual(conditions, node.status.conditions)) return node;
    const { name = "" } = node.metadata;
    const updated = await this.context.client.resource(nodes).updateStatus({ ...node, status: { ...node.status, conditions } });
    if (wasReady) this.events.event(node, "Normal", "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
    await this.markPodsNotReady(name);
    return updated;
  }

  private async markPodsNotReady(node: string): Promise<void> {
    for (const pod of this.pods.indexed("node", node)) {
      const ready = podCondition(pod, "Ready");
      if (ready?.status !== "True") continue;
      const condition = { ...ready, status: "False", lastTransitionTime: formatTime(this.context.clock.now()) };
      const conditions = (pod.status.conditions ?? []).map((each) => (each === ready ? condition : each));
      try {
        await this.context.client.resource(pods, pod.metadata.namespace).updateStatus({ ...pod, status: { ...pod.status, conditions } });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        continue;
      }
      this.events.event(pod, "Warning", "NodeNotReady", "Node is not ready");
    }
  }
}
