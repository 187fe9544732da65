// Behaviour: the time to live of events (--event-ttl): they are news, not records.
import type { Event } from "../api/generated/types/core/v1.ts";
import { RevisionMismatchError, type Store, type StoredValue } from "../store/store.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";
import { keyPrefix } from "./object-storage.ts";

const TIME_TO_LIVE_MS = 60 * 60 * 1000;
const INTERVAL_MS = 5 * 60 * 1000;

/** Removes events that nothing was added to for an hour, until the returned function is called. */
export function expireEvents(store: Store, clock: Clock, logger: Logger): () => void {
  let cancel = () => {};
  const schedule = () => {
    cancel = clock.setTimer(INTERVAL_MS, () => {
      void removeOldEvents(store, clock).catch((error: unknown) => logger.warn("cannot remove old events", { error }));
      schedule();
    });
  };
  schedule();
  return () => cancel();
}

async function removeOldEvents(store: Store, clock: Clock): Promise<void> {
  const oldest = clock.now() - TIME_TO_LIVE_MS;
  for (const entry of store.list(keyPrefix({ group: "", resource: "events" }, "")).entries) {
    if (lastSeen(entry.value as unknown as Event) >= oldest) continue;
    const { metadata } = entry.value as { metadata: object };
    try {
      await store.delete(entry.key, entry.revision, (revision): StoredValue => ({ ...entry.value, metadata: { ...metadata, resourceVersion: String(revision) } }));
    } catch (error) {
      if (!(error instanceof RevisionMismatchError)) throw error;
    }
  }
}

function lastSeen({ lastTimestamp, eventTime, series, metadata }: Event): number {
  const times = [lastTimestamp, eventTime, series?.lastObservedTime, metadata.creationTimestamp].map((time) => Date.parse(time ?? ""));
  return Math.max(...times.filter((time) => !Number.isNaN(time)), 0);
}
