// A store that forgets: for tests, and whatever needs no disk.
import { MvccStore, type StoreOptions } from "./mvcc-store.ts";
import type { Store } from "./store.ts";

/** A store that forgets everything when it is closed, for tests; its values are frozen unless told otherwise. */
export function createMemoryStore(options: StoreOptions = {}): Store {
  const journal = { commit: async () => {}, close: async () => {} };
  return new MvccStore(journal, { revision: 0, rows: [] }, { freeze: true, ...options });
}
