// Behaviour: pkg/kubelet/pleg/evented.go: the engine's own events instead of steady polling.
import type { ContainerRecord } from "./container-store.ts";
import { containerRecord, type ContainerStore } from "./container-store.ts";
import { Label } from "./labels.ts";

/** One line of `docker events --format '{{json .}}'`. */
export interface DockerEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
}

const ACTIONS = ["create", "start", "die", "oom", "destroy", "tag", "untag", "delete", "pull", "import", "load"];

/** The arguments of the one long-running `docker events`; `since` is in seconds since the epoch. */
export function eventsArgs(since: number): string[] {
  const types = ["--filter", "type=container", "--filter", "type=image"];
  const actions = ACTIONS.flatMap((action) => ["--filter", `event=${action}`]);
  return ["events", "--format", "{{json .}}", "--since", since.toFixed(3), ...types, ...actions];
}

/** Reads a line of the stream; undefined when it is not an event. */
export function parseEvent(line: string): DockerEvent | undefined {
  try {
    const event = JSON.parse(line) as DockerEvent;
    return typeof event.Action === "string" && event.Actor !== undefined ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Brings the store to what a container event says; events of other clusters change nothing. */
export function applyEvent(store: ContainerStore, clusterId: string, event: DockerEvent): void {
  const { ID: id, Attributes: attributes } = event.Actor;
  if (attributes[Label.cluster] !== clusterId || attributes[Label.podUid] === undefined) return;
  if (event.Action === "destroy") return store.removed(id);
  const known = store.get(id);
  const at = event.timeNano / 1e6;
  // A late event of a container that is gone already must not bring it back.
  if (known === undefined && event.Action !== "create" && event.Action !== "start") return;
  const record: ContainerRecord = known ?? store.add(containerRecord(id, attributes, attributes["image"] ?? ""));
  if (event.Action === "start") store.started(record, at);
  else if (event.Action === "die") store.died(record, at, Number(attributes["exitCode"] ?? 0));
  else if (event.Action === "oom") store.oom(record);
}
