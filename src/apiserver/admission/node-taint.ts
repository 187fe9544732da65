// Behaviour: k8s.io/kubernetes/plugin/pkg/admission/nodetaint: nothing is scheduled to a new node before it is ready.
import type { Node } from "../../api/generated/types/core/v1.ts";
import type { AdmissionStep } from "./admission.ts";

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** Taints new nodes; whoever sees them ready takes the taint away. */
export const nodeTaint: AdmissionStep = {
  name: "TaintNodesByCondition",
  mutate({ resource, subresource, operation, object }) {
    if (resource.group !== "" || resource.resource !== "nodes" || subresource !== "" || operation !== "CREATE" || object === undefined) return;
    const { spec } = object as unknown as Node;
    if ((spec.taints ?? []).some((taint) => taint.key === NOT_READY.key && taint.effect === NOT_READY.effect)) return;
    (spec.taints ??= []).push({ ...NOT_READY });
  },
};
