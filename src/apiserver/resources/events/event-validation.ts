// Behaviour: k8s.io/kubernetes/pkg/apis/core/validation/events.go, on events as they are stored.
import type { Event } from "../../../api/generated/types/core/v1.ts";
import { type FieldError, FieldPath, invalidValue, requiredValue } from "../../../api/field-errors.ts";
import { byteLength, isDNS1123Subdomain, isQualifiedName } from "../../../api/name-validation.ts";
import { immutable, invalidEach } from "../shared/field-checks.ts";
import { internalForm } from "../shared/internal-form.ts";

const NAMESPACE_MISMATCH = "does not match event.namespace";
const MAX_BYTES = 128;
const MAX_NOTE_BYTES = 1024;

/** What is wrong with any event; `reportingField` is what the client's version calls the reporting controller. */
export function validateEvent(event: Event, reportingField: string): FieldError[] {
  const namespace = event.metadata.namespace ?? "";
  return [
    ...(event.eventTime ? validateNewEvent(event, reportingField) : validateOldEvent(event)),
    ...invalidEach(new FieldPath("namespace"), namespace, isDNS1123Subdomain(namespace)),
  ];
}

function validateOldEvent({ involvedObject, metadata }: Event): FieldError[] {
  const involved = involvedObject.namespace ?? "";
  const namespace = metadata.namespace ?? "";
  const matches = involved === "" ? namespace === "" || namespace === "default" : namespace === involved;
  return matches ? [] : [invalidValue(new FieldPath("involvedObject.namespace"), involved, NAMESPACE_MISMATCH)];
}

function validateNewEvent(event: Event, reportingField: string): FieldError[] {
  const errors: FieldError[] = [];
  const involved = event.involvedObject.namespace ?? "";
  if (involved === "" && !["default", "kube-system"].includes(event.metadata.namespace ?? "")) {
    errors.push(invalidValue(new FieldPath("involvedObject.namespace"), involved, NAMESPACE_MISMATCH));
  }
  const controller = event.reportingComponent ?? "";
  const path = new FieldPath(reportingField);
  if (controller === "") errors.push(requiredValue(path));
  errors.push(...invalidEach(path, controller, isQualifiedName(controller)));
  for (const field of ["reportingInstance", "action", "reason"] as const) errors.push(...requiredText(event[field] ?? "", new FieldPath(field)));
  if (byteLength(event.message ?? "") > MAX_NOTE_BYTES) errors.push(invalidValue(new FieldPath("message"), "", `can have at most ${MAX_NOTE_BYTES} characters`));
  return errors;
}

function requiredText(value: string, path: FieldPath): FieldError[] {
  if (value === "") return [requiredValue(path)];
  return byteLength(value) > MAX_BYTES ? [invalidValue(path, "", `can have at most ${MAX_BYTES} characters`)] : [];
}

/** What events.k8s.io demands of a new event beyond the rules of v1. */
export function validateStrictEvent(event: Event): FieldError[] {
  const errors = validateSeries(event);
  if (!event.eventTime) errors.push(requiredValue(new FieldPath("eventTime")));
  if (event.type !== "Normal" && event.type !== "Warning") errors.push(invalidValue(new FieldPath("type"), "", `has invalid value: ${event.type ?? ""}`));
  const set = [
    ...(event.firstTimestamp ? ["firstTimestamp"] : []),
    ...(event.lastTimestamp ? ["lastTimestamp"] : []),
    ...(event.count ? ["count"] : []),
    ...(event.source?.component || event.source?.host ? ["source"] : []),
  ];
  return [...errors, ...set.map((field) => invalidValue(new FieldPath(field), "", "needs to be unset"))];
}

/** In events.k8s.io only the series of an event changes. */
export function validateStrictEventUpdate(next: Event, old: Event): FieldError[] {
  const seriesChanged = JSON.stringify(next.series ?? null) !== JSON.stringify(old.series ?? null);
  const same = (field: keyof Event, name: string = field, type?: string): FieldError[] => {
    const value = next[field];
    return immutable(value, old[field], new FieldPath(name), type === undefined ? (value ?? "") : internalForm(type, value));
  };
  return [
    ...(seriesChanged ? validateSeries(next) : []),
    ...same("involvedObject", "involvedObject", "core.v1.ObjectReference"),
    ...same("reason"),
    ...same("message"),
    ...same("source", "source", "core.v1.EventSource"),
    ...same("firstTimestamp"),
    ...same("lastTimestamp"),
    ...immutable(next.count ?? 0, old.count ?? 0, new FieldPath("count")),
    ...same("reason"),
    ...same("type"),
    ...same("eventTime"),
    ...same("action"),
    ...same("related", "related", "core.v1.ObjectReference"),
    ...same("reportingComponent", "reportingController"),
    ...same("reportingInstance"),
  ];
}

function validateSeries({ series }: Event): FieldError[] {
  if (series === undefined) return [];
  const errors: FieldError[] = [];
  if ((series.count ?? 0) < 2) errors.push(invalidValue(new FieldPath("series.count"), "", "should be at least 2"));
  if (!series.lastObservedTime) errors.push(requiredValue(new FieldPath("series.lastObservedTime")));
  return errors;
}
