// Behaviour: etcd's contract as k8s.io/apiserver/pkg/storage uses it, on one screen (compare k3s-io/kine).

/** A JSON object; the store never looks inside. */
export type StoredValue = Record<string, unknown>;

/** One live (or, in an event, just deleted) value. */
export interface Entry {
  /** "/" + group + "/" + resource + "/" + namespace + "/" + name; the store only knows prefixes. */
  readonly key: string;
  /** The revision that wrote this value. */
  readonly revision: number;
  /** The serialized value. */
  readonly text: string;
  /** The decoded value: shared and not to be mutated (frozen in tests), decoded on first use and held only as long as memory allows. */
  readonly value: StoredValue;
}

/** A change, in the order of revisions; each change has a revision of its own. */
export interface StoreEvent {
  readonly type: "created" | "updated" | "deleted";
  readonly revision: number;
  /** The value written; for a deletion the last one, re-encoded with the deletion's revision. */
  readonly entry: Entry;
  /** What was there before. */
  readonly previous?: Entry;
}

/** Makes the value to store, once its revision is known (so that it can carry its own resourceVersion). Plain JSON; it is the store's from then on. */
export type Encode = (revision: number) => StoredValue;

/** A page of a list, sorted by key. */
export interface ListPage {
  readonly entries: readonly Entry[];
  /** The revision the page shows. */
  readonly revision: number;
  /** How many entries of the prefix come after the page. */
  readonly remaining: number;
}

/** The key is there already. */
export class KeyExistsError extends Error {
  override readonly name = "KeyExistsError";
}

/** The key is not there, or not at the expected revision; `current` is what is there. */
export class RevisionMismatchError extends Error {
  override readonly name = "RevisionMismatchError";
  readonly current: Entry | undefined;

  constructor(key: string, current: Entry | undefined) {
    super(`${key} is at revision ${current?.revision ?? "none"}`);
    this.current = current;
  }
}

/** The revision is older than the history that is kept, or not reached yet (`future`). */
export class RevisionUnavailableError extends Error {
  override readonly name = "RevisionUnavailableError";
  readonly requested: number;
  readonly oldest: number;
  readonly current: number;

  constructor(requested: number, oldest: number, current: number) {
    super(`revision ${requested} is not between ${oldest} and ${current}`);
    this.requested = requested;
    this.oldest = oldest;
    this.current = current;
  }
}

/**
 * A multi-version key-value store with one revision counter. Reads and watches see only what is durable. A write's promise
 * settles after it is on disk and after the watchers were told; it rejects with one of the errors above, or with the
 * backend's own (disk full), in which case nothing changed.
 */
export interface Store {
  /** The newest durable revision. */
  readonly revision: number;
  get(key: string): Entry | undefined;
  /** Lists a prefix, as it is or as it was at `revision`, from behind the key `after`, at most `limit` entries. */
  list(prefix: string, options?: { revision?: number; after?: string; limit?: number }): ListPage;
  create(key: string, encode: Encode): Promise<Entry>;
  update(key: string, expectedRevision: number, encode: Encode): Promise<Entry>;
  /** Resolves with the deleted entry. `encode` makes the final value from the deletion's revision. */
  delete(key: string, expectedRevision: number, encode: Encode): Promise<Entry>;
  /**
   * Calls `listener` for every change of the prefix after `afterRevision`: first, synchronously, what history holds, then
   * as it happens. Throws RevisionUnavailableError when history does not reach back. Returns the function that ends it.
   */
  watch(prefix: string, afterRevision: number, listener: (event: StoreEvent) => void): () => void;
  close(): Promise<void>;
}
