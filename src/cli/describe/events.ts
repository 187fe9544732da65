// Behaviour: k8s.io/kubectl/pkg/describe (searchEvents, DescribeEvents).
import type { Event } from "../../api/generated/types/core/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { events as eventsResource } from "../../api/resource-refs.ts";
import type { EventSubject, RelatedReader } from "./describer.ts";
import type { Description } from "./description.ts";

/** The events of an object, for each of the subjects after the other. */
export async function searchEvents(object: KubernetesObject, subjects: readonly EventSubject[], reader: RelatedReader): Promise<Event[]> {
  const { name = "", namespace = "" } = object.metadata;
  const found: Event[] = [];
  for (const { kind, uid } of subjects) {
    const terms = [`involvedObject.name=${name}`, `involvedObject.namespace=${namespace}`];
    if (kind !== undefined && kind !== "") terms.push(`involvedObject.kind=${kind}`);
    if (uid !== undefined && uid !== "") terms.push(`involvedObject.uid=${uid}`);
    found.push(...(await reader.list(eventsResource, namespace, { fieldSelector: terms.sort().join(",") })));
  }
  return found;
}

/** The table of events at the end of a description. */
export function describeEvents(events: readonly Event[], to: Description): void {
  if (events.length === 0) {
    to.write(0, "Events:\t<none>\n");
    return;
  }
  to.flush();
  to.write(0, "Events:\n");
  to.row(1, "Type", "Reason", "Age", "From", "Message");
  to.row(1, "----", "------", "----", "----", "-------");
  for (const event of [...events].sort((a, b) => (a.lastTimestamp ?? "").localeCompare(b.lastTimestamp ?? ""))) {
    const message = (event.message ?? "").trim();
    const { fieldPath } = event.involvedObject;
    to.row(1, event.type, event.reason, intervalOf(event, to), event.source?.component || event.reportingComponent, fieldPath ? `${fieldPath}: ${message}` : message);
  }
}

/** "5s", or "5s (x3 over 2m)" for one that repeats. */
export function intervalOf(event: Event, to: Pick<Description, "age">): string {
  const first = to.age(event.eventTime ?? event.firstTimestamp);
  if (event.series !== undefined) return `${to.age(event.series.lastObservedTime)} (x${event.series.count ?? 0} over ${first})`;
  return (event.count ?? 0) > 1 ? `${to.age(event.lastTimestamp)} (x${event.count} over ${first})` : first;
}
