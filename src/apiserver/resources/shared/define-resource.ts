// Records are written against their own type and listed among records of all types.
import type { KubernetesObject } from "../../../api/object.ts";
import type { Resource } from "../../resource.ts";

/** Checks a record against the type of its objects, and gives it the type that a list of records has. */
export function defineResource<T extends KubernetesObject>(resource: Resource<T>): Resource {
  return resource as unknown as Resource;
}
