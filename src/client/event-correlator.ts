// Behaviour: k8s.io/client-go/tools/record/events_cache.go: keeps a component from flooding the cluster with events.
import type { Event } from "../api/generated/types/core/v1.ts";
import type { Clock } from "../util/clock.ts";
import { LruMap } from "../util/lru-map.ts";

const CACHE_ENTRIES = 4096;
/** From so many messages on that differ only in their text ... */
const AGGREGATE_AFTER = 10;
/** ... within this time, they are one event. */
const AGGREGATE_INTERVAL_MS = 600_000;
/** A component may say so much of one object at once ... */
const SPAM_BURST = 25;
/** ... and then one event in this time. */
const SPAM_REFILL_MS = 300_000;

/** What to write: an event that is new, or one that is there already and counts one more. */
export interface CorrelatedEvent {
  readonly event: Event;
  readonly isUpdate: boolean;
}

interface TokenBucket {
  tokens: number;
  at: number;
}

interface Aggregate {
  messages: Set<string>;
  at: number;
}

type Observation = Pick<Event, "count" | "firstTimestamp"> & { readonly name: string };

/** Filters, aggregates and counts the events of one component. */
export class EventCorrelator {
  private readonly clock: Clock;
  private readonly buckets = new LruMap<string, TokenBucket>(CACHE_ENTRIES);
  private readonly aggregates = new LruMap<string, Aggregate>(CACHE_ENTRIES);
  private readonly observations = new LruMap<string, Observation>(CACHE_ENTRIES);

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** What to write for a new event; undefined when its source has said too much of the object. */
  correlate(event: Event): CorrelatedEvent | undefined {
    const { event: aggregated, key } = this.aggregate(event);
    const correlated = this.count(aggregated, key);
    return this.mayPass(event) ? correlated : undefined;
  }

  /** Remembers an event as the server has it. */
  written(event: Event): void {
    this.observations.set(eventKey(event), observationOf(event));
  }

  private mayPass(event: Event): boolean {
    const key = joinKey(...objectFields(event), event.type);
    const now = this.clock.monotonic();
    const bucket = this.buckets.get(key) ?? { tokens: SPAM_BURST, at: now };
    bucket.tokens = Math.min(SPAM_BURST, bucket.tokens + (now - bucket.at) / SPAM_REFILL_MS);
    bucket.at = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  private aggregate(event: Event): { event: Event; key: string } {
    const key = joinKey(...objectFields(event), event.type, event.reason, event.reportingComponent, event.reportingInstance);
    const now = this.clock.monotonic();
    const known = this.aggregates.get(key);
    const aggregate = known === undefined || now - known.at > AGGREGATE_INTERVAL_MS ? { messages: new Set<string>(), at: now } : known;
    aggregate.messages.add(event.message ?? "");
    aggregate.at = now;
    this.aggregates.set(key, aggregate);
    if (aggregate.messages.size < AGGREGATE_AFTER) return { event, key: eventKey(event) };
    for (const message of aggregate.messages) {
      aggregate.messages.delete(message);
      break;
    }
    return { event: { ...event, message: `(combined from similar events): ${event.message}`, reportingComponent: "", reportingInstance: "" }, key };
  }

  private count(event: Event, key: string): CorrelatedEvent {
    const last = this.observations.get(key);
    const counted = last === undefined ? event : { ...event, count: (last.count ?? 0) + 1, firstTimestamp: last.firstTimestamp, metadata: { ...event.metadata, name: last.name } };
    this.observations.set(key, observationOf(counted));
    return { event: counted, isUpdate: last !== undefined };
  }
}

function observationOf(event: Event): Observation {
  return { name: event.metadata.name ?? "", count: event.count, firstTimestamp: event.firstTimestamp };
}

function objectFields({ source, involvedObject }: Event): (string | undefined)[] {
  const { kind, namespace, name, uid, apiVersion } = involvedObject;
  return [source?.component, source?.host, kind, namespace, name, uid, apiVersion];
}

function eventKey(event: Event): string {
  return joinKey(...objectFields(event), event.involvedObject.fieldPath, event.type, event.reason, event.message);
}

function joinKey(...parts: (string | undefined)[]): string {
  return parts.join("\n");
}
