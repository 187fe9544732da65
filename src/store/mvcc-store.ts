// Behaviour: etcd as k8s.io/apiserver/pkg/storage/etcd3 uses it: versions of objects, kept in memory, written through a journal.
import { type Logger, silentLogger } from "../util/logger.ts";
import { DEFAULT_HISTORY, History, type HistoryLimits } from "./history.ts";
import { SortedEntries } from "./sorted-entries.ts";
import {
  type Encode,
  type Entry,
  KeyExistsError,
  type ListPage,
  RevisionMismatchError,
  RevisionUnavailableError,
  type Store,
  type StoreEvent,
} from "./store.ts";
import { FrozenEntry, StoredEntry } from "./stored-entry.ts";
import { WatchHub } from "./watch-hub.ts";

/** Makes batches of changes durable. */
export interface Journal {
  /** Writes all events or none; the promise settles when they are on disk. Not called again before it has settled. */
  commit(events: readonly StoreEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** What a journal held when it was opened. */
export interface JournalContents {
  readonly revision: number;
  readonly rows: readonly { readonly key: string; readonly revision: number; readonly text: string }[];
}

/** What every backend lets its user choose. */
export interface StoreOptions {
  readonly history?: HistoryLimits;
  readonly logger?: Logger;
  /** Makes every value immutable, so that code which changes what it shares fails; for tests. */
  readonly freeze?: boolean;
}

/** A write that waits for its batch. */
interface PendingWrite {
  /** Judges the write against what is there and makes its event; throws what is wrong with it. */
  readonly judge: (current: StoredEntry | undefined, revision: number) => StoreEvent;
  readonly key: string;
  readonly resolve: (entry: Entry) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The store over a journal: everything live is in memory, so that reads never touch the disk. Writes gather for one turn
 * of the event loop, or as long as the batch before them is on its way to the disk; then they are judged one after the
 * other, committed together, shown to readers and watchers, and acknowledged.
 */
export class MvccStore implements Store {
  private readonly journal: Journal;
  private readonly live = new Map<string, StoredEntry>();
  private readonly sorted = new SortedEntries<Entry>();
  private readonly history: History;
  private readonly hub: WatchHub;
  private durableRevision: number;
  private queue: PendingWrite[] = [];
  private committing: Promise<void> | undefined;
  private readonly EntryType: typeof StoredEntry;
  private closed = false;

  constructor(journal: Journal, contents: JournalContents, options: StoreOptions) {
    this.journal = journal;
    this.durableRevision = contents.revision;
    this.history = new History(contents.revision, options.history ?? DEFAULT_HISTORY);
    this.hub = new WatchHub(options.logger ?? silentLogger);
    this.EntryType = options.freeze === true ? FrozenEntry : StoredEntry;
    const entries = contents.rows.map((row) => new this.EntryType(row.key, row.revision, row.text));
    for (const entry of entries) this.live.set(entry.key, entry);
    this.sorted.load(entries);
  }

  get revision(): number {
    return this.durableRevision;
  }

  get(key: string): Entry | undefined {
    return this.live.get(key);
  }

  list(prefix: string, options: { revision?: number; after?: string; limit?: number } = {}): ListPage {
    const { revision = this.durableRevision, after, limit = Infinity } = options;
    this.checkAvailable(revision);
    const undone = this.undoneSince(prefix, revision);
    if (undone.size === 0) return { ...this.sorted.slice(prefix, after, limit), revision };
    const unchanged = this.sorted.slice(prefix, after, Infinity).entries.filter((entry) => !undone.has(entry.key));
    const former = [...undone.values()].filter((entry) => entry !== undefined && (after === undefined || entry.key > after)) as Entry[];
    const entries = [...unchanged, ...former].sort((a, b) => (a.key < b.key ? -1 : 1));
    return { entries: entries.slice(0, limit), revision, remaining: Math.max(0, entries.length - limit) };
  }

  create(key: string, encode: Encode): Promise<Entry> {
    return this.write(key, (current, revision) => {
      if (current !== undefined) throw new KeyExistsError(`${key} exists`);
      return { type: "created", revision, entry: this.encode(key, revision, encode) };
    });
  }

  update(key: string, expectedRevision: number, encode: Encode): Promise<Entry> {
    return this.write(key, (current, revision) => {
      if (current?.revision !== expectedRevision) throw new RevisionMismatchError(key, current);
      return { type: "updated", revision, entry: this.encode(key, revision, encode), previous: current };
    });
  }

  delete(key: string, expectedRevision: number, encode: Encode): Promise<Entry> {
    return this.write(key, (current, revision) => {
      if (current?.revision !== expectedRevision) throw new RevisionMismatchError(key, current);
      return { type: "deleted", revision, entry: this.encode(key, revision, encode), previous: current };
    });
  }

  watch(prefix: string, afterRevision: number, listener: (event: StoreEvent) => void): () => void {
    this.checkAvailable(afterRevision);
    for (const event of this.history.after(afterRevision)) if (event.entry.key.startsWith(prefix)) listener(event);
    return this.hub.add(prefix, this.durableRevision, listener);
  }

  /** Finishes the writes that wait, ends the watches, closes the journal. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.committing;
    this.hub.close();
    await this.journal.close();
  }

  private write(key: string, judge: PendingWrite["judge"]): Promise<Entry> {
    if (this.closed) return Promise.reject(new Error("the store is closed"));
    return new Promise((resolve, reject) => {
      this.queue.push({ key, judge, resolve, reject });
      this.committing ??= this.commitQueue();
    });
  }

  private async commitQueue(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      await this.commitBatch(batch);
    }
    this.committing = undefined;
  }

  private async commitBatch(batch: readonly PendingWrite[]): Promise<void> {
    const { events, accepted } = this.judge(batch);
    if (events.length === 0) return;
    try {
      await this.journal.commit(events);
    } catch (error) {
      for (const write of accepted) write.reject(error);
      return;
    }
    for (const event of events) this.apply(event);
    for (const event of events) this.hub.publish(event);
    for (const [index, write] of accepted.entries()) write.resolve((events[index] as StoreEvent).entry);
  }

  /** Makes the events of the writes that can be, each judged against those before it; rejects the others. */
  private judge(batch: readonly PendingWrite[]): { events: StoreEvent[]; accepted: PendingWrite[] } {
    const events: StoreEvent[] = [];
    const accepted: PendingWrite[] = [];
    const pending = new Map<string, StoredEntry | undefined>();
    for (const write of batch) {
      try {
        const current = pending.has(write.key) ? pending.get(write.key) : this.live.get(write.key);
        const event = write.judge(current, this.durableRevision + events.length + 1);
        events.push(event);
        accepted.push(write);
        pending.set(write.key, event.type === "deleted" ? undefined : (event.entry as StoredEntry));
      } catch (error) {
        write.reject(error);
      }
    }
    return { events, accepted };
  }

  private encode(key: string, revision: number, encode: Encode): StoredEntry {
    const value = encode(revision);
    return new this.EntryType(key, revision, JSON.stringify(value), value);
  }

  private apply(event: StoreEvent): void {
    const { key } = event.entry;
    if (event.type === "deleted") {
      this.live.delete(key);
      this.sorted.delete(key);
    } else {
      this.live.set(key, event.entry as StoredEntry);
      this.sorted.set(event.entry);
    }
    this.durableRevision = event.revision;
    this.history.push(event);
  }

  /** For each key of the prefix that changed after `revision`: what was there then. */
  private undoneSince(prefix: string, revision: number): Map<string, Entry | undefined> {
    const undone = new Map<string, Entry | undefined>();
    for (const event of this.history.after(revision)) {
      const { key } = event.entry;
      if (key.startsWith(prefix) && !undone.has(key)) undone.set(key, event.previous);
    }
    return undone;
  }

  private checkAvailable(revision: number): void {
    if (revision < this.history.compacted || revision > this.durableRevision) {
      throw new RevisionUnavailableError(revision, this.history.compacted, this.durableRevision);
    }
  }
}
