// Behaviour: pkg/controller/tainteviction: pods leave nodes with NoExecute taints that they do not tolerate, or only for a time.
import type { Node, Pod, Taint, Toleration } from "../../api/generated/types/core/v1.ts";
import { semanticEqual } from "../../api/equality.ts";
import { isNotFound } from "../../api/errors.ts";
import { nodes, pods } from "../../api/resource-refs.ts";
import { tolerates } from "../../api/taints.ts";
import type { EventRecorder } from "../../client/event-recorder.ts";
import type { Informer } from "../../client/informer.ts";
import { podsByNode } from "../indexes.ts";
import { deleteDisrupted } from "../pod-disruption.ts";
import type { Controller, ControllerContext, ReconcileResult } from "../runtime.ts";
import { keyOf, ownKey, watch } from "../runtime.ts";

/** Deletes pods from nodes that they must leave. */
export function createTaintEvictionController(context: ControllerContext): Controller {
  const loop = new TaintEvictionLoop(context);
  return {
    name: "taint-eviction-controller",
    watches: [
      watch(pods, ownKey, ({ object, previous }) => previous?.spec.nodeName !== object.spec.nodeName || !semanticEqual(previous?.spec.tolerations, object.spec.tolerations)),
      watch(nodes, (node) => loop.keysOfNode(node), ({ object, previous }) => !semanticEqual(previous?.spec.taints, object.spec.taints)),
    ],
    reconcile: (key) => loop.reconcile(key),
  };
}

class TaintEvictionLoop {
  private readonly context: ControllerContext;
  private readonly events: EventRecorder;
  private readonly nodes: Informer<Node>;
  private readonly pods: Informer<Pod>;
  /** When each pod was first seen to stand under taints. */
  private readonly since = new Map<string, number>();

  constructor(context: ControllerContext) {
    this.context = context;
    this.events = context.events("taint-eviction-controller");
    this.nodes = context.informers.informer(nodes);
    this.pods = podsByNode(context.informers);
  }

  keysOfNode({ metadata: { name = "" } }: Node): string[] {
    return this.pods.indexed("node", name).map(keyOf);
  }

  async reconcile(key: string): Promise<ReconcileResult | void> {
    const pod = this.pods.get(key);
    const taints = (this.nodes.get(pod?.spec.nodeName ?? "")?.spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
    const stay = pod === undefined || taints.length === 0 ? Infinity : secondsToStay(taints, pod.spec.tolerations ?? []);
    if (pod === undefined || stay === Infinity || pod.metadata.deletionTimestamp !== undefined) {
      const wasMarked = this.since.delete(key);
      if (wasMarked && pod !== undefined && pod.metadata.deletionTimestamp === undefined) {
        this.events.event(pod, "Normal", "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
      }
      return;
    }
    const now = this.context.clock.now();
    const since = this.since.get(key) ?? now;
    this.since.set(key, since);
    const remaining = since + stay * 1000 - now;
    if (remaining > 0) return { requeueAfterMs: remaining };
    this.events.event(pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${key}`);
    const reason = { reason: "DeletionByTaintManager", message: "Taint manager: deleting due to NoExecute taint" };
    await deleteDisrupted(this.context, pod, reason).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

/** 0 when a taint is not tolerated, Infinity when all are for good, else the shortest time for which they are. */
function secondsToStay(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  let shortest = Infinity;
  for (const taint of taints) {
    const covering = tolerations.filter((toleration) => tolerates(toleration, taint));
    if (covering.length === 0) return 0;
    for (const { tolerationSeconds } of covering) if (tolerationSeconds !== undefined) shortest = Math.min(shortest, Math.max(0, tolerationSeconds));
  }
  return shortest;
}
