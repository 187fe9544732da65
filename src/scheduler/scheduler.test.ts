import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import type { Node, Pod, PodSpec } from "../api/generated/types/core/v1.ts";
import { nodes, persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../api/resource-refs.ts";
import { createEventRecorder } from "../client/event-recorder.ts";
import { runScheduler } from "./scheduler.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

function node(name: string, labels: Record<string, string> = {}, spec: Node["spec"] = {}): Node {
  const status = { allocatable: { cpu: "4", memory: "8Gi", pods: "110", "a.b/slot": "1" } } as unknown as Node["status"];
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } }, spec, status };
}

function pod(name: string, spec: Partial<PodSpec> = {}, labels: Record<string, string> = {}): Pod {
  const containers = [{ name: "c", image: "x", resources: {} }];
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "ns", labels }, spec: { containers, schedulerName: "default-scheduler", ...spec }, status: {} };
}

const requesting = (requests: Record<string, string>): Partial<PodSpec> => ({ containers: [{ name: "c", image: "x", resources: { requests } }] });
const client = () => plane.api.resource(pods, "ns");
const nodeOf = async (name: string) => (await client().get(name)).spec.nodeName;
const messageOf = async (name: string) => (await client().get(name)).status.conditions?.find(({ type }) => type === "PodScheduled")?.message;

async function start(...all: Node[]): Promise<void> {
  plane = new ControlPlane();
  for (const each of all) await plane.api.resource(nodes).create(each);
  await plane.start([], ({ context, signal }) => runScheduler({ ...context, events: createEventRecorder(context, "default-scheduler") }, signal));
}

async function schedule(...all: Pod[]): Promise<void> {
  for (const each of all) await client().create(each);
  await plane.settle();
}

const NOT_HELPFUL = "no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
const NO_VICTIMS = "no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";

describe("scheduler", () => {
  it("binds a pod and tells of it", async () => {
    await start(node("n"));
    await schedule(pod("p"));
    expect(await nodeOf("p")).toBe("n");
    expect(await plane.eventsOf("ns", "Pod")).toEqual(["Scheduled: Successfully assigned ns/p to n"]);
  });

  it.each<[string, Partial<PodSpec>, string]>([
    ["too much CPU", requesting({ cpu: "500" }), `1 Insufficient cpu. ${NOT_HELPFUL}`],
    ["too much of both", requesting({ cpu: "500", memory: "9Ti" }), `1 Insufficient cpu, 1 Insufficient memory. ${NOT_HELPFUL}`],
    ["a selector that matches no node", { nodeSelector: { a: "b" } }, `1 node(s) didn't match Pod's node affinity/selector. ${NOT_HELPFUL}`],
    [
      "affinity to no pod",
      { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { a: "b" } }, topologyKey: "kubernetes.io/hostname" }] } } },
      `1 node(s) didn't match pod affinity rules. ${NOT_HELPFUL}`,
    ],
    [
      "a spread over a label that no node has",
      { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "none", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} }] },
      `1 node(s) didn't match pod topology spread constraints (missing required label). ${NOT_HELPFUL}`,
    ],
  ])("says why a pod cannot run: %s", async (_, spec, message) => {
    await start(node("n"));
    await schedule(pod("p", spec));
    expect(await nodeOf("p")).toBeUndefined();
    expect(await messageOf("p")).toBe(`0/1 nodes are available: ${message}`);
    expect(await plane.eventsOf("ns", "Pod")).toEqual([`FailedScheduling: 0/1 nodes are available: ${message}`]);
  });

  it("says so when a claim is missing", async () => {
    await start(node("n"));
    await schedule(pod("p", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "none" } }] }));
    expect(await messageOf("p")).toBe('0/1 nodes are available: persistentvolumeclaim "none" not found. not found');
  });

  it("keeps pods with one host port on different nodes", async () => {
    await start(node("n"));
    const ports: Partial<PodSpec> = { containers: [{ name: "c", image: "x", resources: {}, ports: [{ containerPort: 80, hostPort: 8080, protocol: "TCP" }] }] };
    await schedule(pod("a", ports), pod("b", ports));
    expect(await messageOf("b")).toBe(`0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. ${NO_VICTIMS}`);
    await client().delete("a", { gracePeriodSeconds: 0 });
    await plane.settle();
    expect(await nodeOf("b")).toBe("n");
  });

  it("keeps pods apart that repel each other", async () => {
    await start(node("n"));
    const term = { labelSelector: { matchLabels: { app: "x" } }, topologyKey: "kubernetes.io/hostname" };
    const apart: Partial<PodSpec> = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    await schedule(pod("a", apart, { app: "x" }), pod("b", apart, { app: "x" }));
    expect(await messageOf("b")).toBe(`0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. ${NO_VICTIMS}`);
  });

  it("removes a less important pod to make room", async () => {
    await start(node("n"));
    await schedule(pod("low", requesting({ "a.b/slot": "1" })));
    await schedule(pod("high", { ...requesting({ "a.b/slot": "1" }), priority: 1000 }));
    const { uid } = (await client().get("high")).metadata;
    expect((await client().get("low")).metadata.deletionTimestamp).toBeDefined();
    expect(await plane.eventsOf("ns", "Pod", "low")).toContain(`Preempted: Preempted by pod ${uid} on node n`);
    expect(await plane.eventsOf("ns", "Pod", "high")).toEqual(["FailedScheduling: 0/1 nodes are available: 1 Insufficient a.b/slot."]);
    expect((await client().get("high")).status.nominatedNodeName).toBe("n");
    await client().delete("low", { gracePeriodSeconds: 0 });
    await plane.settle();
    expect(await nodeOf("high")).toBe("n");
  });

  it("waits for scheduling gates to go", async () => {
    await start(node("n"));
    await schedule(pod("p", { schedulingGates: [{ name: "a.b/c" }] }));
    expect(await nodeOf("p")).toBeUndefined();
    const current = structuredClone(await client().get("p"));
    current.spec.schedulingGates = [];
    await client().update(current);
    await plane.settle();
    expect(await nodeOf("p")).toBe("n");
  });

  it("tries again when a node comes, or loses what kept the pod away", async () => {
    await start();
    await schedule(pod("p"));
    expect(await messageOf("p")).toBe("no nodes available to schedule pods");
    await plane.api.resource(nodes).create(node("n", {}, { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] }));
    await plane.settle();
    expect(await messageOf("p")).toBe(`0/1 nodes are available: 1 node(s) had untolerated taint(s). ${NOT_HELPFUL}`);
    await plane.api.resource(nodes).update({ ...(await plane.api.resource(nodes).get("n")), spec: {} });
    await plane.settle();
    expect(await nodeOf("p")).toBe("n");
  });

  it("gives a waiting claim its volume before it binds the pod", async () => {
    await start(node("n"));
    const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "s" }, provisioner: "kubernetes.io/no-provisioner", volumeBindingMode: "WaitForFirstConsumer" };
    await plane.api.resource(storageClasses).create(storageClass);
    const volume = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "v" }, spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], storageClassName: "s" } };
    await plane.api.resource(persistentVolumes).create({ ...volume, status: { phase: "Available" } });
    const claims = plane.api.resource(persistentVolumeClaims, "ns");
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "s" };
    const claim = await claims.create({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c", namespace: "ns" }, spec, status: {} });
    await schedule(pod("p", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] }));
    expect((await plane.api.resource(persistentVolumes).get("v")).spec.claimRef).toMatchObject({ name: "c", namespace: "ns", uid: claim.metadata.uid });
    expect(await nodeOf("p")).toBeUndefined();
    const bound = { ...claim, metadata: { ...claim.metadata, annotations: { "pv.kubernetes.io/bind-completed": "yes" } }, spec: { ...spec, volumeName: "v" } };
    await claims.update(bound);
    await plane.settle();
    expect(await nodeOf("p")).toBe("n");
  });

  it("counts what it has just bound, and spreads over nodes", async () => {
    await start(node("n1"), node("n2"));
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "w", uid: "u", controller: true };
    const replicas = Array.from({ length: 4 }, (_, index) => pod(`p${index}`, requesting({ cpu: "2" }), { app: "x" }));
    for (const each of replicas) each.metadata.ownerReferences = [owner];
    await schedule(...replicas, pod("late", requesting({ cpu: "1" })));
    const placed = await Promise.all(replicas.map(({ metadata }) => nodeOf(metadata.name ?? "")));
    expect(placed.sort()).toEqual(["n1", "n1", "n2", "n2"]);
    expect(await messageOf("late")).toContain("0/2 nodes are available: 2 Insufficient cpu.");
  });
});
