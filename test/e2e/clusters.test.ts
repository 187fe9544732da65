// A cluster's life as its user sees it: side by side with others, stopped and started again, and gone without a trace.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand, skiffProgram, startCluster, type TestCluster } from "../fixtures/cluster.ts";
import { makeNodeImage, removeImage } from "../fixtures/node-image.ts";

const IMAGE = "skiff-test-in-cluster:1";

/** A kubeconfig that somebody keeps by hand. */
const OWN_KUBECONFIG = `# mine
apiVersion: v1
kind: Config
current-context: production
contexts:
- name: production # careful
  context: {cluster: production, user: me}
clusters:
- name: production
  cluster:
    server: "https://203.0.113.1:6443"
users:
- name: me
  user: {token: secret}
`;

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: "hello-kubernetes:1.0"}]
`;

/** Asks the API server by the name that pods know it by, with what is mounted into every pod. */
const IN_CLUSTER_PROGRAM = `
import { readFileSync } from "node:fs";
import { get } from "node:https";
const mounted = (name: string) => readFileSync("/var/run/secrets/kubernetes.io/serviceaccount/" + name, "utf8");
const headers = { authorization: "Bearer " + mounted("token") };
get("https://kubernetes.default.svc/api/v1/namespaces/" + mounted("namespace"), { ca: mounted("ca.crt"), headers }, (response) => {
  let text = "";
  response.on("data", (chunk) => (text += chunk)).on("end", () => console.log(response.statusCode, JSON.parse(text).message));
});
`;

let one: TestCluster;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "skiff-clusters-"));
  writeFileSync(join(folder, "in-cluster.ts"), IN_CLUSTER_PROGRAM);
  writeFileSync(join(folder, "tokens.csv"), 'sesame,ann,ann-1,"system:masters"\n');
  const [cluster] = await Promise.all([startCluster("one", ["--audit-log-path", join(folder, "audit.log"), "--token-auth-file", join(folder, "tokens.csv")]), makeNodeImage(IMAGE, [join(folder, "in-cluster.ts")])]);
  one = cluster;
}, 120_000);
afterAll(async () => {
  await one?.delete();
  removeImage(IMAGE);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Runs a command that must succeed. */
async function ok(command: Promise<CommandResult>): Promise<string> {
  const result = await command;
  expect(result).toMatchObject({ code: 0 });
  return result.stdout;
}

interface Status {
  readonly running: boolean;
  readonly pid?: number;
  readonly server: string;
  readonly nodes?: readonly { name: string; ready: boolean }[];
}

async function statusOf(name = "one"): Promise<Status> {
  return JSON.parse((await one.skiff(["--name", name, "status", "-o", "json"])).stdout) as Status;
}

function docker(...args: string[]): string[] {
  return spawnSync("docker", args, { encoding: "utf8" }).stdout.split("\n").filter((line) => line !== "");
}

/** The access modes of everything in a folder, by path. */
function modes(path: string, below = ""): Record<string, string> {
  const at = join(path, below);
  const own = { [below]: (statSync(at).mode & 0o777).toString(8) };
  return statSync(at).isDirectory() ? Object.assign(own, ...readdirSync(at).map((name) => modes(path, join(below, name)))) : own;
}

describe("a cluster", () => {
  it("is up already when it is brought up again", async () => {
    const before = await statusOf();
    expect(before).toMatchObject({ name: "one", running: true, nodes: [{ name: "one", ready: true }], folder: join(one.home, "clusters/one") });
    expect(await ok(one.skiff(["up"]))).toContain("Cluster one is up already.\n");
    expect((await statusOf()).pid).toBe(before.pid);
  });

  it("keeps its files to its user", async () => {
    const { "": home, ...found } = modes(one.home);
    const { clusters, "clusters/one": own, "clusters/one/pki": pki } = found;
    expect({ home, clusters, own, pki }).toEqual({ home: "700", clusters: "700", own: "700", pki: "700" });
    const files = ["kubeconfig", "state.db", "api.sock", "cluster.json", "daemon.log", "daemon.pid", ...readdirSync(join(one.home, "clusters/one/pki")).map((name) => `pki/${name}`)];
    expect(files.map((file) => `${file} ${found[`clusters/one/${file}`]}`)).toEqual(files.map((file) => `${file} 600`));
    expect(found["kubeconfig"]).toBe("600");
  });

  it("prints its kubeconfig and its path", async () => {
    const path = (await ok(one.skiff(["kubeconfig", "--path"]))).trim();
    expect(await ok(one.skiff(["kubeconfig"]))).toBe(readFileSync(path, "utf8"));
    expect(await ok(runCommand(skiffProgram, ["--kubeconfig", path, "get", "nodes", "-o", "name"], { HOME: folder }))).toBe("node/one\n");
  });

  it("answers strangers only what anybody may know", async () => {
    const { server } = await statusOf();
    const code = (path: string, ...args: string[]) => spawnSync("curl", ["-sk", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", ...args, `${server}${path}`], { encoding: "utf8" }).stdout;
    const paths = ["/livez", "/readyz", "/healthz", "/version", "/api", "/apis", "/openapi/v3", "/metrics", "/api/v1/secrets"];
    expect(paths.map((path) => `${path} ${code(path)}`)).toEqual(["/livez 200", "/readyz 200", "/healthz 200", "/version 200", "/api 401", "/apis 401", "/openapi/v3 401", "/metrics 401", "/api/v1/secrets 401"]);
    expect(code("/api/v1/secrets", "-H", "Authorization: Bearer sesame")).toBe("200");
    expect(code("/api/v1/secrets", "-H", "Authorization: Bearer guessed")).toBe("401");
    const log = () => readFileSync(join(folder, "audit.log"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as { requestURI: string; user: { username?: string } });
    await expect.poll(() => log().some(({ requestURI, user }) => requestURI === "/api/v1/secrets" && user.username === "ann")).toBe(true);
  });

  it("is reached by its pods under Kubernetes' own name", { timeout: 60_000 }, async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "inside" }, spec: { restartPolicy: "Never", containers: [{ name: "main", image: IMAGE }] } };
    await ok(one.skiff(["apply", "-f", "-"], JSON.stringify(pod)));
    await ok(one.skiff(["wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/inside", "--timeout=30s"]));
    expect(await ok(one.skiff(["logs", "inside"]))).toBe('403 namespaces "default" is forbidden: User "system:serviceaccount:default:default" cannot get resource "namespaces" in API group "" in the namespace "default"\n');
    await ok(one.skiff(["delete", "pod", "inside"]));
  });

  it("forwards one connection after another", { timeout: 60_000 }, async () => {
    await ok(one.skiff(["apply", "-f", "-"], web));
    await ok(one.skiff(["rollout", "status", "deployment/web", "--timeout=60s"]));
    const forward = spawn(skiffProgram, ["port-forward", "deployment/web", ":8080"], { env: { ...process.env, ...one.env }, stdio: ["ignore", "pipe", "pipe"] });
    try {
      const output = { out: "", err: "" };
      forward.stdout.on("data", (data) => (output.out += data));
      forward.stderr.on("data", (data) => (output.err += data));
      await expect.poll(() => output.out, { timeout: 10_000 }).toContain("Forwarding from");
      const port = /127\.0\.0\.1:(\d+)/.exec(output.out)?.[1];
      for (let time = 0; time < 5; time++) expect(spawnSync("curl", ["-s", "-m", "5", `http://127.0.0.1:${port}/`], { encoding: "utf8" }).stdout).toBe("Hello Kubernetes!\n");
      expect(output.err).toBe("");
      expect(forward.exitCode).toBeNull();
    } finally {
      forward.kill();
    }
  });

  it("keeps its state while it is down, and comes back to it", { timeout: 90_000 }, async () => {
    const names = await ok(one.skiff(["get", "pods", "-o", "name"]));
    const { pid, server } = await statusOf();
    expect(await ok(one.skiff(["down"]))).toBe("Cluster one is down; its state is kept.\n");
    expect(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout).toMatch(/^(Z.*\n)?$/);
    // The engine reports that a container died a moment before it stops listing it.
    await expect.poll(() => docker("ps", "-q", "--filter", `label=dev.skiff.cluster=${clusterId(one, "one")}`), { timeout: 10_000 }).toEqual([]);
    expect(await one.skiff(["status"])).toMatchObject({ code: 1, stdout: expect.stringContaining("not running (start it with `skiff up --name one`)") });
    expect(await ok(one.skiff(["down"]))).toBe("Cluster one is not running.\n");
    await ok(one.skiff(["up"]));
    await ok(one.skiff(["wait", "--for=condition=Available", "deployment/web", "--timeout=60s"]));
    await expect.poll(() => one.containers("io.kubernetes.container.name=main").filter((id) => docker("inspect", "-f", "{{.State.Running}}", id)[0] === "true").length, { timeout: 30_000 }).toBe(3);
    expect(await ok(one.skiff(["get", "pods", "-o", "name"]))).toBe(names);
    expect((await statusOf()).server).toBe(server);
  });
});

describe("under the name kubectl", () => {
  it("follows KUBECONFIG and its contexts", async () => {
    const link = join(folder, "kubectl");
    symlinkSync(skiffProgram, link);
    expect(await ok(runCommand(link, ["get", "nodes", "-o", "name"], one.env))).toBe("node/one\n");
    expect(await ok(runCommand(link, ["config", "current-context"], one.env))).toBe("skiff-one\n");
    const nowhere = join(folder, "nowhere.yaml");
    writeFileSync(nowhere, "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: 'https://127.0.0.1:9'}}]\n");
    const refused = "The connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?\n";
    expect(await runCommand(link, ["get", "nodes"], { ...one.env, KUBECONFIG: nowhere })).toEqual({ code: 1, stdout: "", stderr: refused });
    // As skiff the local cluster is meant, whatever kubeconfig says.
    expect(await ok(runCommand(skiffProgram, ["get", "nodes", "-o", "name"], { ...one.env, KUBECONFIG: nowhere }))).toBe("node/one\n");
  });
});

describe("a second cluster", () => {
  it("runs beside the first with three nodes, and goes without a trace", { timeout: 120_000 }, async () => {
    const own = join(folder, "own.yaml");
    writeFileSync(own, OWN_KUBECONFIG, { mode: 0o640 });
    const two = (...args: string[]) => runCommand(skiffProgram, ["--name", "two", ...args], { ...one.env, KUBECONFIG: own });
    try {
      // Whoever comes second waits for whoever was first.
      const ups = (await Promise.all([ok(two("up", "--nodes", "3")), ok(two("up", "--nodes", "3"))])).sort();
      expect(ups.map((text) => text.split("\n")[0])).toEqual([expect.stringMatching(/^Cluster two is up \(/), "Cluster two is up already."]);
      expect(ups[0]).toContain(`Other tools reach it by the context skiff-two in ${own} (kubectl --context skiff-two).\n`);
      const merged = readFileSync(own, "utf8");
      expect(merged.split("\n")).toEqual(expect.arrayContaining(OWN_KUBECONFIG.split("\n")));
      expect(statSync(own).mode & 0o777).toBe(0o640);
      const { nodes, server } = await statusOf("two");
      expect(nodes).toEqual(["two", "two-2", "two-3"].map((name) => ({ name, ready: true })));
      expect(server).not.toBe((await statusOf()).server);
      expect(await two("up", "--nodes", "2")).toMatchObject({ code: 1, stderr: "error: cluster two runs with 3 nodes; run `skiff down --name two` first, then `skiff up --name two --nodes 2`\n" });

      const stdin = web.replaceAll("web", "spread");
      await ok(runCommand(skiffProgram, ["--name", "two", "apply", "-f", "-"], one.env, stdin));
      await ok(two("rollout", "status", "deployment/spread", "--timeout=60s"));
      expect((await ok(two("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"))).split(" ").sort()).toEqual(["two", "two-2", "two-3"]);
      expect(await ok(one.skiff(["get", "deployments", "-o", "name"]))).toBe("deployment.apps/web\n");

      const id = clusterId(one, "two");
      const present = () => ["ps -aq", "network ls -q", "volume ls -q"].flatMap((list) => docker(...list.split(" "), "--filter", `label=dev.skiff.cluster=${id}`));
      expect(present().length).toBeGreaterThan(6);
      const images = docker("images", "-q", "hello-kubernetes:1.0");
      expect(await ok(two("down", "--delete"))).toBe("Cluster two is deleted.\n");
      expect(present()).toEqual([]);
      expect(docker("network", "ls", "--format", "{{.Name}}").filter((name) => name.includes("skiff-two"))).toEqual([]);
      expect(docker("images", "-q", "hello-kubernetes:1.0")).toEqual(images);
      expect(readdirSync(join(one.home, "clusters"))).toEqual(["one"]);
      expect(readFileSync(own, "utf8")).toBe(OWN_KUBECONFIG);
      expect((await statusOf()).running).toBe(true);
    } finally {
      await two("down", "--delete");
    }
    expect(await two("down", "--delete")).toEqual({ code: 0, stdout: "There is no cluster two.\n", stderr: "" });
  });
});

describe("a cluster of the same name in another home", () => {
  it("has a network of its own", { timeout: 60_000 }, async () => {
    const env = { ...one.env, SKIFF_HOME: join(folder, "other-home"), KUBECONFIG: join(folder, "other.yaml") };
    const networks = () => docker("network", "ls", "--format", "{{.Name}}").filter((name) => name.startsWith("skiff-one"));
    await ok(runCommand(skiffProgram, ["up"], env));
    expect(networks()).toHaveLength(2);
    await ok(runCommand(skiffProgram, ["down", "--delete"], env));
    expect(networks()).toEqual(["skiff-one"]);
  });
});

describe("skiff daemon", () => {
  it("runs in the foreground until it is told to stop", { timeout: 60_000 }, async () => {
    const env = { ...one.env, SKIFF_CLUSTER: "front" };
    const daemon = spawn(skiffProgram, ["daemon"], { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    try {
      let log = "";
      daemon.stderr.on("data", (data) => (log += data));
      await expect.poll(() => log, { timeout: 20_000 }).toContain(" info ready ");
      expect((await statusOf("front")).pid).toBe(daemon.pid);
      expect(await ok(runCommand(skiffProgram, ["get", "namespaces", "-o", "name"], env))).toContain("namespace/default\n");
      const exit = new Promise((resolve) => daemon.once("exit", (code) => resolve(code)));
      daemon.kill("SIGTERM");
      expect(await exit).toBe(0);
      expect(log).toContain(" info stopped\n");
    } finally {
      daemon.kill("SIGKILL");
      await runCommand(skiffProgram, ["down", "--delete"], env);
    }
  });
});

function clusterId(cluster: TestCluster, name: string): string {
  return (JSON.parse(readFileSync(join(cluster.home, "clusters", name, "cluster.json"), "utf8")) as { clusterId: string }).clusterId;
}
