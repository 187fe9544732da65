// Behaviour: printPod in k8s.io/kubernetes/pkg/printers/internalversion.
import type { ContainerStatus, Pod } from "../../../../api/generated/types/core/v1.ts";
import { ageColumn, type Columns, nameColumn, textColumn, timeSince, wideColumn } from "../../shared/columns.ts";
import { columnDocumentation } from "../../../tables/column-documentation.ts";

/** The columns of pods. */
export const podColumns: Columns<Pod> = [
  nameColumn,
  textColumn("Ready", "The aggregate readiness state of this pod for accepting traffic.", (pod) => summarize(pod).ready),
  textColumn("Status", "The aggregate status of the containers in this pod.", (pod) => summarize(pod).status),
  textColumn(
    "Restarts",
    "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
    (pod, now) => {
      const { restarts, lastRestart } = summarize(pod);
      return restarts === 0 || lastRestart === "" ? String(restarts) : `${restarts} (${timeSince(lastRestart, now)} ago)`;
    },
  ),
  ageColumn,
  wideColumn("IP", columnDocumentation["PodStatus.podIP"], (pod) => pod.status.podIPs?.[0]?.ip || pod.status.podIP || "<none>"),
  wideColumn("Node", columnDocumentation["PodSpec.nodeName"], (pod) => pod.spec.nodeName || "<none>"),
  wideColumn("Nominated Node", columnDocumentation["PodStatus.nominatedNodeName"], (pod) => pod.status.nominatedNodeName || "<none>"),
  wideColumn("Readiness Gates", columnDocumentation["PodSpec.readinessGates"], readinessGates),
];

interface Summary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: number;
  /** When a container last ended before it was restarted; "" for never. */
  readonly lastRestart: string;
}

/** What the containers' states come to. */
function summarize(pod: Pod): Summary {
  const { spec, status } = pod;
  const sidecars = new Set((spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always").map((container) => container.name));
  const total = (spec.containers ?? []).length + sidecars.size;
  const init = summarizeInit(pod, sidecars);
  let ready = init.readySidecars;
  let reason = init.reason ?? initialReason(pod);
  let restarted = status.initContainerStatuses ?? [];
  if (init.reason === undefined || status.conditions?.find((condition) => condition.type === "Initialized")?.status === "True") {
    const main = summarizeMain(pod, reason);
    reason = main.reason;
    ready += main.ready;
    restarted = [...restarted.filter((container) => sidecars.has(container.name)).slice(0, init.visited), ...(status.containerStatuses ?? [])];
  } else restarted = restarted.slice(0, init.visited);
  return {
    ready: `${ready}/${total}`,
    status: endingReason(pod) ?? reason,
    restarts: restarted.reduce((sum, container) => sum + container.restartCount, 0),
    lastRestart: restarted.map((container) => container.lastState?.terminated?.finishedAt ?? "").reduce((latest, time) => (Date.parse(time) > Date.parse(latest) || latest === "" ? time : latest), ""),
  };
}

function initialReason({ status }: Pod): string {
  const gated = status.conditions?.some((condition) => condition.type === "PodScheduled" && condition.reason === "SchedulingGated") ?? false;
  return gated ? "SchedulingGated" : status.reason || status.phase || "";
}

/** Looks at init containers until one that holds the others up; `reason` is undefined when none does. */
function summarizeInit({ spec, status }: Pod, sidecars: ReadonlySet<string>): { reason: string | undefined; readySidecars: number; visited: number } {
  let readySidecars = 0;
  const statuses = status.initContainerStatuses ?? [];
  for (const [index, container] of statuses.entries()) {
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started === true) {
      if (container.ready) readySidecars++;
      continue;
    }
    const visited = index + 1;
    if (terminated !== undefined) return { reason: `Init:${terminationReason(terminated)}`, readySidecars, visited };
    if (waiting?.reason && waiting.reason !== "PodInitializing") return { reason: `Init:${waiting.reason}`, readySidecars, visited };
    return { reason: `Init:${index}/${(spec.initContainers ?? []).length}`, readySidecars, visited };
  }
  return { reason: undefined, readySidecars, visited: statuses.length };
}

/** The first container's state counts most; one that runs makes up for others that are done. */
function summarizeMain({ status }: Pod, before: string): { reason: string; ready: number } {
  let [reason, errorReason, ready, running] = [before, "", 0, false];
  for (const container of (status.containerStatuses ?? []).toReversed()) {
    const { waiting, terminated, running: runs } = container.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated !== undefined) {
      reason = terminationReason(terminated);
      if (terminated.exitCode !== 0) errorReason = reason;
    } else if (container.ready && runs !== undefined) {
      running = true;
      ready++;
    }
  }
  if (reason === "Completed") {
    const isReady = status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false;
    if (running && isReady) reason = "Running";
    else if (errorReason !== "") reason = errorReason;
    else if (running) reason = "NotReady";
  }
  return { reason, ready };
}

function terminationReason(terminated: NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function endingReason({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  if (status.reason === "NodeLost") return "Unknown";
  return status.phase === "Failed" || status.phase === "Succeeded" ? undefined : "Terminating";
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? [];
  if (gates.length === 0) return "<none>";
  const open = gates.filter((gate) => status.conditions?.find((condition) => condition.type === gate.conditionType)?.status === "True");
  return `${open.length}/${gates.length}`;
}
