// Behaviour: k8s.io/kubernetes/pkg/registry/core/event: the events of v1, which are also how those of events.k8s.io are stored.
import type { Event } from "../../../api/generated/types/core/v1.ts";
import { eventColumns } from "../events/event-columns.ts";
import { validateEvent } from "../events/event-validation.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsPathSegment } from "../shared/names.ts";

/** v1 events. */
export const eventResource = defineResource<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  resource: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  type: "core.v1.Event",
  allowCreateOnUpdate: true,
  validateName: nameIsPathSegment,
  validate: (event) => validateEvent(event, "reportingComponent"),
  selectableFields: {
    "involvedObject.kind": (event) => event.involvedObject.kind ?? "",
    "involvedObject.namespace": (event) => event.involvedObject.namespace ?? "",
    "involvedObject.name": (event) => event.involvedObject.name ?? "",
    "involvedObject.uid": (event) => event.involvedObject.uid ?? "",
    "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": (event) => event.involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": (event) => event.involvedObject.fieldPath ?? "",
    reason: (event) => event.reason ?? "",
    reportingComponent: (event) => event.reportingComponent ?? "",
    source: (event) => event.source?.component || event.reportingComponent || "",
    type: (event) => event.type ?? "",
  },
  columns: eventColumns,
});
