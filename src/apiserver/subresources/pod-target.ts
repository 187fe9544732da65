// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/strategy.go LogLocation and streamLocation: which container, on which node.
import { badRequest, internalError, pathNotFound } from "../../api/errors.ts";
import type { Pod } from "../../api/generated/types/core/v1.ts";
import type { NodeConnection, PodReference } from "../../api/node-connection.ts";
import type { KubernetesObject } from "../../api/object.ts";
import type { Call } from "../call.ts";
import { getEntry } from "../handlers/read-handlers.ts";
import { sharedObject } from "../object-storage.ts";
import type { Resource } from "../resource.ts";

/** A pod as it is stored. */
export type StoredPod = Pod & KubernetesObject;

/** The record of pods, whatever path a call came by; throws a StatusError (404) in a server that has none. */
export function podsOf(call: Call): Resource {
  const pods = call.parts.resources.find("", "v1", "pods");
  if (pods === undefined) throw pathNotFound();
  return pods;
}

/** The pod that a call's path names; throws a StatusError (404). */
export function podOf(call: Call): StoredPod {
  return sharedObject(call.resource, getEntry(call, call.info.name)) as StoredPod;
}

/** A pod as kubelets know it. */
export function podReference({ metadata }: StoredPod): PodReference {
  return { namespace: metadata.namespace ?? "", name: metadata.name ?? "", uid: metadata.uid ?? "" };
}

/** The container meant by a parameter that may be absent; throws a StatusError (400). */
export function chooseContainer(pod: StoredPod, wanted: string): string {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((container) => container.name);
  const podName = pod.metadata.name ?? "";
  if (wanted !== "") {
    if (!names.includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${podName}`);
    return wanted;
  }
  const [only, ...others] = containers;
  if (only === undefined) throw badRequest(`a container name must be specified for pod ${podName}`);
  if (others.length > 0) throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${names.join(" ")}]`);
  return only.name;
}

/** The kubelet of a pod's node; throws a StatusError when the pod has no node, or the node no kubelet. */
export function connectionOf(call: Call, pod: StoredPod): NodeConnection {
  const node = pod.spec.nodeName ?? "";
  if (node === "") throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const connection = call.parts.nodeConnections(node);
  if (connection === undefined) throw internalError(`error dialing backend: no kubelet answers for node ${JSON.stringify(node)}`);
  return connection;
}
