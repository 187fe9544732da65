// Behaviour: pkg/scheduler/backend/queue: pods that wait for a node: ready to be tried, backing off, or waiting for the cluster to change.
import type { CancelTimer, Clock } from "../util/clock.ts";
import type { ClusterEvent, Filter } from "./framework.ts";
import type { PodFacts } from "./node-state.ts";

const INITIAL_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 10_000;
/** A pod that nothing has moved for so long is tried anyway. */
const MAX_UNSCHEDULABLE_MS = 5 * 60_000;

/** A pod in the queue. */
export interface QueuedPod {
  facts: PodFacts;
  readonly addedAt: number;
  attempts: number;
}

interface Waiting {
  readonly queued: QueuedPod;
  /** The names of the filters that rejected it, none when there was no node to judge; undefined when scheduling failed for a reason of ours. */
  readonly rejectedBy: ReadonlySet<string> | undefined;
  readonly until: number;
}

/** The scheduling queue. */
export class SchedulingQueue {
  private readonly clock: Clock;
  private readonly filters: readonly Filter[];
  private readonly active = new Map<string, QueuedPod>();
  private readonly backoff = new Map<string, Waiting>();
  private readonly unschedulable = new Map<string, Waiting>();
  private cancelTimer: CancelTimer | undefined;
  private readonly onReady: () => void;

  /** `onReady` is called when there may be something to pop. */
  constructor(clock: Clock, filters: readonly Filter[], onReady: () => void) {
    this.clock = clock;
    this.filters = filters;
    this.onReady = onReady;
  }

  /** A pod that is new, or newly free of scheduling gates. */
  add(facts: PodFacts): void {
    if (this.find(facts.uid) !== undefined) return this.update(facts, true);
    this.activate({ facts, addedAt: this.clock.now(), attempts: 0 });
  }

  /** The pod changed; `helps` when the change may make it fit. */
  update(facts: PodFacts, helps: boolean): void {
    const queued = this.find(facts.uid);
    if (queued === undefined) return;
    queued.facts = facts;
    const waiting = this.unschedulable.get(facts.uid);
    if (waiting !== undefined && helps) {
      this.unschedulable.delete(facts.uid);
      this.moveOn(waiting);
    }
  }

  remove(uid: string): void {
    this.active.delete(uid);
    this.backoff.delete(uid);
    this.unschedulable.delete(uid);
  }

  /** The next pod to try: of the highest priority the longest waiting; with no other, one that is backing off after a rejection. */
  pop(): QueuedPod | undefined {
    const queued = first(this.active.values()) ?? first([...this.backoff.values()].filter(({ rejectedBy }) => rejectedBy !== undefined).map(({ queued }) => queued));
    if (queued === undefined) return undefined;
    this.remove(queued.facts.uid);
    queued.attempts += 1;
    return queued;
  }

  /** The pod fits nowhere: it waits for an event that one of these filters cares for. */
  addUnschedulable(queued: QueuedPod, rejectedBy: Iterable<string>): void {
    const now = this.clock.now();
    this.unschedulable.set(queued.facts.uid, { queued, rejectedBy: new Set(rejectedBy), until: now + backoffMs(queued.attempts) });
    this.schedule();
  }

  /** The pod failed for a reason of ours: it is tried again after its back-off. */
  addFailed(queued: QueuedPod): void {
    this.backoff.set(queued.facts.uid, { queued, rejectedBy: undefined, until: this.clock.now() + backoffMs(queued.attempts) });
    this.schedule();
  }

  /** Something happened: pods that it may help are tried again. */
  moveOnEvent(event: ClusterEvent): void {
    for (const [uid, waiting] of this.unschedulable) {
      if (!this.helps(event, waiting.rejectedBy ?? new Set())) continue;
      this.unschedulable.delete(uid);
      this.moveOn(waiting);
    }
  }

  private helps(event: ClusterEvent, rejectedBy: ReadonlySet<string>): boolean {
    if (rejectedBy.size === 0) return event === "NodeAdd";
    return this.filters.some(({ name, events }) => rejectedBy.has(name) && events.includes(event));
  }

  stop(): void {
    this.cancelTimer?.();
    for (const pods of [this.active, this.backoff, this.unschedulable]) pods.clear();
  }

  private find(uid: string): QueuedPod | undefined {
    return this.active.get(uid) ?? (this.backoff.get(uid) ?? this.unschedulable.get(uid))?.queued;
  }

  private activate(queued: QueuedPod): void {
    this.active.set(queued.facts.uid, queued);
    this.onReady();
  }

  private moveOn(waiting: Waiting): void {
    if (waiting.until <= this.clock.now()) return this.activate(waiting.queued);
    this.backoff.set(waiting.queued.facts.uid, waiting);
    this.schedule();
    this.onReady();
  }

  /** One timer serves back-offs and the flush of what waits too long. */
  private schedule(): void {
    this.cancelTimer?.();
    const due = [...[...this.backoff.values()].map(({ until }) => until), ...[...this.unschedulable.values()].map(({ until }) => until + MAX_UNSCHEDULABLE_MS)];
    if (due.length === 0) return;
    this.cancelTimer = this.clock.setTimer(Math.max(0, Math.min(...due) - this.clock.now()), () => this.flush());
  }

  private flush(): void {
    const now = this.clock.now();
    for (const [uid, { queued, until }] of this.backoff) {
      if (until > now) continue;
      this.backoff.delete(uid);
      this.activate(queued);
    }
    for (const [uid, { queued, until }] of this.unschedulable) {
      if (until + MAX_UNSCHEDULABLE_MS > now) continue;
      this.unschedulable.delete(uid);
      this.activate(queued);
    }
    this.schedule();
  }
}

function backoffMs(attempts: number): number {
  return Math.min(INITIAL_BACKOFF_MS * 2 ** Math.max(0, attempts - 1), MAX_BACKOFF_MS);
}

function first(pods: Iterable<QueuedPod>): QueuedPod | undefined {
  let best: QueuedPod | undefined;
  for (const queued of pods) {
    if (best === undefined || queued.facts.priority > best.facts.priority || (queued.facts.priority === best.facts.priority && queued.addedAt < best.addedAt)) {
      best = queued;
    }
  }
  return best;
}
