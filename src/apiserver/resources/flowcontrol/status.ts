// Behaviour: the status strategies of k8s.io/kubernetes/pkg/registry/flowcontrol.
import type { KubernetesObject } from "../../../api/object.ts";

/** All but the status and the managed fields stays as it was. */
export function keepAllButStatus<T extends KubernetesObject & { spec: unknown }>(next: T, old: T): void {
  const { managedFields } = next.metadata;
  next.metadata = { ...old.metadata };
  if (managedFields === undefined) delete next.metadata.managedFields;
  else next.metadata.managedFields = managedFields;
  next.spec = old.spec;
}
