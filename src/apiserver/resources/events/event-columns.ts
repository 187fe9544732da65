// Behaviour: printEvent in k8s.io/kubernetes/pkg/printers/internalversion.
import type { Event } from "../../../api/generated/types/core/v1.ts";
import { type Columns, nameColumn, textColumn, timeSince, wideColumn } from "../shared/columns.ts";

/** The columns of events. */
export const eventColumns: Columns<Event> = [
  textColumn("Last Seen", "The time at which the most recent occurrence of this event was recorded.", lastSeen),
  textColumn("Type", "Type of this event (Normal, Warning), new types could be added in the future", (event) => event.type ?? ""),
  textColumn("Reason", "Why the object was brought into its current status.", (event) => event.reason ?? ""),
  textColumn("Object", "The object that this event is about.", involvedObject),
  wideColumn("Subobject", "The part of the object that this event is about.", (event) => event.involvedObject.fieldPath ?? ""),
  wideColumn("Source", "The component reporting this event. Should be a short machine understandable string.", source),
  textColumn("Message", "A human-readable description of the status of this operation.", (event) => (event.message ?? "").trim()),
  wideColumn("First Seen", "The time at which the event was first recorded.", firstSeen),
  wideColumn("Count", "The number of times this event has occurred.", (event) => event.series?.count ?? (event.series === undefined ? event.count || 1 : 0)),
  { ...nameColumn, priority: 1 },
];

function lastSeen(event: Event, now: number): string {
  if (event.series !== undefined) return timeSince(event.series.lastObservedTime, now);
  return event.lastTimestamp ? timeSince(event.lastTimestamp, now) : firstSeen(event, now);
}

function firstSeen(event: Event, now: number): string {
  return timeSince(event.firstTimestamp || event.eventTime, now);
}

function involvedObject({ involvedObject: { kind = "", name = "" } }: Event): string {
  return name === "" ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function source(event: Event): string {
  const component = event.source?.component || event.reportingComponent || "";
  const instance = event.source?.host || event.reportingInstance || "";
  return instance === "" ? component : `${component}, ${instance}`;
}
