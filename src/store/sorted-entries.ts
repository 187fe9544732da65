// The entries of a store in the order of their keys.
import type { Entry } from "./store.ts";

/** Chunks are split in two when they grow to this. */
const CHUNK_LIMIT = 512;

/** A position in the order of keys: an index into a chunk. */
interface Position {
  readonly chunk: number;
  readonly index: number;
}

/** Entries sorted by key in short arrays, so that writes move few of them and a prefix is a run of slices. */
export class SortedEntries<T extends Entry> {
  private chunks: T[][] = [];

  /** Fills an empty index from entries in any order, each key once. */
  load(entries: T[]): void {
    const sorted = entries.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (let start = 0; start < sorted.length; start += CHUNK_LIMIT / 2) this.chunks.push(sorted.slice(start, start + CHUNK_LIMIT / 2));
  }

  /** Adds an entry, in the place of one with the same key. */
  set(entry: T): void {
    if (this.chunks.length === 0) this.chunks.push([]);
    const found = this.lowerBound(entry.key);
    const at = found.chunk < this.chunks.length ? found : { chunk: this.chunks.length - 1, index: this.chunks.at(-1)?.length ?? 0 };
    const chunk = this.chunks[at.chunk] ?? [];
    chunk.splice(at.index, chunk[at.index]?.key === entry.key ? 1 : 0, entry);
    if (chunk.length >= CHUNK_LIMIT) this.chunks.splice(at.chunk + 1, 0, chunk.splice(CHUNK_LIMIT / 2));
  }

  delete(key: string): void {
    const at = this.lowerBound(key);
    const chunk = this.chunks[at.chunk];
    if (chunk?.[at.index]?.key !== key) return;
    chunk.splice(at.index, 1);
    if (chunk.length === 0) this.chunks.splice(at.chunk, 1);
  }

  /** The entries of a prefix from behind the key `after`, at most `limit`, and how many more there are. */
  slice(prefix: string, after: string | undefined, limit: number): { entries: T[]; remaining: number } {
    const start = after !== undefined && after >= prefix ? this.lowerBound(after, true) : this.lowerBound(prefix);
    const end = this.prefixEnd(prefix);
    const entries: T[] = [];
    let size = 0;
    for (let chunk = start.chunk; chunk <= end.chunk && chunk < this.chunks.length; chunk++) {
      const from = chunk === start.chunk ? start.index : 0;
      const to = chunk === end.chunk ? end.index : (this.chunks[chunk]?.length ?? 0);
      if (to <= from) continue;
      size += to - from;
      const wanted = limit - entries.length;
      if (wanted > 0) for (const entry of this.chunks[chunk]?.slice(from, Math.min(to, from + wanted)) ?? []) entries.push(entry);
    }
    return { entries, remaining: size - entries.length };
  }

  /** The first position whose key is not less than `key` (or, with `behind`, is greater). */
  private lowerBound(key: string, behind = false): Position {
    return this.firstWhere((candidate) => (behind ? candidate > key : candidate >= key));
  }

  /** The first position after the keys that start with `prefix`. */
  private prefixEnd(prefix: string): Position {
    return this.firstWhere((candidate) => candidate > prefix && !candidate.startsWith(prefix));
  }

  /** Binary search for the first key where `test` holds; it must hold for all keys after one where it holds. */
  private firstWhere(test: (key: string) => boolean): Position {
    const chunk = partitionPoint(this.chunks, (entries) => test(entries.at(-1)?.key ?? ""));
    return { chunk, index: partitionPoint(this.chunks[chunk] ?? [], (entry) => test(entry.key)) };
  }
}

function partitionPoint<T>(items: readonly T[], test: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && test(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
