import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import type { ReplicaSet } from "../api/generated/types/apps/v1.ts";
import type { Pod, ReplicationController } from "../api/generated/types/core/v1.ts";
import { pods, replicaSets, replicationControllers } from "../api/resource-refs.ts";
import { createReplicaSetController } from "./replica-set.ts";
import { slowStartBatch } from "./replicas.ts";
import { createReplicationController } from "./replication-controller.ts";

let plane: ControlPlane;
afterEach(() => plane?.stop());

const template = { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "c", image: "x", resources: {} }] } };

function replicaSet(spec: Partial<ReplicaSet["spec"]> = {}): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "w", namespace: "ns" },
    spec: { replicas: 2, selector: { matchLabels: { app: "x" } }, template, ...spec },
    status: { replicas: 0 },
  };
}

function pod(name: string, labels: Record<string, string>): Pod {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "ns", labels }, spec: { containers: [] }, status: {} };
}

const podClient = () => plane.api.resource(pods, "ns");
const setClient = () => plane.api.resource(replicaSets, "ns");
const podNames = async () => (await podClient().list()).items.map(({ metadata }) => metadata.name);
const start = async () => (plane = await new ControlPlane().start([createReplicaSetController, createReplicationController]));

describe("replica set controller", () => {
  it("adopts a matching orphan before it makes the rest", async () => {
    await start();
    await podClient().create(pod("lonely", { app: "x" }));
    await setClient().create(replicaSet({ selector: { matchExpressions: [{ key: "app", operator: "In", values: ["x", "y"] }] } }));
    await plane.converge("ns");
    expect(await podNames()).toHaveLength(2);
    expect((await podClient().get("lonely")).metadata.ownerReferences).toMatchObject([
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "w", controller: true, blockOwnerDeletion: true },
    ]);
    expect((await setClient().get("w")).status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
  });

  it("releases a pod that stops matching, and replaces it", async () => {
    await start();
    await setClient().create(replicaSet({ replicas: 1 }));
    await plane.converge("ns");
    const [name = ""] = await podNames();
    await podClient().patch(name, "application/merge-patch+json", { metadata: { labels: { app: "other" } } });
    await plane.converge("ns");
    expect(await podNames()).toHaveLength(2);
    expect((await podClient().get(name)).metadata.ownerReferences).toEqual([]);
  });

  it("replaces a deleted pod and tells of what it does", async () => {
    await start();
    await setClient().create(replicaSet({ replicas: 1 }));
    await plane.converge("ns");
    const [first = ""] = await podNames();
    await podClient().delete(first);
    await plane.converge("ns");
    const [second = ""] = await podNames();
    expect(second).not.toBe(first);
    expect(await plane.eventsOf("ns", "ReplicaSet")).toEqual([`SuccessfulCreate: Created pod: ${first}`, `SuccessfulCreate: Created pod: ${second}`]);
  });

  it("removes the pods that cost least when it shrinks", async () => {
    await start();
    await setClient().create(replicaSet({ replicas: 3 }));
    await plane.converge("ns");
    const [, cheap = ""] = await podNames();
    await podClient().patch(cheap, "application/merge-patch+json", {
      metadata: { annotations: { "controller.kubernetes.io/pod-deletion-cost": "-5" } },
    });
    await plane.settle();
    await setClient().update({ ...(await setClient().get("w")), spec: replicaSet({ replicas: 2 }).spec });
    await plane.converge("ns");
    expect(await podNames()).toHaveLength(2);
    expect(await podNames()).not.toContain(cheap);
    expect(await plane.eventsOf("ns", "ReplicaSet")).toContain(`SuccessfulDelete: Deleted pod: ${cheap}`);
  });

  it("counts a pod as available once it was ready for minReadySeconds", async () => {
    await start();
    await setClient().create(replicaSet({ minReadySeconds: 10 }));
    await plane.converge("ns");
    expect((await setClient().get("w")).status.availableReplicas).toBeUndefined();
    await plane.clock.step(11_000);
    await plane.settle();
    expect((await setClient().get("w")).status.availableReplicas).toBe(2);
  });

  it("makes pods for a ReplicationController too", async () => {
    await start();
    const controller: ReplicationController = {
      apiVersion: "v1",
      kind: "ReplicationController",
      metadata: { name: "rc", namespace: "ns" },
      spec: { replicas: 1, selector: { app: "x" }, template },
      status: { replicas: 0 },
    };
    await plane.api.resource(replicationControllers, "ns").create(controller);
    await plane.converge("ns");
    const { status } = await plane.api.resource(replicationControllers, "ns").get("rc");
    expect(status).toEqual({ replicas: 1, fullyLabeledReplicas: 1, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 });
  });
});

describe("slowStartBatch", () => {
  it("stops after the first batch that fails", async () => {
    let calls = 0;
    const act = async () => {
      if (++calls > 3) throw new Error("no more");
    };
    await expect(slowStartBatch(20, act)).rejects.toThrow("no more");
    expect(calls).toBe(7);
  });
});
