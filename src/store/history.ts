// Behaviour: etcd's compaction: events up to some revision are forgotten; here by count and size instead of age.
import type { StoreEvent } from "./store.ts";

/** How much history a store keeps: whichever is reached first. */
export interface HistoryLimits {
  readonly events: number;
  /** Characters of values that are no longer live. */
  readonly characters: number;
}

/** Enough for a client that comes back after minutes, and for the pages of long lists. */
export const DEFAULT_HISTORY: HistoryLimits = { events: 10_000, characters: 8 * 1024 * 1024 };

/** The newest events, without gaps: each revision is one event. */
export class History {
  private readonly limits: HistoryLimits;
  private events: (StoreEvent | undefined)[] = [];
  /** Where the window starts in `events`; what is before is cut off now and then. */
  private head = 0;
  private characters = 0;
  /** The newest revision that was forgotten: the world can be shown as it was then or later. */
  compacted: number;

  constructor(revision: number, limits: HistoryLimits) {
    this.compacted = revision;
    this.limits = limits;
  }

  push(event: StoreEvent): void {
    this.events.push(event);
    this.characters += weight(event);
    while (this.events.length - this.head > this.limits.events || this.characters > this.limits.characters) this.forgetOldest();
    if (this.head > 1024 && this.head * 2 > this.events.length) {
      this.events = this.events.slice(this.head);
      this.head = 0;
    }
  }

  /** The events after `revision`, oldest first; it must not be less than `compacted`. */
  after(revision: number): StoreEvent[] {
    return this.events.slice(this.head + revision - this.compacted) as StoreEvent[];
  }

  private forgetOldest(): void {
    const oldest = this.events[this.head];
    if (oldest === undefined) return;
    this.characters -= weight(oldest);
    this.compacted = oldest.revision;
    this.events[this.head++] = undefined;
  }
}

/** What an event holds in memory beyond the live values. */
function weight(event: StoreEvent): number {
  return (event.previous?.text.length ?? 0) + (event.type === "deleted" ? event.entry.text.length : 0);
}
