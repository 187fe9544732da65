// Behaviour: the mandatory objects of k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap: those of a new cluster that cannot be changed.
import { bootstrapObjectsText } from "../../../api/generated/bootstrap-objects.ts";
import type { KubernetesObject } from "../../../api/object.ts";

/** The names of the schemas and levels that always stay as they are. */
const MANDATORY = ["exempt", "catch-all"];

/** The spec that an object of this kind and name has to have, without defaults; undefined when it is up to the user. */
export function mandatorySpec<S>(kind: string, name: string): S | undefined {
  if (!MANDATORY.includes(name)) return undefined;
  const objects = JSON.parse(bootstrapObjectsText) as (KubernetesObject & { spec?: S })[];
  return objects.find((object) => object.kind === kind && object.metadata.name === name)?.spec;
}
