// Behaviour: pkg/controller/podgc: removes pods that no kubelet will ever remove.
import { isNotFound } from "../api/errors.ts";
import { nodes, pods } from "../api/resource-refs.ts";
import { podsByNode } from "./indexes.ts";
import { deleteDisrupted } from "./pod-disruption.ts";
import { isPodTerminal } from "./pod-status.ts";
import type { Controller, ControllerContext, ReconcileResult } from "./runtime.ts";
import { keyOf, ownKey, watch } from "./runtime.ts";

/** A node that is gone may come back so soon; each pod waits its own while, so that none is removed as soon as it is made. */
const QUARANTINE_MS = 40_000;

/** Removes pods of nodes that are gone, and pods that were deleted before they had a node. */
export function createPodGarbageCollector(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const allPods = podsByNode(informers);
  const allNodes = informers.informer(nodes);
  /** When the node of each pod was first missed, by the pod's key. */
  const missed = new Map<string, { uid: string | undefined; since: number }>();
  return {
    name: "pod-garbage-collector-controller",
    watches: [
      watch(pods, ownKey, ({ type, object, previous }) => {
        const isNew = previous === undefined || previous.spec.nodeName !== object.spec.nodeName;
        return type !== "deleted" && (isNew || object.metadata.deletionTimestamp !== undefined);
      }),
      watch(nodes, ({ metadata: { name = "" } }) => allPods.indexed("node", name).map(keyOf), ({ type }) => type === "deleted"),
    ],
    async reconcile(key): Promise<ReconcileResult | void> {
      const pod = allPods.get(key);
      if (pod === undefined) return void missed.delete(key);
      const node = pod.spec.nodeName ?? "";
      try {
        if (node === "") {
          if (pod.metadata.deletionTimestamp === undefined) return;
          await client.resource(pods, pod.metadata.namespace).delete(pod.metadata.name ?? "", { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
          return;
        }
        if (allNodes.get(node) !== undefined) return void missed.delete(key);
        const { uid } = pod.metadata;
        const known = missed.get(key);
        const since = known !== undefined && known.uid === uid ? known.since : clock.now();
        missed.set(key, { uid, since });
        if (since + QUARANTINE_MS > clock.now()) return { requeueAfterMs: since + QUARANTINE_MS - clock.now() };
        const told = { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" };
        await deleteDisrupted(context, pod, told, { gracePeriodSeconds: 0, ...(!isPodTerminal(pod) && { phase: "Failed" }) });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
