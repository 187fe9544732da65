// Clients that know nothing of skiff, against a cluster: Helm, an older kubectl, the JavaScript client library.
import { PassThrough } from "node:stream";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ApisApi, AppsV1Api, CoreApi, CoreV1Api, Exec, KubeConfig, Watch, makeInformer, type V1ConfigMap, type V1Pod, VersionApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand, startCluster, type TestCluster } from "../fixtures/cluster.ts";
import { helmPath, kubectlPath } from "../fixtures/kubectl.ts";

const chart = join(dirname(fileURLToPath(import.meta.url)), "../fixtures/chart");

let cluster: TestCluster;
let config: KubeConfig;
beforeAll(async () => {
  cluster = await startCluster("clients");
  config = new KubeConfig();
  config.loadFromFile(cluster.env["KUBECONFIG"] ?? "");
}, 120_000);
afterAll(() => cluster?.delete(), 120_000);

/** Runs a program against the cluster; it must succeed. */
async function ok(program: string, args: readonly string[], stdin?: string): Promise<CommandResult> {
  const result = await runCommand(program, args, cluster.env, stdin);
  expect(result, `${program} ${args.join(" ")}`).toMatchObject({ code: 0 });
  return result;
}

describe("Helm", () => {
  it("installs, upgrades, rolls back and uninstalls a chart with hooks", { timeout: 240_000 }, async () => {
    const helm = (...args: string[]) => ok(helmPath(), args);
    const image = async () => (await cluster.kubectl(["get", "deployment", "greeter", "-o", "jsonpath={.spec.template.spec.containers[0].image}"])).stdout;
    await helm("install", "greeter", chart, "--wait", "--timeout", "60s");
    expect((await cluster.kubectl(["logs", "greeter-before"])).stdout).toBe("prepared\n");
    expect(await image()).toBe("hello-kubernetes:1.0");
    await helm("upgrade", "greeter", chart, "--set", "replicas=2,image=hello-kubernetes:2.0", "--wait", "--timeout", "60s");
    expect(await image()).toBe("hello-kubernetes:2.0");
    await helm("rollback", "greeter", "1", "--wait", "--timeout", "60s");
    expect(await image()).toBe("hello-kubernetes:1.0");
    const history = JSON.parse((await helm("history", "greeter", "-o", "json")).stdout) as { revision: number; status: string }[];
    expect(history.map(({ revision, status }) => `${revision} ${status}`)).toEqual(["1 superseded", "2 superseded", "3 deployed"]);
    await helm("uninstall", "greeter", "--wait", "--timeout", "60s");
    expect((await cluster.kubectl(["get", "deployments,services", "-o", "name"])).stdout).toBe("service/kubernetes\n");
  });
});

describe("kubectl 1.32", () => {
  const manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: old}\nspec:\n  terminationGracePeriodSeconds: 0\n  containers: [{name: main, image: 'busybox:1.36', command: [sleep, '600']}]\n";

  it("applies, waits, executes, explains and deletes", { timeout: 120_000 }, async () => {
    const kubectl = (args: readonly string[], stdin?: string) => ok(kubectlPath("1.32"), args, stdin);
    await kubectl(["apply", "-f", "-"], manifest);
    await kubectl(["wait", "--for=condition=Ready", "pod/old", "--timeout=60s"]);
    expect((await kubectl(["exec", "old", "--", "echo", "hello"])).stdout).toBe("hello\n");
    expect((await kubectl(["explain", "pod.spec.containers.livenessProbe"])).stdout).toContain("FIELD: livenessProbe <Probe>");
    await kubectl(["apply", "--server-side", "--field-manager=me", "-f", "-"], "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ssa}\ndata: {a: b}\n");
    expect((await kubectl(["diff", "-f", "-"], "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ssa}\ndata: {a: b}\n")).stdout).not.toContain("+data");
    await kubectl(["delete", "pod/old", "configmap/ssa"]);
  });
});

describe("the JavaScript client library", () => {
  it("creates, lists, watches and informs", { timeout: 60_000 }, async () => {
    const core = config.makeApiClient(CoreV1Api);
    const seen: string[] = [];
    const informer = makeInformer(config, "/api/v1/namespaces/default/configmaps", () => core.listNamespacedConfigMap({ namespace: "default", labelSelector: "of=library" }), "of=library");
    for (const event of ["add", "update", "delete"] as const) informer.on(event, (object: V1ConfigMap) => seen.push(`${event} ${object.metadata?.name}`));
    await informer.start();
    const created = await core.createNamespacedConfigMap({ namespace: "default", body: { metadata: { name: "noted", labels: { of: "library" } }, data: { a: "1" } } });
    await core.replaceNamespacedConfigMap({ namespace: "default", name: "noted", body: { ...created, data: { a: "2" } } });
    await core.deleteNamespacedConfigMap({ namespace: "default", name: "noted" });
    await expect.poll(() => seen, { timeout: 10_000 }).toEqual(["add noted", "update noted", "delete noted"]);
    await informer.stop();
    const refused = core.readNamespacedConfigMap({ namespace: "default", name: "noted" });
    await expect(refused).rejects.toMatchObject({ code: 404 });
  });

  it("executes in a pod and watches it come and go", { timeout: 120_000 }, async () => {
    const core = config.makeApiClient(CoreV1Api);
    const phases: string[] = [];
    const watch = new Watch(config);
    const stopWatch = await watch.watch("/api/v1/namespaces/default/pods", { fieldSelector: "metadata.name=worker" }, (type: string, pod: V1Pod) => phases.push(`${type} ${pod.status?.phase ?? ""}`), () => {});
    const container = { name: "main", image: "busybox:1.36", command: ["sleep", "600"] };
    await core.createNamespacedPod({ namespace: "default", body: { metadata: { name: "worker" }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } } });
    await expect.poll(() => phases, { timeout: 60_000 }).toContain("MODIFIED Running");
    const output = new PassThrough();
    const text: Buffer[] = [];
    output.on("data", (chunk: Buffer) => text.push(chunk));
    const status = await new Promise<string | undefined>((resolve) => {
      void new Exec(config).exec("default", "worker", "main", ["sh", "-c", "echo out; exit 0"], output, null, null, false, (result) => resolve(result.status));
    });
    expect([status, Buffer.concat(text).toString()]).toEqual(["Success", "out\n"]);
    await core.deleteNamespacedPod({ name: "worker", namespace: "default" });
    await expect.poll(() => phases.at(-1), { timeout: 60_000 }).toMatch(/^DELETED/);
    stopWatch.abort();
  });

  it("asks for version and groups by the paths that generated clients use", async () => {
    expect((await config.makeApiClient(VersionApi).getCode()).minor).toBe("36");
    expect((await config.makeApiClient(ApisApi).getAPIVersions()).groups.map(({ name }) => name)).toContain("apps");
    expect((await config.makeApiClient(CoreApi).getAPIVersions()).versions).toEqual(["v1"]);
    expect((await config.makeApiClient(AppsV1Api).getAPIResources()).resources.map(({ name }) => name)).toContain("deployments");
  });

  it("checks who asks for a certificate", async () => {
    const request = await cluster.kubectl(["create", "-f", "-"], "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata: {name: none}\nspec: {signerName: kubernetes.io/kube-apiserver-client, request: bm8=, usages: [client auth]}\n");
    expect(request.stderr).toMatch(/^The CertificateSigningRequest "none" is invalid: spec\.request: Invalid value|is forbidden: failed to parse CSR: (?!.*constructor)/);
  });

  it("scales a deployment", { timeout: 60_000 }, async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const labels = { app: "scaled" };
    const containers = [{ name: "main", image: "busybox:1.36", command: ["sleep", "600"] }];
    await apps.createNamespacedDeployment({ namespace: "default", body: { metadata: { name: "scaled" }, spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } } } });
    // The controller's own first write would conflict with ours.
    await expect.poll(async () => (await apps.readNamespacedDeployment({ namespace: "default", name: "scaled" })).status?.observedGeneration, { timeout: 30_000 }).toBe(1);
    const scale = await apps.readNamespacedDeploymentScale({ namespace: "default", name: "scaled" });
    await apps.replaceNamespacedDeploymentScale({ namespace: "default", name: "scaled", body: { ...scale, spec: { replicas: 1 } } });
    await expect.poll(async () => (await apps.readNamespacedDeployment({ namespace: "default", name: "scaled" })).status?.replicas, { timeout: 30_000 }).toBe(1);
    await apps.deleteNamespacedDeployment({ namespace: "default", name: "scaled" });
  });
});
