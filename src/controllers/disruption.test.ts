import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import type { PodDisruptionBudget } from "../api/generated/types/policy/v1.ts";
import { deployments, podDisruptionBudgets, pods } from "../api/resource-refs.ts";
import { createDeploymentController } from "./deployment/deployment.ts";
import { createDisruptionController } from "./disruption.ts";
import { createReplicaSetController } from "./replica-set.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const budgets = () => plane.api.resource(podDisruptionBudgets, "ns");

async function start(spec: Omit<PodDisruptionBudget["spec"], "selector">, replicas: number): Promise<void> {
  plane = await new ControlPlane().start([createDisruptionController, createDeploymentController, createReplicaSetController]);
  const selector = { matchLabels: { app: "x" } };
  const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "b", namespace: "ns" }, spec: { selector, ...spec }, status: {} };
  await budgets().create(budget as unknown as PodDisruptionBudget);
  const template = { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "c", image: "x", resources: {} }] } };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "w", namespace: "ns" }, spec: { replicas, selector, template, strategy: {} }, status: {} };
  if (replicas > 0) await plane.api.resource(deployments, "ns").create(deployment);
  await plane.converge("ns");
}

describe("disruption controller", () => {
  it("allows as many disruptions as there are healthy pods over the minimum", async () => {
    await start({ minAvailable: 1 }, 2);
    expect((await budgets().get("b")).status).toMatchObject({
      conditions: [{ type: "DisruptionAllowed", status: "True", reason: "SufficientPods", message: "", observedGeneration: 1 }],
      currentHealthy: 2,
      desiredHealthy: 1,
      disruptionsAllowed: 1,
      expectedPods: 2,
      observedGeneration: 1,
    });
  });

  it("reckons percentages from what the pods' controllers want, not from what is there", async () => {
    await start({ maxUnavailable: "50%" }, 4);
    const [first] = (await plane.api.resource(pods, "ns").list()).items;
    await plane.api.resource(pods, "ns").delete(first?.metadata.name ?? "", { gracePeriodSeconds: 0 });
    await plane.settle();
    expect((await budgets().get("b")).status).toMatchObject({ currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 4 });
  });

  it("says that it found no pods", async () => {
    await start({ maxUnavailable: 1 }, 0);
    expect((await budgets().get("b")).status).toMatchObject({
      conditions: [{ status: "False", reason: "InsufficientPods" }],
      currentHealthy: 0,
      disruptionsAllowed: 0,
      expectedPods: 0,
    });
    expect(await plane.eventsOf("ns", "PodDisruptionBudget")).toContain("NoPods: No matching pods found");
  });
});
