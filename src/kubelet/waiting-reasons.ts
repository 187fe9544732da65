// Behaviour: pkg/kubelet/reason_cache.go, kuberuntime_manager.go doBackOff: why containers of a pod do not start.
import type { Container, Pod } from "../api/generated/types/core/v1.ts";
import type { Clock } from "../util/clock.ts";
import type { Backoff } from "./backoff.ts";
import type { WaitingReason } from "./container-statuses.ts";
import type { ContainerRecord } from "./container-store.ts";
import { formatPod } from "./pod-spec.ts";

/** A container that ended shows how it ended for so long before it shows that its restart is held back. */
const SHOW_BACKOFF_MS = 16_000;

/** The reasons of one pod's containers. */
export class WaitingReasons {
  private readonly clock: Clock;
  private readonly crashes: Backoff;
  private readonly reasons = new Map<string, WaitingReason>();
  private readonly hiddenUntil = new Map<string, number>();

  constructor(clock: Clock, crashes: Backoff) {
    this.clock = clock;
    this.crashes = crashes;
  }

  /** Why a container does not start, whether its status shows it already or not. */
  get(container: string): WaitingReason | undefined {
    return this.reasons.get(container);
  }

  /** What the container's status shows. */
  shown(container: string): WaitingReason | undefined {
    return (this.hiddenUntil.get(container) ?? 0) > this.clock.now() ? undefined : this.reasons.get(container);
  }

  /** Its last start failed so. */
  failed(container: string, reason: WaitingReason): void {
    this.reasons.set(container, reason);
  }

  /** It started. */
  started(container: string): void {
    this.reasons.delete(container);
    this.hiddenUntil.delete(container);
  }

  /** Holds back the restart of what ended too soon after the one before; resolves with when to look again, undefined when it may start. */
  holdBack(pod: Pod, container: Container, ended: ContainerRecord | undefined, sandbox: Pick<ContainerRecord, "startedAt">): number | undefined {
    if (ended === undefined) return undefined;
    const key = [pod.metadata.uid, container.name, container.image].join("_");
    // What ended with an earlier sandbox did not crash: the node went down.
    if (ended.finishedAt >= sandbox.startedAt) this.crashes.restore(key, ended.attempt, ended.finishedAt);
    const delayMs = this.crashes.remaining(key, ended.finishedAt);
    if (delayMs === 0) {
      this.crashes.next(key, ended.finishedAt);
      return undefined;
    }
    const now = this.clock.now();
    // What was shown as waiting goes on to be; what was shown as ended is for a while.
    if (!this.reasons.has(container.name)) this.hiddenUntil.set(container.name, now + SHOW_BACKOFF_MS);
    const message = `back-off ${goDuration(this.crashes.delay(key))} restarting failed container=${container.name} pod=${formatPod(pod)}`;
    this.reasons.set(container.name, { reason: "CrashLoopBackOff", message });
    const hiddenFor = (this.hiddenUntil.get(container.name) ?? now) - now;
    return hiddenFor > 0 ? Math.min(delayMs, hiddenFor) : delayMs;
  }
}

/** Go's text of whole seconds: "10s", "1m20s", "5m0s". */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
