import { expect, it } from "vitest";
import { ContainerStore } from "./container-store.ts";
import { applyEvent, parseEvent } from "./docker-events.ts";
import { dockerComplaint } from "./docker.ts";
import { containerLabels } from "./labels.ts";
import { pod } from "./pod-fixture.ts";

const labels = containerLabels({ clusterId: "k", node: "n" }, pod(), "c", 1);

function event(Action: string, more: Record<string, string> = {}, seconds = 1) {
  return { Type: "container", Action, Actor: { ID: "id", Attributes: { ...labels, image: "busybox:1.36", ...more } }, timeNano: seconds * 1e9 };
}

it("follows a container through its life", () => {
  const store = new ContainerStore();
  const told: string[] = [];
  store.onChange((record) => told.push(record.state));
  for (const [action, more, at] of [["create", {}, 1], ["start", {}, 2], ["oom", {}, 3], ["die", { exitCode: "137" }, 4]] as const) applyEvent(store, "k", event(action, more, at));
  expect(store.get("id")).toMatchObject({ podUid: "u1", name: "c", attempt: 1, state: "exited", startedAt: 2000, finishedAt: 4000, exitCode: 137, oomKilled: true });
  applyEvent(store, "k", event("destroy"));
  expect([store.get("id"), told]).toEqual([undefined, ["running", "exited"]]);
});

it("does not bring back a container that a late event tells of, and leaves other clusters' alone", () => {
  const store = new ContainerStore();
  applyEvent(store, "k", event("die"));
  applyEvent(store, "other", event("start"));
  expect([...store.all()]).toEqual([]);
});

it("keeps the end of a container that is told to have started afterwards", () => {
  const store = new ContainerStore();
  applyEvent(store, "k", event("start", {}, 1));
  applyEvent(store, "k", event("die", { exitCode: "0" }, 2));
  const record = store.get("id");
  if (record !== undefined) store.started(record, 1500);
  expect(record?.state).toBe("exited");
});

it("skips lines that are no events", () => {
  expect(["", "{}", "[", '{"Action":1}'].map(parseEvent)).toEqual([undefined, undefined, undefined, undefined]);
});

it("reads the engine's sentence out of the CLI's complaint", () => {
  const complaint = "WARNING: no swap\ndocker: Error response from daemon: No such image: x.\n\nRun 'docker run --help' for more information\n";
  expect(dockerComplaint(complaint)).toBe("No such image: x");
});
