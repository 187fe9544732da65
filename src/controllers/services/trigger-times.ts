// Behaviour: k8s.io/endpointslice/util (TriggerTimeTracker): when the change happened that endpoints follow.
import type { Pod, Service } from "../../api/generated/types/core/v1.ts";
import { podCondition } from "../../api/pod-conditions.ts";

/** Remembers, for each Service, the times that were taken into account already. */
export class TriggerTimes {
  private readonly seen = new Map<string, ReadonlyMap<string, number>>();

  /** The earliest time of what changed since the last call; of a new Service its creation. Undefined when nothing did. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.seen.get(key);
    const created = Date.parse(service.metadata.creationTimestamp ?? "");
    const times = new Map([["", created]]);
    for (const pod of pods) {
      const time = Date.parse(podCondition(pod, "Ready")?.lastTransitionTime ?? "");
      if (!Number.isNaN(time)) times.set(pod.metadata.name ?? "", time);
    }
    this.seen.set(key, times);
    if (before === undefined) return format(created);
    const changed = [...times].filter(([name, time]) => time > (before.get(name) ?? 0)).map(([, time]) => time);
    return changed.length === 0 ? undefined : format(Math.min(...changed));
  }

  forget(key: string): void {
    this.seen.delete(key);
  }
}

function format(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/\.000Z$/, "Z");
}
