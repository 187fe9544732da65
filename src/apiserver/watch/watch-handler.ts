// Behaviour: k8s.io/apiserver/pkg/endpoints/handlers/watch.go and pkg/storage/cacher.
import { internalError, notAcceptable, resourceExpired, StatusError } from "../../api/errors.ts";
import { type KubernetesObject, formatApiVersion } from "../../api/object.ts";
import { type Entry, RevisionUnavailableError, type StoreEvent } from "../../store/store.ts";
import type { CancelTimer } from "../../util/clock.ts";
import { type Call, callNamespace } from "../call.ts";
import { parseRevision } from "../handlers/read-handlers.ts";
import type { ServedEvent, ServerResponse, WatchSource } from "../message.ts";
import { convertEntries, keyPrefix, sharedObject } from "../object-storage.ts";
import { type ListOptions, parseListOptions } from "../options.ts";
import { negotiate } from "../respond.ts";
import { type Selection, parseSelection } from "../selection.ts";
import { partialMetadata } from "../tables/partial-metadata.ts";
import { makeTable, parseIncludeObject } from "../tables/table.ts";
import { entryEvent, objectEvent } from "./watch-lines.ts";

const MIN_TIMEOUT_SECONDS = 1800;
const BOOKMARK_INTERVAL_MS = 60_000;
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** GET of a collection with watch=true. */
export async function handleWatch(call: Call): Promise<ServerResponse> {
  const as = negotiate(call).as?.kind;
  if (as !== undefined && as !== "Table" && as !== "PartialObjectMetadata") throw notAcceptable(["application/json"]);
  const options = parseListOptions(call.info.query);
  const selection = parseSelection(call, options);
  const revision = parseRevision(options.resourceVersion);
  const feed = new WatchFeed(call, options, selection, revision);
  const events = as === undefined ? feed : transformed(call, feed, as);
  return { status: 200, headers: {}, warnings: call.warnings, body: { type: "watch", events } };
}

/** The events of one watch. */
class WatchFeed implements WatchSource {
  private readonly call: Call;
  private readonly options: ListOptions;
  private readonly selection: Selection;
  private readonly revision: number;
  private readonly cancels: (() => void)[] = [];
  private cancelBookmark: CancelTimer = () => {};
  private onEvent: (event: ServedEvent) => void = () => {};
  private end: () => void = () => {};
  private turn: Promise<void> = Promise.resolve();

  constructor(call: Call, options: ListOptions, selection: Selection, revision: number) {
    this.call = call;
    this.options = options;
    this.selection = selection;
    this.revision = revision;
  }

  start(onEvent: (event: ServedEvent) => void, onEnd: () => void): () => void {
    const { clock, ids, resources } = this.call.parts;
    const { group, version, resource } = this.call.resource;
    let stopped = false;
    const stop = () => {
      if (stopped) return;
      stopped = true;
      for (const cancel of this.cancels) cancel();
      this.cancelBookmark();
    };
    const end = (this.end = () => {
      if (stopped) return;
      stop();
      onEnd();
    });
    this.onEvent = (event) => {
      if (!stopped) onEvent(event);
    };
    const seconds = this.options.timeoutSeconds || MIN_TIMEOUT_SECONDS * (1 + ids.fraction());
    this.cancels.push(clock.setTimer(seconds * 1000, end));
    this.cancels.push(resources.onChange(() => resources.find(group, version, resource) !== this.call.resource && end()));
    try {
      this.begin();
    } catch (error) {
      if (!(error instanceof RevisionUnavailableError)) throw error;
      const { status } = resourceExpired(`too old resource version: ${error.requested} (${error.oldest})`);
      this.onEvent(objectEvent("ERROR", status as unknown as KubernetesObject));
      end();
    }
    if (this.options.allowWatchBookmarks && !stopped) this.scheduleBookmark();
    return stop;
  }

  private begin(): void {
    const { store } = this.call.parts;
    const prefix = keyPrefix(this.call.resource, callNamespace(this.call));
    const current = store.revision;
    const initial = this.options.sendInitialEvents ?? this.revision === 0;
    if (initial) {
      const { entries } = store.list(prefix);
      this.inTurn(entries, () => {
        for (const entry of entries) if (this.selects(entry)) this.onEvent(entryEvent("ADDED", this.call.resource, entry));
      });
    }
    if (this.options.sendInitialEvents === true && this.options.allowWatchBookmarks) {
      this.inTurn([], () => this.onEvent(this.bookmark(current, { [INITIAL_EVENTS_END]: "true" })));
    }
    const after = initial || this.revision === 0 ? current : this.revision;
    if (after <= current) this.cancels.push(store.watch(prefix, after, (event) => this.take(event)));
    else this.cancels.push(store.watch(prefix, current, (event) => event.revision > after && this.take(event)));
  }

  private take(event: StoreEvent): void {
    const { entry, previous } = event;
    this.inTurn(previous === undefined ? [entry] : [previous, entry], () => this.onChange(event));
  }

  /** Does what looks at the objects of entries: at once, or one after the other where another server has to convert them. */
  private inTurn(entries: readonly Entry[], act: () => void): void {
    const { resource } = this.call;
    if (resource.storedAs?.convert === undefined) {
      act();
      return;
    }
    this.turn = this.turn
      .then(() => convertEntries(resource, entries))
      .then(act)
      .catch((error: unknown) => {
        const { status } = error instanceof StatusError ? error : internalError(error instanceof Error ? error.message : String(error));
        this.onEvent(objectEvent("ERROR", status as unknown as KubernetesObject));
        this.end();
      });
  }

  private onChange({ type, entry, previous, revision }: StoreEvent): void {
    const before = previous !== undefined && this.selects(previous);
    if (type === "deleted") {
      if (before) this.onEvent(this.event("DELETED", entry));
    } else if (this.selects(entry)) {
      this.onEvent(this.event(before ? "MODIFIED" : "ADDED", entry));
    } else if (before && previous !== undefined) {
      const object = sharedObject(this.call.resource, previous);
      this.onEvent(objectEvent("DELETED", { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }));
    }
  }

  private selects(entry: Entry): boolean {
    const { isEmpty, name } = this.selection;
    if (isEmpty && name === undefined) return true;
    if (name !== undefined && !entry.key.endsWith(`/${name}`)) return false;
    return this.selection.matches(sharedObject(this.call.resource, entry));
  }

  private event(type: ServedEvent["type"], entry: Entry): ServedEvent {
    return this.call.parts.watchLines.event(type, this.call.resource, entry);
  }

  private scheduleBookmark(): void {
    this.cancelBookmark = this.call.parts.clock.setTimer(BOOKMARK_INTERVAL_MS, () => {
      const { revision } = this.call.parts.store;
      this.inTurn([], () => this.onEvent(this.bookmark(revision)));
      this.scheduleBookmark();
    });
  }

  private bookmark(revision: number, annotations?: Record<string, string>): ServedEvent {
    const { resource } = this.call;
    const metadata = { resourceVersion: String(revision), ...(annotations && { annotations }) };
    return objectEvent("BOOKMARK", { kind: resource.kind, apiVersion: formatApiVersion(resource), metadata });
  }
}

/** A watch whose objects are shown as tables or as metadata. */
function transformed(call: Call, feed: WatchSource, as: "Table" | "PartialObjectMetadata"): WatchSource {
  const includeObject = parseIncludeObject(call.info.query.get("includeObject"));
  let headers = true;
  const table = (object: KubernetesObject): KubernetesObject => {
    const { resourceVersion } = object.metadata;
    const made = makeTable(call.resource, [object], { resourceVersion }, { includeObject, now: call.parts.clock.now(), headers });
    headers = false;
    return made as unknown as KubernetesObject;
  };
  const transform = (event: ServedEvent): ServedEvent => {
    if (event.type === "ERROR") return event;
    return objectEvent(event.type, as === "Table" ? table(event.object) : partialMetadata(event.object));
  };
  return { start: (onEvent, onEnd) => feed.start((event) => onEvent(transform(event)), onEnd) };
}
