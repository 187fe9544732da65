// Prints what the SQLite store does: acknowledged creates a second, from write to watch event, memory per 1,000 pods.
// Run: node --expose-gc test/bench/store.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/store/sqlite-store.ts";
import type { StoredValue } from "../../src/store/store.ts";

const CLIENTS = 16;
const CREATES = 20_000;
const PODS = 2000;
const folder = mkdtempSync(join(tmpdir(), "skiff-bench-"));

/** A value of about 2 KB. */
function configMap(index: number, revision: number): StoredValue {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: `c${index}`, namespace: "default", resourceVersion: String(revision) }, data: { key: "x".repeat(1900) } };
}

/** A value of about 8 KB whose parts have names and values of a pod's sort. */
function pod(index: number, revision: number): StoredValue {
  const fields = (depth: number): StoredValue => Object.fromEntries(Array.from({ length: 5 }, (_, field) => [`f:field${field}`, depth === 0 ? {} : fields(depth - 1)]));
  const containers = ["main", "sidecar"].map((name) => ({
    name,
    image: `registry.example/${name}:1.${index}`,
    env: Array.from({ length: 50 }, (_, env) => ({ name: `VARIABLE_${env}`, value: `value ${env} of pod ${index}` })),
    resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "100m", memory: "128Mi" } },
    volumeMounts: [{ name: "data", mountPath: "/data" }, { name: `token-${index}`, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true }],
  }));
  const conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({ type, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }));
  const metadata = { name: `pod-${index}`, namespace: "default", uid: `uid-${index}`, resourceVersion: String(revision), managedFields: [{ manager: "kubectl", fieldsV1: fields(2) }] };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers, nodeName: "node" }, status: { phase: "Running", conditions, podIP: `10.0.0.${index % 256}` } };
}

async function eachOf(count: number, clients: number, write: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, async () => {
    while (next < count) await write(next++);
  }));
  return (performance.now() - start) / 1000;
}

function resident(): number {
  for (let turn = 0; turn < 3; turn++) globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}

const creates = await openSqliteStore(join(folder, "creates.db"));
const sent = new Map<string, number>();
const delays: number[] = [];
for (let watcher = 0; watcher < 100; watcher++) {
  creates.watch("/configmaps/", 0, (event) => {
    if (watcher === 99) delays.push(performance.now() - (sent.get(event.entry.key) ?? 0));
  });
}
const seconds = await eachOf(CREATES, CLIENTS, (index) => {
  const key = `/configmaps/default/c${index}`;
  sent.set(key, performance.now());
  return creates.create(key, (revision) => configMap(index, revision));
});
await creates.close();
delays.sort((a, b) => a - b);
console.log(`durable creates of 2 KB, ${CLIENTS} clients: ${Math.round(CREATES / seconds)}/s`);
console.log(`write to watch event, 100 watchers: p50 ${delays[CREATES / 2]?.toFixed(1)} ms, p99 ${delays[CREATES * 0.99]?.toFixed(1)} ms`);

const pods = await openSqliteStore(join(folder, "pods.db"));
await eachOf(100, CLIENTS, (index) => pods.create(`/pods/warm/pod-${index}`, (revision) => pod(index, revision)));
const before = resident();
await eachOf(PODS, CLIENTS, (index) => pods.create(`/pods/default/pod-${index}`, (revision) => pod(index, revision)));
const size = pods.get("/pods/default/pod-7")?.text.length ?? 0;
console.log(`memory per 1,000 pods of ${(size / 1000).toFixed(1)} KB: ${(((resident() - before) / PODS) * 1000).toFixed(1)} MB`);
await pods.close();
rmSync(folder, { recursive: true });
