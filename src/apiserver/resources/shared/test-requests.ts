// What the server does with an object before it is stored, for the tests of resource records.
import { decodeTyped } from "../../../api/decode.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { FakeClock } from "../../../util/fake-clock.ts";
import { sequentialIds } from "../../../util/ids.ts";
import type { RequestContext, Resource } from "../../resource.ts";

/** A request by an administrator in the namespace default, in a world of the given objects. */
export function requestContext(stored: readonly KubernetesObject[] = []): RequestContext {
  const all = <T extends KubernetesObject>({ resource }: { resource: string }): readonly T[] => (resource === "services" ? (stored as readonly T[]) : []);
  return { clock: new FakeClock(), ids: sequentialIds(), user: { name: "admin", groups: [] }, namespace: "default", dryRun: false, lookup: () => undefined, lookupAll: all };
}

/** The outcome of a request: the object, what is wrong with it, and the warnings. */
export interface Outcome {
  readonly object: KubernetesObject;
  readonly errors: string[];
  readonly warnings: string[];
}

/** An object of a resource, decoded and with its defaults. */
export function decodeObject(resource: Resource, fields: object): KubernetesObject {
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  const { object } = decodeTyped<KubernetesObject>(resource.type ?? "", { apiVersion, kind: resource.kind, metadata: { name: "x", namespace: "default" }, ...fields });
  resource.defaults?.(object);
  return object;
}

/** Creates an object. */
export function create(resource: Resource, fields: object, context = requestContext()): Outcome {
  const object = decodeObject(resource, fields);
  object.metadata.uid = "uid-1";
  if (resource.tracksGeneration ?? resource.status !== undefined) object.metadata.generation = 1;
  resource.prepareForCreate?.(object, context);
  return { object, errors: messages(resource.validate?.(object, context)), warnings: resource.warnings?.(object, undefined) ?? [] };
}

/** Updates what `create` gave, after a change of its fields. */
export function update(resource: Resource, old: KubernetesObject, change: (object: never) => void, context = requestContext()): Outcome {
  const stored = structuredClone(old);
  stored.metadata.resourceVersion = "1";
  const object = structuredClone(stored);
  change(object as never);
  resource.defaults?.(object);
  resource.prepareForUpdate?.(object, stored, context);
  const errors = [...(resource.validate?.(object, context) ?? []), ...(resource.validateUpdate?.(object, stored, context) ?? [])];
  return { object, errors: [...new Set(messages(errors))], warnings: resource.warnings?.(object, stored) ?? [] };
}

/** The cells of an object's row in a table, wide ones last. */
export function row(resource: Resource, object: KubernetesObject, now = Date.UTC(2026, 0, 1)): Record<string, unknown> {
  return Object.fromEntries((resource.columns ?? []).map(({ name, cell }) => [name, cell(object, now)]));
}

function messages(errors: readonly { message: string }[] = []): string[] {
  return errors.map(({ message }) => message);
}
