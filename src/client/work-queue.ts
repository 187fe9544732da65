// Behaviour: k8s.io/client-go/util/workqueue: a queue for reconciles, with delays and retries.
import type { CancelTimer, Clock } from "../util/clock.ts";

const BASE_DELAY_MS = 5;
const MAX_DELAY_MS = 1_000_000;

/** A delayed item's timer. */
interface Delay {
  readonly at: number;
  readonly cancel: CancelTimer;
}

/**
 * Hands out each item to one worker at a time: an item added while it waits is there once, one added while it is worked
 * on comes again after `done`.
 */
export class WorkQueue<T> {
  private readonly clock: Clock;
  private readonly waiting = new Set<T>();
  private readonly processing = new Set<T>();
  /** Added again while they are worked on. */
  private readonly again = new Set<T>();
  private readonly delays = new Map<T, Delay>();
  private readonly failures = new Map<T, number>();
  private readonly workers: ((item: T | undefined) => void)[] = [];
  private shuttingDown = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** How many items wait for a worker, delayed ones not counted. */
  get length(): number {
    return this.waiting.size;
  }

  add(item: T): void {
    if (this.shuttingDown) return;
    if (this.processing.has(item)) {
      this.again.add(item);
      return;
    }
    const worker = this.waiting.has(item) ? undefined : this.workers.shift();
    if (worker === undefined) {
      this.waiting.add(item);
      return;
    }
    this.processing.add(item);
    worker(item);
  }

  /** Adds the item later; of several delays the earliest holds. */
  addAfter(item: T, delayMs: number): void {
    if (this.shuttingDown) return;
    if (delayMs <= 0) return this.add(item);
    const at = this.clock.monotonic() + delayMs;
    const planned = this.delays.get(item);
    if (planned !== undefined && planned.at <= at) return;
    planned?.cancel();
    const cancel = this.clock.setTimer(delayMs, () => {
      this.delays.delete(item);
      this.add(item);
    });
    this.delays.set(item, { at, cancel });
  }

  /** Adds the item after a delay that doubles with every call until `forget`: 5 ms to 1,000 s. */
  addRateLimited(item: T): void {
    const failures = this.failures.get(item) ?? 0;
    this.failures.set(item, failures + 1);
    this.addAfter(item, Math.min(BASE_DELAY_MS * 2 ** failures, MAX_DELAY_MS));
  }

  /** Ends the item's row of failures. */
  forget(item: T): void {
    this.failures.delete(item);
  }

  /** How many times in a row the item was added rate-limited. */
  numRequeues(item: T): number {
    return this.failures.get(item) ?? 0;
  }

  /** The next item, when there is one; undefined when the queue is shut down. Call `done` when it is worked off. */
  async get(): Promise<T | undefined> {
    if (this.shuttingDown) return undefined;
    for (const item of this.waiting) {
      this.waiting.delete(item);
      this.processing.add(item);
      return item;
    }
    return new Promise((resolve) => this.workers.push(resolve));
  }

  done(item: T): void {
    this.processing.delete(item);
    if (this.again.delete(item)) this.add(item);
  }

  /** Releases the workers and drops what waits. */
  shutDown(): void {
    this.shuttingDown = true;
    this.waiting.clear();
    for (const { cancel } of this.delays.values()) cancel();
    this.delays.clear();
    for (const worker of this.workers.splice(0)) worker(undefined);
  }
}
