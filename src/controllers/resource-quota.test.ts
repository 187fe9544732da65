import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import type { Pod, ResourceQuota } from "../api/generated/types/core/v1.ts";
import { configMaps, pods, resourceQuotas } from "../api/resource-refs.ts";
import { createResourceQuotaController } from "./resource-quota.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const quotas = () => plane.api.resource(resourceQuotas, "ns");

async function start(spec: ResourceQuota["spec"]): Promise<void> {
  plane = await new ControlPlane().start([createResourceQuotaController]);
  await quotas().create({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", namespace: "ns" }, spec, status: {} });
  const containers = [{ name: "c", image: "x", resources: { requests: { cpu: "10m" }, limits: { memory: "32Mi" } } }];
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ns" }, spec: { containers }, status: {} };
  await plane.api.resource(pods, "ns").create(pod);
  await plane.api.resource(configMaps, "ns").create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns" } });
  await plane.settle();
}

describe("resource quota controller", () => {
  it("counts objects and what pods request", async () => {
    const hard = { pods: "5", "requests.cpu": "1", "limits.memory": "1Gi", configmaps: "9", "count/deployments.apps": "3" };
    await start({ hard });
    const used = { pods: "1", "requests.cpu": "10m", "limits.memory": "32Mi", configmaps: "1", "count/deployments.apps": "0" };
    expect((await quotas().get("q")).status).toEqual({ hard, used });
  });

  it("gives back what a pod used once it has ended", async () => {
    await start({ hard: { pods: "5", "count/pods": "5" } });
    const client = plane.api.resource(pods, "ns");
    await client.updateStatus({ ...(await client.get("p")), status: { phase: "Succeeded" } });
    await plane.settle();
    expect((await quotas().get("q")).status.used).toEqual({ pods: "0", "count/pods": "1" });
  });

  it("counts only pods within its scopes", async () => {
    await start({ hard: { pods: "5" }, scopes: ["BestEffort"] });
    expect((await quotas().get("q")).status.used).toEqual({ pods: "0" });
  });
});
