// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager/equality.go: a write that changes nothing keeps the times.
import type { KubernetesObject } from "../../api/object.ts";
import { jsonEquals } from "../../api/patch/json-value.ts";

/**
 * Gives `next` the managedFields of `live` when the two differ in nothing but the times in them, so that the write is seen
 * to change nothing. Changes `next`.
 */
export function keepTimesUnlessChanged(live: KubernetesObject, next: KubernetesObject): void {
  const [before, after] = [live.metadata.managedFields, next.metadata.managedFields];
  if (before === undefined || after === undefined || before.length !== after.length) return;
  if (after.every((entry, index) => entry.time === before[index]?.time)) return;
  const sameFields = after.every((entry, index) => jsonEquals({ ...entry, time: undefined }, { ...before[index], time: undefined }));
  if (sameFields && jsonEquals(withoutManagedFields(live), withoutManagedFields(next))) next.metadata.managedFields = before;
}

function withoutManagedFields(object: KubernetesObject): object {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
