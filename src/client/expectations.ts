// Behaviour: pkg/controller/controller_utils.go: ControllerExpectations and UIDTrackingControllerExpectations.
import type { Clock } from "../util/clock.ts";

/** What was not seen for so long is not waited for any more. */
const TIMEOUT_MS = 5 * 60_000;

interface Expectation {
  creations: number;
  readonly deletions: Set<string>;
  readonly since: number;
}

/** What a controller did and has not seen in its informer yet, by its owner's key: until then it must not act again. */
export class Expectations {
  private readonly clock: Clock;
  private readonly expected = new Map<string, Expectation>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Whether everything expected was seen, or is overdue. */
  satisfied(key: string): boolean {
    const expectation = this.expected.get(key);
    if (expectation === undefined) return true;
    return (expectation.creations <= 0 && expectation.deletions.size === 0) || this.clock.monotonic() - expectation.since > TIMEOUT_MS;
  }

  /** Expects to see so many objects appear, in addition to what is expected already. */
  expectCreations(key: string, count: number): void {
    this.open(key).creations += count;
  }

  /** Expects to see the objects with these uids go, in addition to what is expected already. */
  expectDeletions(key: string, uids: Iterable<string>): void {
    const { deletions } = this.open(key);
    for (const uid of uids) deletions.add(uid);
  }

  /** One of the expected objects appeared, or will not. */
  creationObserved(key: string): void {
    const expectation = this.expected.get(key);
    if (expectation !== undefined && expectation.creations > 0) expectation.creations--;
  }

  /** The object is on its way out, or will not go. Seeing it twice counts once. */
  deletionObserved(key: string, uid: string): void {
    this.expected.get(key)?.deletions.delete(uid);
  }

  /** Forgets an owner that is gone. */
  forget(key: string): void {
    this.expected.delete(key);
  }

  /** The owner's expectation; a satisfied one is begun anew. */
  private open(key: string): Expectation {
    const current = this.expected.get(key);
    if (current !== undefined && !this.satisfied(key)) return current;
    const fresh = { creations: 0, deletions: new Set<string>(), since: this.clock.monotonic() };
    this.expected.set(key, fresh);
    return fresh;
  }
}
