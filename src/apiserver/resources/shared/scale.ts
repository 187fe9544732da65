// Behaviour: the ScaleREST types of k8s.io/kubernetes/pkg/registry: replica counts of workloads.
import type { LabelSelector } from "../../../api/generated/types/meta/v1.ts";
import { labelSelector } from "../../../api/label-selector.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { ScaleStrategy } from "../../resource.ts";

interface Scalable extends KubernetesObject {
  spec: { replicas?: number };
  status: { replicas?: number };
}

/** The scale of a workload whose pods a label selector finds. */
export function scaleOf<T extends Scalable>(selector: (object: T) => LabelSelector | undefined): ScaleStrategy<T> {
  return {
    get: (object) => ({
      replicas: object.spec.replicas ?? 0,
      statusReplicas: object.status.replicas ?? 0,
      selector: labelSelector(selector(object) ?? {}).toString(),
    }),
    set(object, replicas) {
      object.spec.replicas = replicas;
    },
  };
}
