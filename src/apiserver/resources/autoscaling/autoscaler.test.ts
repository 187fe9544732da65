import { describe, expect, it } from "vitest";
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from "../../../api/generated/types/autoscaling/v1.ts";
import type { HorizontalPodAutoscaler } from "../../../api/generated/types/autoscaling/v2.ts";
import { create, decodeObject, row } from "../shared/test-requests.ts";
import { autoscalerResource, autoscalerV1Resource } from "./autoscaler.ts";

const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "d" };
const spec = { scaleTargetRef, maxReplicas: 3 };
const memory = { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } } };

describe("autoscalers", () => {
  it("measure the use of CPU by default, and fill behavior that is there", () => {
    expect(create(autoscalerResource, { spec: { ...spec, behavior: { scaleDown: { selectPolicy: "Min" } } } }).object).toMatchObject({
      spec: {
        minReplicas: 1,
        metrics: [{ resource: { name: "cpu", target: { averageUtilization: 80 } } }],
        behavior: { scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 4 }, { type: "Percent", value: 100 }] }, scaleDown: { selectPolicy: "Min" } },
      },
    });
  });

  it.each<[string, object, string[]]>([
    ["no maximum", { maxReplicas: 0 }, ["spec.maxReplicas: Required value: must be set and greater than 0", "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`"]],
    ["a target without a group", { scaleTargetRef: { ...scaleTargetRef, apiVersion: "v1" } }, ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group']],
    ["a metric of no source", { metrics: [{ type: "Pods" }] }, ["spec.metrics[0].pods: Required value: must populate information for the given metric source"]],
    ["a long window", { behavior: { scaleUp: { stabilizationWindowSeconds: 4000 } } }, ["spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600"]],
  ])("are refused with %s", (_name, fields, errors) => {
    expect(create(autoscalerResource, { spec: { ...spec, ...fields } }).errors).toEqual(errors);
  });

  it("keep in v1's annotations what v1 has no fields for", () => {
    const stored = decodeObject(autoscalerResource, { spec: { ...spec, metrics: [memory], behavior: { scaleUp: { selectPolicy: "Max" } } } }) as unknown as HorizontalPodAutoscaler;
    const former = autoscalerV1Resource.storedAs?.fromStored(stored) as unknown as HorizontalPodAutoscalerV1;
    expect(former.spec.targetCPUUtilizationPercentage).toBeUndefined();
    expect(former.metadata.annotations?.["autoscaling.alpha.kubernetes.io/metrics"]).toBe('[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}]');
    expect(autoscalerV1Resource.storedAs?.toStored(former as never)).toEqual(stored);
  });

  it("of v1 are stored as v2", () => {
    const former = decodeObject(autoscalerV1Resource, { spec: { ...spec, targetCPUUtilizationPercentage: 50 } });
    const stored = autoscalerV1Resource.storedAs?.toStored(former);
    expect(stored).toMatchObject({ apiVersion: "autoscaling/v2", spec: { metrics: [{ resource: { target: { averageUtilization: 50 } } }] } });
    expect(row(autoscalerV1Resource, former)).toMatchObject({ Reference: "Deployment/d", Targets: "cpu: <unknown>/50%", MinPods: "1", MaxPods: 3, Replicas: 0 });
  });
});
