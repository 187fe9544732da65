// Watch events are decoded and serialized once, however many watchers they go to.
import type { KubernetesObject } from "../../api/object.ts";
import type { Entry } from "../../store/store.ts";
import type { ServedEvent } from "../message.ts";
import { objectText, sharedObject } from "../object-storage.ts";
import type { Resource } from "../resource.ts";

/** Makes the events of stored entries, each once. */
export class WatchCache {
  private readonly events = new WeakMap<Entry, Map<string, ServedEvent>>();

  /** The event of that type that shows `entry`. */
  event(type: ServedEvent["type"], resource: Resource, entry: Entry): ServedEvent {
    let byType = this.events.get(entry);
    if (byType === undefined) this.events.set(entry, (byType = new Map()));
    const key = resource.storedAs === undefined ? type : `${type} ${resource.group}/${resource.version}`;
    let event = byType.get(key);
    if (event === undefined) byType.set(key, (event = new EntryEvent(type, resource, entry)));
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

  get object(): KubernetesObject {
    return sharedObject(this.resource, this.entry);
  }

  get line(): Uint8Array {
    return (this.bytes ??= Buffer.from(`{"type":"${this.type}","object":${objectText(this.resource, this.entry)}}\n`));
  }
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
