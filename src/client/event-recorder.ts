// Behaviour: k8s.io/client-go/tools/record: events about objects, as `kubectl describe` shows them.
import { hasReason, isAlreadyExists, isNotFound, StatusError } from "../api/errors.ts";
import type { Event, ObjectReference } from "../api/generated/types/core/v1.ts";
import { isDNS1123Subdomain } from "../api/name-validation.ts";
import type { KubernetesObject } from "../api/object.ts";
import { events } from "../api/resource-refs.ts";
import { type Clock, formatTime } from "../util/clock.ts";
import type { Ids } from "../util/ids.ts";
import type { Logger } from "../util/logger.ts";
import type { ApiClient } from "./client.ts";
import { EventCorrelator } from "./event-correlator.ts";

/** So many events may wait to be written; further ones are lost. */
const MAX_QUEUED = 1000;
const MAX_TRIES = 12;
const RETRY_MS = 10_000;

/** Tells users what happens to an object. Never fails and never waits: an event that cannot be written is lost. */
export interface EventRecorder {
  /** `fieldPath` names a part of the object: "spec.containers{main}". */
  event(object: KubernetesObject, type: "Normal" | "Warning", reason: string, message: string, fieldPath?: string): void;
  /** Resolves when everything recorded so far is written, or lost. */
  flush(): Promise<void>;
}

/** What a recorder works with. */
export interface EventRecorderContext {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Ends attempts to reach a server that does not answer. */
  readonly signal?: AbortSignal;
}

/** Makes the recorder of a component, e.g. "deployment-controller"; `host` is the node's name where there is one. */
export function createEventRecorder(context: EventRecorderContext, component: string, host = ""): EventRecorder {
  const correlator = new EventCorrelator(context.clock);
  let queued = 0;
  let tail = Promise.resolve();
  let lastStamp = 0n;
  /** Nanoseconds since the epoch, for names that no event of any component has yet. */
  const stamp = () => {
    const now = BigInt(context.clock.now()) * 1_000_000n + BigInt(Math.floor(context.ids.fraction() * 1_000_000));
    lastStamp = now > lastStamp ? now : lastStamp + 1n;
    return lastStamp.toString(16);
  };
  return {
    event(object, type, reason, message, fieldPath) {
      if (queued >= MAX_QUEUED) {
        context.logger.warn("Too many events wait to be written, one is lost", { reason, message });
        return;
      }
      const event = makeEvent(context, `${object.metadata.name}.${stamp()}`, { component, host }, referenceOf(object, fieldPath), { type, reason, message });
      queued++;
      tail = tail.then(() => write(context, correlator, event)).finally(() => queued--);
    },
    flush: () => tail,
  };
}

function referenceOf({ apiVersion, kind, metadata }: KubernetesObject, fieldPath: string | undefined): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { kind, ...(namespace !== undefined && { namespace }), name, uid, apiVersion, resourceVersion, ...(fieldPath !== undefined && { fieldPath }) };
}

function makeEvent(
  { clock, ids }: EventRecorderContext,
  name: string,
  { component, host }: { component: string; host: string },
  involvedObject: ObjectReference,
  told: Pick<Event, "type" | "reason" | "message">,
): Event {
  const now = clock.now();
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: isDNS1123Subdomain(name).length === 0 ? name : ids.uid(), namespace: involvedObject.namespace || "default" },
    involvedObject,
    ...told,
    source: { component, ...(host !== "" && { host }) },
    firstTimestamp: formatTime(now),
    lastTimestamp: formatTime(now),
    count: 1,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host,
  };
}

async function write(context: EventRecorderContext, correlator: EventCorrelator, recorded: Event): Promise<void> {
  const correlated = correlator.correlate(recorded);
  if (correlated === undefined) return;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    try {
      correlator.written(await send(context.client, correlated.event, correlated.isUpdate));
      return;
    } catch (error) {
      if (error instanceof StatusError) {
        const expected = isAlreadyExists(error) || isNamespaceTerminating(error);
        context.logger[expected ? "debug" : "error"]("Server rejected event (will not retry!)", { reason: recorded.reason, error });
        return;
      }
      context.logger.warn("Unable to write event (may retry after sleeping)", { reason: recorded.reason, error });
      const delay = tries === 1 ? RETRY_MS * context.ids.fraction() : RETRY_MS;
      const slept = await context.clock.sleep(delay, context.signal).then(() => true, () => false);
      if (!slept) return;
    }
  }
}

async function send(client: ApiClient, event: Event, isUpdate: boolean): Promise<Event> {
  const namespaced = client.resource(events, event.metadata.namespace);
  if (isUpdate) {
    const { count, lastTimestamp, message } = event;
    try {
      return await namespaced.patch(event.metadata.name ?? "", "application/strategic-merge-patch+json", { count, lastTimestamp, message });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return namespaced.create(event);
}

function isNamespaceTerminating(error: StatusError): boolean {
  return hasReason(error, "Forbidden") && error.status.details?.causes?.some((cause) => cause.reason === "NamespaceTerminating") === true;
}
