// Watch events are decoded and serialized once, however many watchers they go to.
import type { KubernetesObject } from "../../api/object.ts";
import type { Entry } from "../../store/store.ts";
import type { ServedEvent } from "../message.ts";
import { objectText, sharedObject } from "../object-storage.ts";
import type { Resource } from "../resource.ts";

/** A change reaches all of its watchers before the next one does: few events need to be remembered, and none for long. */
const REMEMBERED = 32;

/** Makes the events of stored entries; those made last are shared. */
export class WatchLines {
  private readonly recent: EntryEvent[] = [];
  private next = 0;

  /** The event of that type that shows `entry`. */
  event(type: ServedEvent["type"], resource: Resource, entry: Entry): ServedEvent {
    for (const event of this.recent) if (event.shows(type, resource, entry)) return event;
    const event = new EntryEvent(type, resource, entry);
    this.recent[this.next] = event;
    this.next = (this.next + 1) % REMEMBERED;
    return event;
  }
}

class EntryEvent implements ServedEvent {
  readonly type: ServedEvent["type"];
  private readonly resource: Resource;
  private readonly entry: Entry;
  private bytes: Uint8Array | undefined;

  constructor(type: ServedEvent["type"], resource: Resource, entry: Entry) {
    this.type = type;
    this.resource = resource;
    this.entry = entry;
  }

  shows(type: ServedEvent["type"], resource: Resource, entry: Entry): boolean {
    return this.entry === entry && this.type === type && this.resource === resource;
  }

  get object(): KubernetesObject {
    return sharedObject(this.resource, this.entry);
  }

  get line(): Uint8Array {
    return (this.bytes ??= Buffer.from(`{"type":"${this.type}","object":${objectText(this.resource, this.entry)}}\n`));
  }
}

/** An event of a stored entry that is for one watcher only. */
export function entryEvent(type: ServedEvent["type"], resource: Resource, entry: Entry): ServedEvent {
  return new EntryEvent(type, resource, entry);
}

/** An event of an object that is not an entry's own. */
export function objectEvent(type: ServedEvent["type"], object: KubernetesObject): ServedEvent {
  return {
    type,
    object,
    get line() {
      return Buffer.from(`${JSON.stringify({ type, object })}\n`);
    },
  };
}
