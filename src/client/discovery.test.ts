import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../util/clock.ts";
import { FakeClock } from "../util/fake-clock.ts";
import { CachedDiscovery } from "./cached-discovery.ts";
import { discover, resourcesOf } from "./discovery.ts";
import type { Transport } from "./transport.ts";

const pods = { resource: "pods", responseKind: { group: "", version: "", kind: "Pod" }, scope: "Namespaced", singularResource: "pod", verbs: ["get", "list"], shortNames: ["po"], categories: ["all"], subresources: [{ subresource: "log", verbs: ["get"] }] };
const aggregated = (...items: object[]) => ({ kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items });
const AGGREGATED = {
  "/api": aggregated({ metadata: {}, versions: [{ version: "v1", resources: [pods], freshness: "Current" }] }),
  "/apis": aggregated({ metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale" }] }),
};
const PLAIN = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [
      { name: "pods", singularName: "pod", namespaced: true, kind: "Pod", verbs: ["get", "list"], shortNames: ["po"], categories: ["all"] },
      { name: "pods/log", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"] },
    ],
  },
  "/apis": { kind: "APIGroupList", groups: [{ name: "x.example", versions: [{ groupVersion: "x.example/v1beta1", version: "v1beta1" }, { groupVersion: "x.example/v1", version: "v1" }], preferredVersion: { groupVersion: "x.example/v1", version: "v1" } }] },
  "/apis/x.example/v1": { kind: "APIResourceList", groupVersion: "x.example/v1", resources: [] },
};
const POD = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true, singular: "pod", shortNames: ["po"], categories: ["all"], verbs: ["get", "list"], subresources: ["log"] };

function serverOf(documents: Record<string, object>) {
  const asked: string[] = [];
  const transport: Transport = {
    async request({ path }) {
      asked.push(path);
      const body = documents[path];
      return { status: body === undefined ? 503 : 200, headers: {}, warnings: [], body: body ?? "down" };
    },
    stream: () => Promise.reject(new Error("not used")),
    close() {},
  };
  return { transport, asked };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skiff-discovery-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("reads aggregated discovery", async () => {
  const { transport, asked } = serverOf(AGGREGATED);
  const groups = await discover(transport);
  expect(resourcesOf(groups)).toEqual([POD]);
  expect(groups[1]).toEqual({ name: "metrics.k8s.io", versions: [{ version: "v1beta1", resources: [], failure: "stale GroupVersion discovery: metrics.k8s.io/v1beta1" }] });
  expect(asked).toEqual(["/api", "/apis"]);
});

it("reads the documents of a server that has no aggregated discovery, preferred versions first", async () => {
  const groups = await discover(serverOf(PLAIN).transport);
  expect(resourcesOf(groups)).toEqual([POD]);
  expect(groups[1]?.versions).toMatchObject([{ version: "v1" }, { version: "v1beta1", failure: "the server is currently unable to handle the request" }]);
});

it("remembers for six hours, over processes", async () => {
  const clock = new FakeClock(systemClock.now());
  const documents = { "/api": AGGREGATED["/api"], "/apis": aggregated() };
  const { transport, asked } = serverOf(documents);
  const open = () => new CachedDiscovery(transport, { folder, server: "https://127.0.0.1:6443", clock });
  const first = open();
  expect(resourcesOf(await first.groups())).toEqual([POD]);
  expect([first.fresh, asked.length]).toEqual([true, 2]);
  const second = open();
  expect(resourcesOf(await second.groups())).toEqual([POD]);
  expect([second.fresh, asked.length]).toEqual([false, 2]);
  second.invalidate();
  await second.groups();
  expect([second.fresh, asked.length]).toEqual([true, 4]);
  const old = new Date(clock.now() - 6 * 3_600_000 - 1000);
  utimesSync(join(folder, "discovery", "127.0.0.1_6443", "skiff-groups.json"), old, old);
  await open().groups();
  expect(asked.length).toBe(6);
});

it("does not remember what is incomplete", async () => {
  const { transport, asked } = serverOf(AGGREGATED);
  for (let time = 0; time < 2; time++) await new CachedDiscovery(transport, { folder, server: "https://a", clock: new FakeClock(systemClock.now()) }).groups();
  expect(asked.length).toBe(4);
});
