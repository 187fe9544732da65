// Behaviour: pkg/kubelet/prober/prober_manager.go: the probes of a pod's running containers.
import type { Pod, PodStatus } from "../api/generated/types/core/v1.ts";
import { containerId } from "./container-statuses.ts";
import { latest, type ObservedPod, type ProbeKind } from "./pod-actions.ts";
import type { PodContext } from "./pod-context.ts";
import { isSidecar, placedContainers } from "./pod-spec.ts";
import { ContainerProbes, isProbed } from "./probe-manager.ts";

/** Starts and ends probing as containers come and go. */
export class PodProbes {
  private readonly context: PodContext;
  private readonly changed: () => void;
  private readonly probes = new Map<string, ContainerProbes>();

  constructor(context: PodContext, changed: () => void) {
    this.context = context;
    this.changed = changed;
  }

  /** What a container's probe has come to. */
  result(kind: ProbeKind, id: string): boolean | undefined {
    return this.probes.get(id)?.result(kind);
  }

  /** Probes what runs, and nothing else. `status`: what the API was last told. */
  follow(pod: Pod, observed: ObservedPod, podIP: string, status: PodStatus): void {
    const running = new Set<string>();
    for (const { container, kind, fieldPath } of placedContainers(pod)) {
      if (!isProbed(container) || kind === "ephemeral" || (kind === "init" && !isSidecar(container))) continue;
      const record = latest(observed, container.name);
      if (record?.state !== "running") continue;
      running.add(record.id);
      if (this.probes.has(record.id)) continue;
      const known = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find((candidate) => candidate.containerID === containerId(record));
      this.probes.set(
        record.id,
        new ContainerProbes({
          clock: this.context.clock,
          runProbe: this.context.runProbe,
          container,
          record,
          podIP,
          report: (reason, message) => this.context.events.event(pod, "Warning", reason, message, fieldPath),
          changed: this.changed,
          ...(known !== undefined && { adopted: { started: known.started === true, ready: known.ready } }),
        }),
      );
    }
    for (const [id, probes] of this.probes) {
      if (running.has(id)) continue;
      probes.stop();
      this.probes.delete(id);
    }
  }

  /** The pod is being deleted: only readiness is still of interest. */
  quiet(): void {
    for (const probes of this.probes.values()) probes.stop(["liveness", "startup"]);
  }

  /** Ends all probing. */
  stop(): void {
    for (const probes of this.probes.values()) probes.stop();
    this.probes.clear();
  }
}
