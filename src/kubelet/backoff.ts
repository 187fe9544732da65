// Behaviour: k8s.io/client-go/util/flowcontrol/backoff.go, as the kubelet uses it for restarts and image pulls.
import type { Clock } from "../util/clock.ts";

interface Entry {
  delayMs: number;
  lastUpdate: number;
}

/** Delays that double by key, and start anew after a key was quiet for twice the longest delay. */
export class Backoff {
  private readonly clock: Clock;
  private readonly initialMs: number;
  private readonly maxMs: number;
  private readonly entries = new Map<string, Entry>();

  constructor(clock: Clock, initialMs = 10_000, maxMs = 300_000) {
    this.clock = clock;
    this.initialMs = initialMs;
    this.maxMs = maxMs;
  }

  /** How long from now the key is held back since what happened at `since`; 0 when it is free. */
  remaining(key: string, since: number): number {
    const entry = this.entries.get(key);
    if (entry === undefined || this.expired(entry, since)) return 0;
    return Math.max(0, since + entry.delayMs - this.clock.now());
  }

  /** How long the key is held back after its last failure. */
  delay(key: string): number {
    return this.entries.get(key)?.delayMs ?? 0;
  }

  /** Counts a failure that happened at `at`. */
  next(key: string, at: number): void {
    const entry = this.entries.get(key);
    const delayMs = entry === undefined || this.expired(entry, at) ? this.initialMs : Math.min(entry.delayMs * 2, this.maxMs);
    this.entries.set(key, { delayMs, lastUpdate: this.clock.now() });
  }

  /** Takes up after a restart of this program: the key had failed that many times. */
  restore(key: string, failures: number, at: number): void {
    if (failures <= 0 || this.entries.has(key)) return;
    this.entries.set(key, { delayMs: Math.min(this.initialMs * 2 ** (failures - 1), this.maxMs), lastUpdate: at });
  }

  /** Forgets the keys that begin with `prefix`. */
  forget(prefix: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) this.entries.delete(key);
  }

  private expired(entry: Entry, at: number): boolean {
    return at - entry.lastUpdate > 2 * this.maxMs;
  }
}
