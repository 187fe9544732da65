import { describe, expect, it } from "vitest";
import type { DaemonSet, Deployment, StatefulSet } from "../../../api/generated/types/apps/v1.ts";
import { create, decodeObject, row, update } from "../shared/test-requests.ts";
import { daemonSetResource } from "./daemon-set.ts";
import { deploymentResource } from "./deployment.ts";
import { replicaSetResource } from "./replica-set.ts";
import { statefulSetResource } from "./stateful-set.ts";

const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "nginx" }] } };
const spec = { selector: { matchLabels: { a: "b" } }, template };

describe("workloads", () => {
  it.each([
    ["Deployment", deploymentResource],
    ["ReplicaSet", replicaSetResource],
    ["DaemonSet", daemonSetResource],
    ["StatefulSet", statefulSetResource],
  ])("of kind %s select their own pods", (_kind, resource) => {
    expect(create(resource, { spec }).errors).toEqual([]);
    const other = { ...spec, selector: { matchLabels: { a: "c" } } };
    expect(create(resource, { spec: other }).errors).toContain('spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`');
    const { errors } = create(resource, { spec: { ...spec, template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } } });
    expect(errors).toContain('spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"');
  });

  it("keep their selectors", () => {
    const { object } = create(deploymentResource, { spec });
    const { errors } = update(deploymentResource, object, (next: Deployment) => {
      next.spec.selector = { matchLabels: { a: "b", c: "d" } };
      next.spec.template.metadata.labels = { a: "b", c: "d" };
    });
    expect(errors).toEqual(['spec.selector: Invalid value: {"matchLabels":{"a":"b","c":"d"}}: field is immutable']);
  });

  it("roll out a quarter at a time by default", () => {
    expect(create(deploymentResource, { spec }).object).toMatchObject({
      spec: { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } } },
    });
  });

  it("cannot stand still while rolling", () => {
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } };
    expect(create(deploymentResource, { spec: { ...spec, strategy } }).errors).toEqual([
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    ]);
  });

  it("of stateful sets keep almost all else", () => {
    const { object } = create(statefulSetResource, { spec });
    expect(update(statefulSetResource, object, (next: StatefulSet) => (next.spec.replicas = 3)).errors).toEqual([]);
    const [error] = update(statefulSetResource, object, (next: StatefulSet) => (next.spec.serviceName = "s")).errors;
    expect(error).toMatch(/^spec: Forbidden: updates to statefulset spec for fields other than /);
  });

  it("of daemon sets count their templates", () => {
    const key = "deprecated.daemonset.template.generation";
    const { object } = create(daemonSetResource, { spec });
    expect(object.metadata.annotations?.[key]).toBe("1");
    const changed = update(daemonSetResource, object, (next: DaemonSet) => (next.spec.template.metadata.labels = { a: "b", c: "d" })).object;
    expect(changed.metadata.annotations?.[key]).toBe("2");
  });

  it("are scaled through their replicas", () => {
    const object = decodeObject(deploymentResource, { spec: { ...spec, replicas: 2 }, status: { replicas: 1 } });
    expect(deploymentResource.scale?.get(object)).toEqual({ replicas: 2, statusReplicas: 1, selector: "a=b" });
  });

  it("show their replicas", () => {
    const object = decodeObject(deploymentResource, { spec: { ...spec, replicas: 2 }, status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 } });
    expect(row(deploymentResource, object)).toMatchObject({ Ready: "1/2", "Up-to-date": 2, Available: 1, Containers: "c", Images: "nginx", Selector: "a=b" });
  });
});
