// Behaviour: dockershim's naming and labels: what a container is can be read off it after any crash.
import { createHash } from "node:crypto";
import type { Container, Pod } from "../api/generated/types/core/v1.ts";

/** The labels that every Docker object of a cluster carries. */
export const Label = {
  cluster: "dev.skiff.cluster",
  node: "dev.skiff.node",
  podIP: "dev.skiff.pod-ip",
  podUid: "io.kubernetes.pod.uid",
  podName: "io.kubernetes.pod.name",
  podNamespace: "io.kubernetes.pod.namespace",
  container: "io.kubernetes.container.name",
  type: "io.kubernetes.docker.type",
  sandbox: "io.kubernetes.sandbox.id",
  attempt: "annotation.io.kubernetes.container.restartCount",
  hash: "annotation.io.kubernetes.container.hash",
} as const;

/** The container name that a pod's sandbox has. */
export const SANDBOX_NAME = "POD";

/** Which cluster and node a kubelet works for. */
export interface Ownership {
  readonly clusterId: string;
  readonly node: string;
}

/** The name of a container in Docker: unique by pod and attempt, so that two starts of the same one cannot both succeed. */
export function dockerName(pod: Pod, container: string, attempt: number): string {
  const { name = "", namespace = "", uid = "" } = pod.metadata;
  return ["k8s", container, name, namespace, uid, attempt].join("_");
}

/** The name of a container that is there, by its labels. */
export function dockerNameOf(record: { readonly labels: Readonly<Record<string, string>> }): string {
  const label = (name: string) => record.labels[name] ?? "";
  return ["k8s", label(Label.container), label(Label.podName), label(Label.podNamespace), label(Label.podUid), label(Label.attempt)].join("_");
}

/** The labels of one container of a pod, or of its sandbox. */
export function containerLabels(owner: Ownership, pod: Pod, container: string, attempt: number): Record<string, string> {
  return {
    [Label.cluster]: owner.clusterId,
    [Label.node]: owner.node,
    [Label.podUid]: pod.metadata.uid ?? "",
    [Label.podName]: pod.metadata.name ?? "",
    [Label.podNamespace]: pod.metadata.namespace ?? "",
    [Label.container]: container,
    [Label.type]: container === SANDBOX_NAME ? "podsandbox" : "container",
    [Label.attempt]: String(attempt),
  };
}

/** Changes when a running container has to be replaced because its spec did: its name or image. */
export function containerHash(container: Pick<Container, "name" | "image">): string {
  return createHash("sha256").update(JSON.stringify([container.name, container.image])).digest("hex").slice(0, 8);
}
