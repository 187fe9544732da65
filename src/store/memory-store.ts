import { type Logger, silentLogger } from "../util/logger.ts";
import { DEFAULT_HISTORY, type HistoryLimits } from "./history.ts";
import { MvccStore } from "./mvcc-store.ts";
import type { Store } from "./store.ts";

/** A store that forgets everything when it is closed, for tests. */
export function createMemoryStore(options: { history?: HistoryLimits; logger?: Logger } = {}): Store {
  const journal = { commit: async () => {}, close: async () => {} };
  return new MvccStore(journal, { revision: 0, entries: [] }, options.history ?? DEFAULT_HISTORY, options.logger ?? silentLogger);
}
