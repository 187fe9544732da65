// A store that keeps its objects in an SQLite file.
import { MvccStore, type StoreOptions } from "./mvcc-store.ts";
import { type RowChanges, SqliteDatabase, type StoredRow } from "./sqlite-database.ts";
import type { Store, StoreEvent } from "./store.ts";

/** How a SQLite store is opened. */
export interface SqliteStoreOptions extends StoreOptions {
  /** Bounds the file's size, in pages of 4 KiB. */
  readonly maxPages?: number;
}

/** Opens the store in a file, or makes it; rejects with a StorageError when it is in use, damaged, or of a newer version. */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const database = new SqliteDatabase(path, options.maxPages);
  const journal = {
    commit: (events: readonly StoreEvent[]) => database.commit(rowChanges(events)),
    close: async () => database.close(),
  };
  return new MvccStore(journal, database.load(), options);
}

/** The rows that differ after a batch; what comes and goes within it is not among them. */
function rowChanges(events: readonly StoreEvent[]): RowChanges {
  const removed = new Set<number>();
  const added = new Map<number, StoredRow>();
  for (const { type, entry, previous } of events) {
    if (previous !== undefined && !added.delete(previous.revision)) removed.add(previous.revision);
    if (type !== "deleted") added.set(entry.revision, { revision: entry.revision, key: entry.key, text: entry.text });
  }
  return { revision: events.at(-1)?.revision ?? 0, removed: [...removed], added: [...added.values()] };
}
