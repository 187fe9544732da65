// Behaviour: pkg/kubelet/prober/worker.go, prober_manager.go: probes of running containers, each with its own timer.
import type { Container, Probe } from "../api/generated/types/core/v1.ts";
import type { CancelTimer, Clock } from "../util/clock.ts";
import type { ContainerRecord } from "./container-store.ts";
import type { ProbeKind } from "./pod-actions.ts";
import type { ProbeOutcome, RunProbe } from "./probe.ts";

/** How often a probe that errs is repeated at once. */
const RETRIES = 3;

/** Tells of a probe's failure, as an event of the container. */
export type ReportProbe = (reason: "Unhealthy" | "ProbeWarning", message: string) => void;

const TITLES: Readonly<Record<ProbeKind, string>> = { liveness: "Liveness", readiness: "Readiness", startup: "Startup" };

/** The probes of one running container. */
export class ContainerProbes {
  private readonly results = new Map<ProbeKind, boolean>();
  private readonly timers = new Map<ProbeKind, CancelTimer>();
  private readonly clock: Clock;
  private readonly runProbe: RunProbe;
  private readonly container: Container;
  private readonly record: ContainerRecord;
  private readonly podIP: string;
  private readonly report: ReportProbe;
  private readonly changed: () => void;
  private stopped = false;

  /** `adopted`: it ran already when this program started, as ready or not as its status says. */
  constructor(options: {
    clock: Clock;
    runProbe: RunProbe;
    container: Container;
    record: ContainerRecord;
    podIP: string;
    report: ReportProbe;
    changed: () => void;
    adopted?: { started: boolean; ready: boolean };
  }) {
    this.clock = options.clock;
    this.runProbe = options.runProbe;
    this.container = options.container;
    this.record = options.record;
    this.podIP = options.podIP;
    this.report = options.report;
    this.changed = options.changed;
    const { startupProbe, readinessProbe, livenessProbe } = options.container;
    const { adopted } = options;
    if (livenessProbe !== undefined) this.results.set("liveness", true);
    if (readinessProbe !== undefined) this.results.set("readiness", adopted?.ready ?? false);
    if (startupProbe !== undefined && adopted?.started === true) this.results.set("startup", true);
    if (startupProbe !== undefined && this.results.get("startup") !== true) this.schedule("startup", startupProbe, this.initialDelay(startupProbe));
    else this.afterStartup();
  }

  /** What a probe has come to; undefined before the first result of a startup probe. */
  result(kind: ProbeKind): boolean | undefined {
    return this.results.get(kind);
  }

  /** Ends all probing. */
  stop(kinds: readonly ProbeKind[] = ["liveness", "readiness", "startup"]): void {
    for (const kind of kinds) this.timers.get(kind)?.();
    if (kinds.length === 3) this.stopped = true;
    for (const kind of kinds) this.timers.delete(kind);
  }

  private afterStartup(): void {
    const { readinessProbe, livenessProbe } = this.container;
    if (readinessProbe !== undefined) this.schedule("readiness", readinessProbe, this.initialDelay(readinessProbe));
    if (livenessProbe !== undefined) this.schedule("liveness", livenessProbe, Math.max(this.initialDelay(livenessProbe), period(livenessProbe)));
  }

  private initialDelay(probe: Probe): number {
    return Math.max(0, this.record.startedAt + (probe.initialDelaySeconds ?? 0) * 1000 - this.clock.now());
  }

  private schedule(kind: ProbeKind, probe: Probe, delayMs: number, run = { result: undefined as boolean | undefined, count: 0 }): void {
    if (this.stopped) return;
    this.timers.set(kind, this.clock.setTimer(delayMs, () => void this.tick(kind, probe, run)));
  }

  private async tick(kind: ProbeKind, probe: Probe, run: { result: boolean | undefined; count: number }): Promise<void> {
    const begun = this.clock.monotonic();
    const outcome = await this.runWithRetries(probe);
    if (this.stopped || !this.timers.has(kind) || this.record.state !== "running") return;
    const result = this.judge(kind, outcome);
    const again = () => this.schedule(kind, probe, Math.max(0, period(probe) - (this.clock.monotonic() - begun)), run);
    if (result === undefined) return again();
    run.count = run.result === result ? run.count + 1 : 1;
    run.result = result;
    if (run.count < (result ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3))) return again();
    const before = this.results.get(kind);
    this.results.set(kind, result);
    if (before !== result) this.changed();
    if (kind === "startup") {
      if (result) this.afterStartup();
      return;
    }
    // A container that failed its liveness is going to be killed.
    if (kind === "readiness" || result) again();
  }

  private async runWithRetries(probe: Probe): Promise<ProbeOutcome> {
    const target = { container: this.container, containerId: this.record.id, podIP: this.podIP };
    let outcome = await this.runProbe(probe, target);
    for (let tries = 1; tries < RETRIES && outcome.result === "error"; tries++) outcome = await this.runProbe(probe, target);
    return outcome;
  }

  private judge(kind: ProbeKind, outcome: ProbeOutcome): boolean | undefined {
    const title = TITLES[kind];
    switch (outcome.result) {
      case "success":
        return true;
      case "warning":
        this.report("ProbeWarning", `${title} probe warning: ${outcome.output}`);
        return true;
      case "failure":
        this.report("Unhealthy", `${title} probe failed: ${outcome.output}`);
        return false;
      case "error":
        this.report("Unhealthy", `${title} probe errored and resulted in unknown state: ${outcome.message}`);
        return undefined;
    }
  }
}

function period(probe: Probe): number {
  return (probe.periodSeconds ?? 10) * 1000;
}

/** Whether a container has any probe. */
export function isProbed(container: Container): boolean {
  return container.startupProbe !== undefined || container.readinessProbe !== undefined || container.livenessProbe !== undefined;
}
