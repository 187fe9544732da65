// Indexes that several controllers need, so that a reconcile does not walk through every pod of the cluster.
import type { Pod } from "../api/generated/types/core/v1.ts";
import { pods } from "../api/resource-refs.ts";
import type { Informer, Informers } from "../client/informer.ts";
import { controllerOf } from "../api/owner-references.ts";

/** The informer of pods, with index "controller" (the uid of the controller) and "orphan" (the namespace of a pod without one). */
export function podsByController(informers: Informers): Informer<Pod> {
  const informer = informers.informer(pods);
  informer.addIndex("controller", (pod) => controllerOf(pod.metadata)?.uid);
  informer.addIndex("orphan", (pod) => (controllerOf(pod.metadata) === undefined ? pod.metadata.namespace : undefined));
  return informer;
}

/** The informer of pods, with index "node" (the node that they are on). */
export function podsByNode(informers: Informers): Informer<Pod> {
  const informer = informers.informer(pods);
  informer.addIndex("node", (pod) => pod.spec.nodeName || undefined);
  return informer;
}
