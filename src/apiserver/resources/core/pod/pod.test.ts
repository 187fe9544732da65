import { describe, expect, it } from "vitest";
import type { Pod } from "../../../../api/generated/types/core/v1.ts";
import { create, decodeObject, row, update } from "../../shared/test-requests.ts";
import { podResource } from "./pod.ts";

const container = { name: "c", image: "nginx" };
const pod = (spec: object, metadata: object = {}) => create(podResource, { metadata: { name: "x", ...metadata }, spec: { containers: [container], ...spec } });

describe("creating pods", () => {
  it("fills the defaults of pods, containers and probes", () => {
    const { object } = pod({ containers: [{ ...container, readinessProbe: { httpGet: { port: 80 } }, resources: { limits: { cpu: "1" } } }] });
    expect((object as unknown as Pod).spec).toMatchObject({
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
      schedulerName: "default-scheduler",
      enableServiceLinks: true,
      containers: [{ imagePullPolicy: "Always", resources: { requests: { cpu: "1" } }, readinessProbe: { periodSeconds: 10, failureThreshold: 3, httpGet: { path: "/", scheme: "HTTP" } } }],
    });
    expect((object as unknown as Pod).status).toMatchObject({ phase: "Pending", qosClass: "Burstable" });
  });

  it.each<[string, object, string[]]>([
    ["no containers", { containers: [] }, ["spec.containers: Required value"]],
    ["two containers of one name", { containers: [container, container] }, ['spec.containers[1].name: Duplicate value: "c"']],
    ["no image", { containers: [{ name: "c" }] }, ["spec.containers[0].image: Required value"]],
    ["an unknown restart policy", { restartPolicy: "Sometimes" }, ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"']],
    ["a port out of range", { containers: [{ ...container, ports: [{ containerPort: 70000 }] }] }, ["spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"]],
    ["a mount of no volume", { containers: [{ ...container, volumeMounts: [{ name: "v", mountPath: "/v" }] }] }, ['spec.containers[0].volumeMounts[0].name: Not found: "v"']],
    ["two sources of a volume", { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/" } }] }, ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"]],
    ["a request above its limit", { containers: [{ ...container, resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }] }, ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1']],
    ["a probe without a handler", { containers: [{ ...container, livenessProbe: {} }] }, ["spec.containers[0].livenessProbe: Required value: must specify a handler type"]],
    ["a toleration without an effect of its own", { tolerations: [{ key: "a", operator: "Exists", value: "b" }] }, ['spec.tolerations[0].operator: Invalid value: "b": value must be empty when `operator` is \'Exists\'']],
  ])("refuses %s", (_name, spec, errors) => {
    expect(pod(spec).errors).toEqual(errors);
  });

  it("warns of hosts' names that are no labels, and of parts of bytes", () => {
    const { warnings } = pod({ containers: [{ ...container, resources: { requests: { memory: "100m" } } }] }, { name: "a.b" });
    expect(warnings[0]).toContain("a DNS label is recommended: [must not contain dots]");
    expect(warnings[1]).toBe('spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer');
  });
});

describe("updating pods", () => {
  it("lets images change", () => {
    const { object } = pod({});
    expect(update(podResource, object, (next: Pod) => Object.assign(next.spec.containers[0] ?? {}, { image: "other" })).errors).toEqual([]);
  });

  it("lets tolerations be added, and nothing else change", () => {
    const { object } = pod({});
    expect(update(podResource, object, (next: Pod) => (next.spec.tolerations = [{ key: "a", operator: "Exists" }])).errors).toEqual([]);
    const [error] = update(podResource, object, (next: Pod) => (next.spec.hostname = "h")).errors;
    expect(error).toMatch(/^spec: Forbidden: pod updates may not change fields other than [^]*\n@@ [^]*-  ?"Hostname": "",\n\+ ? ?"Hostname": "h",/);
  });
});

describe("columns of pods", () => {
  const status = (fields: object, spec: object = {}) => row(podResource, decodeObject(podResource, { spec: { containers: [container], ...spec }, status: fields }))["Status"];

  it("count ready containers and restarts", () => {
    const object = decodeObject(podResource, {
      metadata: { name: "x", creationTimestamp: "2025-12-31T23:59:00Z" },
      spec: { containers: [container], nodeName: "n" },
      status: { phase: "Running", podIPs: [{ ip: "10.0.0.1" }], containerStatuses: [{ name: "c", ready: true, restartCount: 2, image: "nginx", state: { running: {} } }] },
    });
    expect(row(podResource, object)).toMatchObject({ Name: "x", Ready: "1/1", Status: "Running", Restarts: "2", Age: "60s", IP: "10.0.0.1", Node: "n" });
  });

  it.each<[string, object]>([
    ["CrashLoopBackOff", { phase: "Running", containerStatuses: [{ name: "c", image: "nginx", state: { waiting: { reason: "CrashLoopBackOff" } } }] }],
    ["ExitCode:3", { phase: "Failed", containerStatuses: [{ name: "c", image: "nginx", state: { terminated: { exitCode: 3 } } }] }],
    ["Signal:9", { phase: "Failed", containerStatuses: [{ name: "c", image: "nginx", state: { terminated: { exitCode: 137, signal: 9 } } }] }],
    ["Evicted", { phase: "Failed", reason: "Evicted" }],
    ["SchedulingGated", { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] }],
  ])("say %s", (text, fields) => {
    expect(status(fields)).toBe(text);
  });

  it("say how far initialization is", () => {
    expect(status({ phase: "Pending", initContainerStatuses: [{ name: "i", image: "nginx", state: { running: {} } }] }, { initContainers: [{ name: "i", image: "nginx" }] })).toBe("Init:0/1");
  });
});
