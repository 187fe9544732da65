// Behaviour: k8s.io/kubernetes/pkg/apis/events/v1: the events of v1 under other names, with stricter rules.
import type { Event as CoreEvent } from "../../../api/generated/types/core/v1.ts";
import type { Event } from "../../../api/generated/types/events/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { TableColumn } from "../../resource.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsDNSSubdomain } from "../shared/names.ts";
import { isNew } from "../shared/new-object.ts";
import { eventColumns } from "./event-columns.ts";
import { validateEvent, validateStrictEvent, validateStrictEventUpdate } from "./event-validation.ts";

/** events.k8s.io/v1 events. */
export const eventsEventResource = defineResource<Event>({
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  resource: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  type: "events.v1.Event",
  allowCreateOnUpdate: true,
  storedAs: {
    group: "",
    version: "v1",
    resource: "events",
    toStored: toCoreEvent,
    fromStored: (stored) => fromCoreEvent(stored as CoreEvent),
  },
  validateName: nameIsDNSSubdomain,
  validate(event) {
    const stored = toCoreEvent(event);
    const errors = validateEvent(stored, "reportingController");
    return isNew(event) ? [...errors, ...validateStrictEvent(stored)] : errors;
  },
  validateUpdate: (next, old) => validateStrictEventUpdate(toCoreEvent(next), toCoreEvent(old)),
  selectableFields: {
    reason: (event) => event.reason ?? "",
    "regarding.kind": (event) => event.regarding?.kind ?? "",
    "regarding.namespace": (event) => event.regarding?.namespace ?? "",
    "regarding.name": (event) => event.regarding?.name ?? "",
    "regarding.uid": (event) => event.regarding?.uid ?? "",
    "regarding.apiVersion": (event) => event.regarding?.apiVersion ?? "",
    "regarding.resourceVersion": (event) => event.regarding?.resourceVersion ?? "",
    "regarding.fieldPath": (event) => event.regarding?.fieldPath ?? "",
    reportingController: (event) => event.reportingController ?? "",
    type: (event) => event.type ?? "",
  },
  columns: eventColumns.map((column): TableColumn<Event> => ({ ...column, cell: (event, now) => column.cell(toCoreEvent(event), now) })),
});

function toCoreEvent(event: Event): CoreEvent {
  const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, reportingController, ...same } = event;
  const core = {
    ...same,
    apiVersion: "v1",
    involvedObject: regarding ?? {},
    message: note,
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    count: deprecatedCount,
    reportingComponent: reportingController ?? "",
    reportingInstance: event.reportingInstance ?? "",
  };
  return withoutUndefined(core) as unknown as CoreEvent;
}

function fromCoreEvent(event: CoreEvent): Event {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...same } = event;
  const converted = {
    ...same,
    apiVersion: "events.k8s.io/v1",
    regarding: involvedObject,
    note: message,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp ?? null,
    deprecatedLastTimestamp: lastTimestamp ?? null,
    deprecatedCount: count,
    reportingController: reportingComponent || undefined,
  };
  return withoutUndefined(converted) as unknown as Event;
}

function withoutUndefined<T extends KubernetesObject>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
