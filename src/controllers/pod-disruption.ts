// Behaviour: k8s.io/api/core/v1 (DisruptionTarget): a pod that the control plane removes says why.
import type { Pod } from "../api/generated/types/core/v1.ts";
import { pods } from "../api/resource-refs.ts";
import type { DeleteOptions } from "../client/client.ts";
import { formatTime } from "../util/clock.ts";
import type { ControllerContext } from "./runtime.ts";

/** Notes the reason on the pod, with `phase` where it has come to its end with this, and deletes it. */
export async function deleteDisrupted(
  { client, clock }: Pick<ControllerContext, "client" | "clock">,
  { metadata }: Pod,
  told: { reason: string; message: string },
  { phase, ...deletion }: DeleteOptions & { phase?: "Failed" } = {},
): Promise<void> {
  const { name = "", namespace, uid, generation } = metadata;
  const lastTransitionTime = formatTime(clock.now());
  const condition = { type: "DisruptionTarget", status: "True", ...told, observedGeneration: generation, lastProbeTime: null, lastTransitionTime };
  const patch = { metadata: { uid }, status: { conditions: [condition], ...(phase !== undefined && { phase }) } };
  const resource = client.resource(pods, namespace);
  await resource.patch(name, "application/strategic-merge-patch+json", patch, { subresource: "status" });
  await resource.delete(name, { ...deletion, preconditions: { uid } });
}
