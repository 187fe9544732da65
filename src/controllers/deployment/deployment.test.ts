import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import type { Deployment, ReplicaSet } from "../../api/generated/types/apps/v1.ts";
import { deployments, pods, replicaSets } from "../../api/resource-refs.ts";
import { createReplicaSetController } from "../replica-set.ts";
import { createDeploymentController } from "./deployment.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const client = () => plane.api.resource(deployments, "ns");
const sets = async () => (await plane.api.resource(replicaSets, "ns").list()).items;
const byRevision = async (revision: string) => {
  const set = (await sets()).find(({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"] === revision);
  if (set === undefined) throw new Error(`no ReplicaSet of revision ${revision}`);
  return set;
};

function deployment(spec: Partial<Deployment["spec"]> = {}): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "ns" },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: "web" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "web:1", resources: {} }] } },
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...spec,
    },
    status: {},
  };
}

async function start(spec: Partial<Deployment["spec"]> = {}): Promise<void> {
  plane = await new ControlPlane().start([createDeploymentController, createReplicaSetController]);
  await client().create(deployment(spec));
}

async function change(edit: (spec: Deployment["spec"]) => void): Promise<void> {
  const current = structuredClone(await client().get("web"));
  edit(current.spec);
  await client().update(current);
}

const setImage = (image: string) => change((spec) => (spec.template.spec.containers = [{ name: "c", image, resources: {} }]));
const conditions = async () => Object.fromEntries(((await client().get("web")).status.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]));

describe("deployment controller", () => {
  it("rolls out a template by way of a ReplicaSet named after its hash", async () => {
    await start();
    await plane.converge("ns");
    const set = await byRevision("1");
    expect(set.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    expect(set.metadata.labels?.["pod-template-hash"]).toBe(set.metadata.name?.slice(4));
    expect(set.metadata.annotations).toEqual({
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
      "deployment.kubernetes.io/revision": "1",
    });
    expect((await client().get("web")).status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
      conditions: [
        { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." },
        {
          type: "Progressing",
          status: "True",
          reason: "NewReplicaSetAvailable",
          message: `ReplicaSet "${set.metadata.name}" has successfully progressed.`,
        },
      ],
    });
    expect(await plane.eventsOf("ns", "Deployment")).toEqual([`ScalingReplicaSet: Scaled up replica set ${set.metadata.name} from 0 to 3`]);
  });

  it("replaces pods one by one within maxSurge and maxUnavailable, and keeps the old set", async () => {
    await start();
    await plane.converge("ns");
    await setImage("web:2");
    await plane.converge("ns");
    const [before, after] = [await byRevision("1"), await byRevision("2")];
    expect([before.spec.replicas, after.spec.replicas, after.status.availableReplicas]).toEqual([0, 3, 3]);
    const [old, fresh] = [before.metadata.name, after.metadata.name];
    expect(await plane.eventsOf("ns", "Deployment")).toEqual([
      `ScalingReplicaSet: Scaled up replica set ${old} from 0 to 3`,
      `ScalingReplicaSet: Scaled up replica set ${fresh} from 0 to 1`,
      `ScalingReplicaSet: Scaled down replica set ${old} from 3 to 2`,
      `ScalingReplicaSet: Scaled up replica set ${fresh} from 1 to 2`,
      `ScalingReplicaSet: Scaled down replica set ${old} from 2 to 1`,
      `ScalingReplicaSet: Scaled up replica set ${fresh} from 2 to 3`,
      `ScalingReplicaSet: Scaled down replica set ${old} from 1 to 0`,
    ]);
    expect((await client().get("web")).metadata.annotations?.["deployment.kubernetes.io/revision"]).toBe("2");
  });

  it("brings an old revision back under a new number and remembers the old one", async () => {
    await start();
    await plane.converge("ns");
    await setImage("web:2");
    await plane.converge("ns");
    await setImage("web:1");
    await plane.converge("ns");
    const back = await byRevision("3");
    expect(back.spec.replicas).toBe(3);
    expect(back.metadata.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
    expect(await sets()).toHaveLength(2);
  });

  it("removes all old pods before it makes new ones when it recreates", async () => {
    await start({ strategy: { type: "Recreate" } });
    await plane.converge("ns");
    await setImage("web:2");
    await plane.settle();
    const images = (await plane.api.resource(pods, "ns").list()).items.map((pod) => pod.spec.containers[0]?.image);
    expect(new Set(images).size).toBeLessThanOrEqual(1);
    await plane.converge("ns");
    expect((await byRevision("2")).status.availableReplicas).toBe(3);
  });

  it("scales without a new revision, in proportion while a rollout stands still", async () => {
    await start({ replicas: 10, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } });
    await plane.converge("ns");
    await setImage("web:2");
    await plane.converge("ns", false);
    expect([(await byRevision("1")).spec.replicas, (await byRevision("2")).spec.replicas]).toEqual([8, 5]);
    await change((spec) => (spec.replicas = 15));
    await plane.converge("ns", false);
    expect([(await byRevision("1")).spec.replicas, (await byRevision("2")).spec.replicas]).toEqual([11, 7]);
    expect(await sets()).toHaveLength(2);
  });

  it("does not roll out while it is paused, and says so", async () => {
    await start();
    await plane.converge("ns");
    await change((spec) => (spec.paused = true));
    await setImage("web:2");
    await change((spec) => (spec.replicas = 2));
    await plane.converge("ns");
    expect(await conditions()).toMatchObject({ Progressing: "Unknown DeploymentPaused" });
    expect((await sets()).map((set: ReplicaSet) => set.spec.replicas)).toEqual([2]);
    await change((spec) => (spec.paused = undefined));
    await plane.converge("ns");
    expect(await conditions()).toMatchObject({ Progressing: "True NewReplicaSetAvailable" });
    expect((await byRevision("2")).spec.replicas).toBe(2);
  });

  it("reports a rollout that makes no progress within its deadline", async () => {
    await start({ progressDeadlineSeconds: 60 });
    await plane.converge("ns", false);
    expect(await conditions()).toMatchObject({ Available: "False MinimumReplicasUnavailable", Progressing: "True ReplicaSetUpdated" });
    await plane.clock.step(65_000);
    await plane.settle();
    expect(await conditions()).toMatchObject({ Progressing: "False ProgressDeadlineExceeded" });
  });

  it("keeps no more old sets than the history limit", async () => {
    await start({ revisionHistoryLimit: 1 });
    for (const image of ["web:2", "web:3", "web:4"]) {
      await plane.converge("ns");
      await setImage(image);
    }
    await plane.converge("ns");
    expect((await sets()).map(({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"]).sort()).toEqual(["3", "4"]);
  });

  it("copies the change cause to the set", async () => {
    await start();
    await plane.converge("ns");
    const current = structuredClone(await client().get("web"));
    current.metadata.annotations = { ...current.metadata.annotations, "kubernetes.io/change-cause": "because" };
    await client().update(current);
    await plane.converge("ns");
    expect((await byRevision("1")).metadata.annotations?.["kubernetes.io/change-cause"]).toBe("because");
  });

  it("moves a failure to create pods up to the Deployment", async () => {
    plane = new ControlPlane();
    let allowed = 1;
    plane.api.beforeCreate = (object) => {
      if (object.kind === "Pod" && allowed-- <= 0) throw new Error("exceeded quota: q");
    };
    await plane.start([createDeploymentController, createReplicaSetController]);
    await client().create(deployment({ replicas: 2 }));
    await plane.settle();
    expect(await conditions()).toMatchObject({ ReplicaFailure: "True FailedCreate" });
    const set = await byRevision("1");
    expect(await plane.eventsOf("ns", "ReplicaSet")).toContain("FailedCreate: Error creating: exceeded quota: q");
    expect(set.status.conditions?.[0]?.message).toBe("exceeded quota: q");
  });
});
