// Hands the changes of a store to those who watch them.
import type { Logger } from "../util/logger.ts";
import type { StoreEvent } from "./store.ts";

interface Watcher {
  readonly listener: (event: StoreEvent) => void;
  /** The last revision it was told of: it never sees one twice. */
  seen: number;
}

/** Tells listeners of the changes under their prefix, in the order of revisions. */
export class WatchHub {
  private readonly logger: Logger;
  private readonly watchers = new Map<string, Set<Watcher>>();

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Adds a listener for what comes after `seen`; returns the function that removes it. */
  add(prefix: string, seen: number, listener: (event: StoreEvent) => void): () => void {
    const watcher: Watcher = { listener, seen };
    const watchers = this.watchers.get(prefix) ?? new Set();
    this.watchers.set(prefix, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.watchers.get(prefix) === watchers) this.watchers.delete(prefix);
    };
  }

  publish(event: StoreEvent): void {
    for (const [prefix, watchers] of this.watchers) {
      if (!event.entry.key.startsWith(prefix)) continue;
      for (const watcher of watchers) {
        if (watcher.seen >= event.revision) continue;
        watcher.seen = event.revision;
        try {
          watcher.listener(event);
        } catch (error) {
          this.logger.error("a watch listener failed", { prefix, revision: event.revision, error });
        }
      }
    }
  }

  close(): void {
    this.watchers.clear();
  }
}
