// Behaviour: pkg/kubelet/kubelet_pods.go generateAPIPodStatus.
import type { Pod, PodStatus, ResourceRequirements } from "../api/generated/types/core/v1.ts";
import { parseQuantity } from "../api/quantity.ts";
import { formatTime } from "../util/clock.ts";
import { containerStatuses, type StatusInput } from "./container-statuses.ts";
import { runningSandbox } from "./pod-actions.ts";
import { podConditions } from "./pod-conditions.ts";
import { podPhase } from "./pod-phase.ts";
import { isSidecar, isTerminalPhase, qosClass } from "./pod-spec.ts";

/** What a pod's status is made from. */
export interface PodStatusInput extends StatusInput {
  readonly hostIP: string;
  readonly podIP: string;
  /** Nothing of the pod will be started any more. */
  readonly terminal: boolean;
  /** Why the kubelet ended the pod: a deadline. */
  readonly failed?: { readonly reason: string; readonly message: string };
  readonly now: number;
}

/** The pod's whole status. */
export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, observed } = input;
  const old = pod.status;
  const now = formatTime(input.now);
  const init = containerStatuses(input, "init", old.initContainerStatuses ?? []);
  const regular = containerStatuses(input, "regular", old.containerStatuses ?? []);
  const ephemeral = containerStatuses(input, "ephemeral", old.ephemeralContainerStatuses ?? []);
  const statuses = [...init, ...regular];
  const ranOnce = pod.spec.containers.some((container) => observed.records.some((record) => record.name === container.name && record.state !== "created"));
  const phase = input.failed !== undefined ? "Failed" : isTerminalPhase(old.phase) ? (old.phase ?? "Failed") : podPhase(pod, statuses, input.terminal, ranOnce);
  const reason = input.failed?.reason ?? (phase === old.phase ? old.reason : undefined);
  const message = input.failed?.message ?? (phase === old.phase ? old.message : undefined);
  const podIP = pod.spec.hostNetwork === true ? input.hostIP : input.podIP;
  const total = podResources(pod);
  return {
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    phase,
    conditions: podConditions(pod, old.conditions ?? [], { phase, statuses, hasSandbox: runningSandbox(observed) !== undefined }, now),
    ...(message !== undefined && { message }),
    ...(reason !== undefined && { reason }),
    hostIP: input.hostIP,
    hostIPs: [{ ip: input.hostIP }],
    ...(podIP !== "" && { podIP, podIPs: [{ ip: podIP }] }),
    startTime: old.startTime ?? now,
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: regular,
    qosClass: qosClass(pod),
    ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral }),
    ...(total.requests !== undefined && { allocatedResources: total.requests }),
    resources: total,
  };
}

/** The sum of the containers' resources; a limit counts only where every container has one. */
function podResources(pod: Pod): ResourceRequirements {
  const containers = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers];
  const sum = (which: "limits" | "requests") => {
    const total: Record<string, string> = {};
    for (const container of containers) {
      for (const [name, amount] of Object.entries(container.resources?.[which] ?? {})) {
        total[name] = parseQuantity(total[name] ?? "0").add(parseQuantity(amount)).toString();
      }
    }
    return Object.entries(total).filter(([name]) => which === "requests" || containers.every((container) => container.resources?.limits?.[name] !== undefined));
  };
  const limits = Object.fromEntries(sum("limits"));
  const requests = Object.fromEntries(sum("requests"));
  const some = (list: object) => Object.keys(list).length > 0;
  return { ...(some(limits) && { limits }), ...(some(requests) && { requests }) };
}
