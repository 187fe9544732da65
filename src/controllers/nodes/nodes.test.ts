import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import type { Node, Pod } from "../../api/generated/types/core/v1.ts";
import { leases, nodes, pods } from "../../api/resource-refs.ts";
import { createPodGarbageCollector } from "../pod-garbage-collector.ts";
import { createNodeLifecycleController } from "./node-lifecycle.ts";
import { createTaintEvictionController } from "./taint-eviction.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const nodeClient = () => plane.api.resource(nodes);
const podClient = () => plane.api.resource(pods, "ns");
const taints = async () => ((await nodeClient().get("n")).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);

async function start(): Promise<void> {
  plane = await new ControlPlane().start([createNodeLifecycleController, createTaintEvictionController, createPodGarbageCollector]);
  const ready = { type: "Ready", status: "True", lastHeartbeatTime: plane.api.now(), lastTransitionTime: plane.api.now() };
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: {}, status: { conditions: [ready] } } as unknown as Node;
  await nodeClient().create(node);
  const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "n", namespace: "kube-node-lease" }, spec: { renewTime: "1" } };
  await plane.api.resource(leases, "kube-node-lease").create(lease);
  const tolerations = [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }];
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ns" }, spec: { containers: [], nodeName: "n", tolerations }, status: {} };
  await podClient().create(pod);
  await plane.runPods("ns");
}

async function beat(count: string): Promise<void> {
  const client = plane.api.resource(leases, "kube-node-lease");
  await client.update({ ...(await client.get("n")), spec: { renewTime: count } });
}

describe("node controllers", () => {
  it("mark a silent node, its pods, and remove the pods that do not tolerate it for long", async () => {
    await start();
    for (let count = 2; count < 12; count++) {
      await plane.clock.step(10_000);
      await beat(String(count));
    }
    await plane.settle();
    expect(await taints()).toEqual([]);
    await plane.clock.step(60_000);
    await plane.settle();
    expect((await nodeClient().get("n")).status.conditions?.[0]).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
    });
    expect(await taints()).toEqual(["node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"]);
    expect((await podClient().get("p")).status.conditions?.[0]?.status).toBe("False");
    expect(await plane.eventsOf("default", "Node")).toEqual(["RegisteredNode: Node n event: Registered Node n in Controller", "NodeNotReady: Node n status is now: NodeNotReady"]);
    await plane.clock.step(301_000);
    await plane.settle();
    expect((await podClient().get("p")).metadata.deletionTimestamp).toBeDefined();
    expect(await plane.eventsOf("ns", "Pod")).toContain("TaintManagerEviction: Marking for deletion Pod ns/p");
  });

  it("taint a cordoned node, and take the taint away again", async () => {
    await start();
    await nodeClient().update({ ...(await nodeClient().get("n")), spec: { unschedulable: true } });
    await plane.settle();
    expect(await taints()).toEqual(["node.kubernetes.io/unschedulable:NoSchedule"]);
    const { taints: kept } = (await nodeClient().get("n")).spec;
    await nodeClient().update({ ...(await nodeClient().get("n")), spec: { taints: kept } });
    await plane.settle();
    expect(await taints()).toEqual([]);
  });

  it("remove the pods of a node that is gone for good", async () => {
    await start();
    await nodeClient().delete("n");
    await plane.settle();
    await plane.clock.step(41_000);
    await plane.settle();
    expect((await podClient().list()).items).toEqual([]);
  });
});
