import { expect, it } from "vitest";
import type { Event } from "../api/generated/types/core/v1.ts";
import { FakeClock } from "../util/fake-clock.ts";
import { sequentialIds } from "../util/ids.ts";
import { silentLogger } from "../util/logger.ts";
import { createEventRecorder } from "./event-recorder.ts";
import { createApiClient } from "./rest-client.ts";
import type { ApiRequest, ApiResponse, Transport } from "./transport.ts";

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop", uid: "u1", resourceVersion: "7" } };

/** Stores events; a patch changes one. */
function fakeServer() {
  const stored = new Map<string, Event>();
  let reachable = true;
  const answer = (status: number, body: unknown): ApiResponse => ({ status, headers: {}, warnings: [], body });
  const transport: Transport = {
    async request({ method, path, body }: ApiRequest) {
      if (!reachable) throw new Error("connection refused");
      const name = path.split("/").at(-1) ?? "";
      const event = method === "POST" ? (body as Event) : stored.get(name) && { ...(stored.get(name) as Event), ...JSON.parse(body as string) };
      if (event === undefined) return answer(404, { kind: "Status", status: "Failure", reason: "NotFound", code: 404 });
      stored.set(event.metadata.name ?? "", event);
      return answer(200, event);
    },
    stream: () => Promise.reject(new Error("not used")),
    close() {},
  };
  return { stored, transport, setReachable: (value: boolean) => (reachable = value) };
}

function setUp() {
  const server = fakeServer();
  const clock = new FakeClock();
  const recorder = createEventRecorder({ client: createApiClient(server.transport), clock, ids: sequentialIds(), logger: silentLogger }, "kubelet", "node-1");
  const counts = () => [...server.stored.values()].map(({ message, count }) => `${count} ${message}`);
  return { ...server, clock, recorder, counts };
}

it("writes an event as a cluster's components do", async () => {
  const { recorder, stored } = setUp();
  recorder.event(pod, "Normal", "Started", "Container started", "spec.containers{main}");
  await recorder.flush();
  expect([...stored.values()]).toEqual([
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: expect.stringMatching(/^web\.[0-9a-f]{16}$/), namespace: "shop" },
      involvedObject: { kind: "Pod", namespace: "shop", name: "web", uid: "u1", apiVersion: "v1", resourceVersion: "7", fieldPath: "spec.containers{main}" },
      type: "Normal",
      reason: "Started",
      message: "Container started",
      source: { component: "kubelet", host: "node-1" },
      firstTimestamp: "2026-01-01T00:00:00Z",
      lastTimestamp: "2026-01-01T00:00:00Z",
      count: 1,
      eventTime: null,
      reportingComponent: "kubelet",
      reportingInstance: "node-1",
    },
  ]);
});

it("puts events about cluster-scoped objects into the default namespace", async () => {
  const { recorder, stored } = setUp();
  recorder.event({ apiVersion: "v1", kind: "Node", metadata: { name: "n", uid: "n" } }, "Normal", "Starting", "Starting kubelet.");
  await recorder.flush();
  expect([...stored.values()][0]?.metadata.namespace).toBe("default");
});

it("counts an event that comes again, and keeps when it came first", async () => {
  const { recorder, clock, stored } = setUp();
  for (let time = 0; time < 3; time++) {
    recorder.event(pod, "Warning", "BackOff", "Back-off restarting failed container");
    await recorder.flush();
    await clock.step(60_000);
  }
  expect([...stored.values()]).toMatchObject([{ count: 3, firstTimestamp: "2026-01-01T00:00:00Z", lastTimestamp: "2026-01-01T00:02:00Z" }]);
  stored.clear();
  recorder.event(pod, "Warning", "BackOff", "Back-off restarting failed container");
  await recorder.flush();
  expect([...stored.values()]).toMatchObject([{ count: 4 }]);
});

it("combines events that differ only in their message", async () => {
  const { recorder, counts } = setUp();
  for (let index = 0; index < 12; index++) recorder.event(pod, "Warning", "Failed", `try ${index}`);
  await recorder.flush();
  expect(counts()).toEqual([...Array.from({ length: 9 }, (_, index) => `1 try ${index}`), "3 (combined from similar events): try 11"]);
});

it("lets a component say 25 things of an object at once, then one in five minutes", async () => {
  const { recorder, clock, stored } = setUp();
  for (let index = 0; index < 40; index++) recorder.event(pod, "Normal", `Reason${index}`, "something");
  recorder.event({ ...pod, metadata: { ...pod.metadata, uid: "u2" } }, "Normal", "Other", "something");
  await recorder.flush();
  expect(stored.size).toBe(26);
  await clock.step(300_000);
  recorder.event(pod, "Normal", "Later", "something");
  recorder.event(pod, "Normal", "TooMuch", "something");
  await recorder.flush();
  expect(stored.size).toBe(27);
});

it("tries again when the server does not answer", async () => {
  const { recorder, clock, counts, setReachable } = setUp();
  setReachable(false);
  recorder.event(pod, "Normal", "Started", "first");
  recorder.event(pod, "Normal", "Started", "second");
  await clock.step(0);
  await clock.step(4000);
  setReachable(true);
  expect(counts()).toEqual([]);
  await clock.step(1000);
  await recorder.flush();
  expect(counts()).toEqual(["1 first", "1 second"]);
});
