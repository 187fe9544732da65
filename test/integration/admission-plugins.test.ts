import { beforeEach, describe, expect, test } from "vitest";
import { admittingServer } from "../fixtures/admitting-server.ts";
import type { TestServer } from "../fixtures/api-server.ts";

let server: TestServer;
let noted: object[];
beforeEach(async () => {
  noted = [];
  server = await admittingServer(({ annotations = [] }) => noted.push(Object.fromEntries(annotations)));
});

const IN_DEFAULT = "/api/v1/namespaces/default";

async function post(path: string, body: object) {
  const answer = await server.send("POST", path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const createPod = (name: string, resources: object = {}, spec: object = {}) =>
  server.send("POST", `${IN_DEFAULT}/pods`, { body: { metadata: { name }, spec: { containers: [{ name: "c", image: "busybox", resources }], ...spec } } });

/** A quota with the usage that the controller would have counted. */
async function quota(hard: Record<string, string>, more: object = {}) {
  await post(`${IN_DEFAULT}/resourcequotas`, { metadata: { name: "q" }, spec: { hard, ...more } });
  const used = Object.fromEntries(Object.keys(hard).map((name) => [name, "0"]));
  await server.send("PATCH", `${IN_DEFAULT}/resourcequotas/q/status`, { body: { status: { hard, used } }, headers: { "content-type": "application/merge-patch+json" } });
}
const used = async () => (await server.send("GET", `${IN_DEFAULT}/resourcequotas/q`)).body.status.used;

describe("limit ranges", () => {
  test("fill in and bound what containers ask for", async () => {
    await post(`${IN_DEFAULT}/limitranges`, {
      metadata: { name: "l" },
      spec: { limits: [{ type: "Container", max: { cpu: "1" }, min: { cpu: "50m" }, default: { cpu: "500m" }, defaultRequest: { cpu: "200m" }, maxLimitRequestRatio: { cpu: "4" } }] },
    });
    const { body } = await createPod("defaults");
    expect(body.spec.containers[0].resources).toEqual({ limits: { cpu: "500m" }, requests: { cpu: "200m" } });
    expect(body.metadata.annotations).toEqual({ "kubernetes.io/limit-ranger": "LimitRanger plugin set: cpu request for container c; cpu limit for container c" });
    const message = async (resources: object) => (await createPod("p", resources)).body.message;
    expect(await message({ limits: { cpu: "2" } })).toBe('pods "p" is forbidden: maximum cpu usage per Container is 1, but limit is 2');
    expect(await message({ requests: { cpu: "10m" }, limits: { cpu: "40m" } })).toBe('pods "p" is forbidden: minimum cpu usage per Container is 50m, but request is 10m');
    expect(await message({ requests: { cpu: "100m" }, limits: { cpu: "1" } })).toBe('pods "p" is forbidden: cpu max limit to request ratio per Container is 4, but provided ratio is 10.000000');
  });

  test("bound pods and claims", async () => {
    await post(`${IN_DEFAULT}/limitranges`, {
      metadata: { name: "l" },
      spec: { limits: [{ type: "Pod", max: { memory: "100Mi" } }, { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "2Gi" } }] },
    });
    expect((await createPod("p")).body.message).toBe('pods "p" is forbidden: maximum memory usage per Pod is 100Mi.  No limit is specified');
    const claim = (storage: string) => server.send("POST", `${IN_DEFAULT}/persistentvolumeclaims`, { body: { metadata: { name: "c" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } } } });
    expect((await claim("3Gi")).body.message).toBe('persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi');
    expect((await claim("1Gi")).body.metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
  });
});

describe("quotas", () => {
  test("count what is created and refuse what is too much", async () => {
    await quota({ pods: "1", "requests.cpu": "1", "count/configmaps": "1" });
    expect((await createPod("p")).body.message).toBe('pods "p" is forbidden: failed quota: q: must specify requests.cpu for: c');
    await createPod("p", { requests: { cpu: "300m" } });
    expect(await used()).toEqual({ pods: "1", "requests.cpu": "300m", "count/configmaps": "0" });
    expect((await createPod("p2", { requests: { cpu: "1" } })).body.message).toBe(
      'pods "p2" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=1, used: pods=1,requests.cpu=300m, limited: pods=1,requests.cpu=1',
    );
    await post(`${IN_DEFAULT}/configmaps`, { metadata: { name: "a" } });
    expect((await server.send("POST", `${IN_DEFAULT}/configmaps`, { body: { metadata: { name: "b" } } })).status).toBe(403);
  });

  test("let no more through when many come at once", async () => {
    await quota({ configmaps: "3" });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => server.send("POST", `${IN_DEFAULT}/configmaps`, { body: { metadata: { name: `c${index}` } } })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await used()).toEqual({ configmaps: "3" });
  });

  test("count only what is in their scope, and nothing of dry runs", async () => {
    await quota({ pods: "1" }, { scopes: ["BestEffort"] });
    await createPod("burstable", { requests: { cpu: "1" } });
    expect(await used()).toEqual({ pods: "0" });
    await server.send("POST", `${IN_DEFAULT}/pods?dryRun=All`, { body: { metadata: { name: "dry" }, spec: { containers: [{ name: "c", image: "i" }] } } });
    expect(await used()).toEqual({ pods: "0" });
    await createPod("best");
    expect(await used()).toEqual({ pods: "1" });
  });

  test("without a count refuse", async () => {
    await post(`${IN_DEFAULT}/resourcequotas`, { metadata: { name: "q" }, spec: { hard: { configmaps: "1" } } });
    await server.send("PATCH", `${IN_DEFAULT}/resourcequotas/q/status`, { body: { status: { hard: { configmaps: "1" } } }, headers: { "content-type": "application/merge-patch+json" } });
    expect((await server.send("POST", `${IN_DEFAULT}/configmaps`, { body: { metadata: { name: "a" } } })).body.message).toBe('configmaps "a" is forbidden: status unknown for quota: q, resources: configmaps');
  });
});

describe("classes", () => {
  const SCHEDULING = "/apis/scheduling.k8s.io/v1/priorityclasses";

  test("of priority give pods their number", async () => {
    await post(SCHEDULING, { metadata: { name: "high" }, value: 1000, preemptionPolicy: "Never" });
    expect((await createPod("a")).body.spec).toMatchObject({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
    expect((await createPod("b", {}, { priorityClassName: "high" })).body.spec).toMatchObject({ priority: 1000, preemptionPolicy: "Never" });
    expect((await createPod("c", {}, { priorityClassName: "none" })).body.message).toBe('pods "c" is forbidden: no PriorityClass with name none was found');
    expect((await createPod("c", {}, { priority: 7 })).body.message).toBe(
      'pods "c" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    );
    await post(SCHEDULING, { metadata: { name: "usual" }, value: 5, globalDefault: true });
    expect((await createPod("d")).body.spec).toMatchObject({ priority: 5, priorityClassName: "usual" });
    expect((await server.send("POST", SCHEDULING, { body: { metadata: { name: "other" }, value: 5, globalDefault: true } })).body.message).toBe(
      'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
    );
  });

  test("of runtimes cost and steer", async () => {
    await post("/apis/node.k8s.io/v1/runtimeclasses", { metadata: { name: "heavy" }, handler: "h", overhead: { podFixed: { cpu: "1" } }, scheduling: { nodeSelector: { kind: "big" } } });
    expect((await createPod("a", {}, { runtimeClassName: "heavy" })).body.spec).toMatchObject({ overhead: { cpu: "1" }, nodeSelector: { kind: "big" } });
    expect((await createPod("b", {}, { runtimeClassName: "none" })).body.message).toBe('pods "b" is forbidden: pod rejected: RuntimeClass "none" not found');
  });
});

describe("pod security", () => {
  const label = (labels: object) =>
    server.send("PATCH", "/api/v1/namespaces/default", { body: { metadata: { labels } }, headers: { "content-type": "application/merge-patch+json" } });
  const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };

  test("refuses pods that violate the level", async () => {
    await label({ "pod-security.kubernetes.io/enforce": "baseline" });
    expect((await createPod("a")).status).toBe(201);
    expect((await createPod("b", {}, { hostNetwork: true, volumes: [{ name: "h", hostPath: { path: "/" } }] })).body.message).toBe(
      'pods "b" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), hostPath volumes (volume "h")',
    );
  });

  test("follows the version that is asked for", async () => {
    await label({ ...RESTRICTED, "pod-security.kubernetes.io/enforce-version": "v1.7" });
    expect((await createPod("a")).body.message).toBe('pods "a" is forbidden: violates PodSecurity "restricted:v1.7": runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)');
  });

  test("warns of pods that are there when the level rises, and of templates", async () => {
    await createPod("a");
    const { warnings } = await label(RESTRICTED);
    expect(warnings).toEqual([
      'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"',
      "a: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile",
    ]);
    const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
    const answer = await server.send("POST", "/apis/apps/v1/namespaces/default/deployments", { body: { metadata: { name: "d" }, spec: { selector: { matchLabels: { a: "b" } }, template } } });
    expect(answer.warnings[0]).toMatch(/^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false \(container "c" must set/);
  });

  test("notes violations down for the audit log", async () => {
    await label({ "pod-security.kubernetes.io/audit": "baseline" });
    await createPod("a", {}, { hostNetwork: true });
    expect(noted.at(-1)).toEqual({
      "pod-security.kubernetes.io/enforce-policy": "privileged:latest",
      "pod-security.kubernetes.io/audit-violations": 'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    });
  });

  test("knows no other levels", async () => {
    expect((await label({ "pod-security.kubernetes.io/warn": "odd" })).body.message).toBe(
      'Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/warn]: Invalid value: "odd": must be one of privileged, baseline, restricted',
    );
  });
});
