// Behaviour: k8s.io/kubernetes/plugin/pkg/admission/defaulttolerationseconds: pods stay for a while on nodes that fail.
import type { Pod, Toleration } from "../../api/generated/types/core/v1.ts";
import type { AdmissionStep } from "./admission.ts";

const TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const SECONDS = 300;

/** Lets pods that say nothing about it tolerate a node's failure for five minutes. */
export const defaultTolerationSeconds: AdmissionStep = {
  name: "DefaultTolerationSeconds",
  mutate({ resource, subresource, operation, object }) {
    if (resource.group !== "" || resource.resource !== "pods" || subresource !== "" || object === undefined) return;
    if (operation !== "CREATE" && operation !== "UPDATE") return;
    const { spec } = object as unknown as Pod;
    for (const key of TAINTS) {
      if ((spec.tolerations ?? []).some((toleration) => tolerates(toleration, key))) continue;
      (spec.tolerations ??= []).push({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: SECONDS });
    }
  },
};

function tolerates(toleration: Toleration, key: string): boolean {
  const forKey = toleration.key === key || !toleration.key;
  return forKey && (toleration.effect === "NoExecute" || !toleration.effect);
}
