// The contract of a describer: what it reads beside the object, and how it writes both.
import type { KubernetesObject } from "../../api/object.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import type { Description } from "./description.ts";

/** Reads what belongs to an object. */
export interface RelatedReader {
  get<T extends KubernetesObject>(ref: ResourceRef<T>, namespace: string, name: string): Promise<T>;
  /** All objects that match, read page by page. */
  list<T extends KubernetesObject>(ref: ResourceRef<T>, namespace: string, selectors?: { labelSelector?: string; fieldSelector?: string }): Promise<T[]>;
}

/** Which events belong to an object; undefined leaves that part of the search out. */
export interface EventSubject {
  readonly kind: string | undefined;
  readonly uid: string | undefined;
}

/** Describes one kind. */
export interface Describer {
  /** Reads what else is shown. */
  gather(object: KubernetesObject, reader: RelatedReader): Promise<unknown>;
  /** Writes the object and what was gathered. */
  describe(object: KubernetesObject, related: unknown, to: Description): void;
  /** The searches for events whose results are shown together; none for a kind that is described without events. */
  eventSubjects(object: KubernetesObject): readonly EventSubject[];
}

/** A describer for objects of type T that reads an R. */
export interface DescriberParts<T extends KubernetesObject, R> {
  gather?(object: T, reader: RelatedReader): Promise<R>;
  describe(object: T, related: R, to: Description): void;
  eventSubjects?(object: T): readonly EventSubject[];
}

/** Makes a describer of its parts; without `eventSubjects` it shows the events of the object itself. */
export function defineDescriber<T extends KubernetesObject, R = undefined>(parts: DescriberParts<T, R>): Describer {
  return {
    gather: async (object, reader) => parts.gather?.(object as T, reader),
    describe: (object, related, to) => parts.describe(object as T, related as R, to),
    eventSubjects: (object) => parts.eventSubjects?.(object as T) ?? [{ kind: object.kind, uid: object.metadata.uid }],
  };
}

/** For kinds whose descriptions have no events. */
export const withoutEvents = (): readonly EventSubject[] => [];
