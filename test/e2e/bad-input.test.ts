// What a user does wrong, or the machine: each gets one clear sentence, exit code 1, and loses nothing.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, runCommand, skiffProgram, startCluster, type TestCluster } from "../fixtures/cluster.ts";

let cluster: TestCluster;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "skiff-bad-input-"));
  cluster = await startCluster("bad");
}, 120_000);
afterAll(async () => {
  await cluster?.delete();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Applies a manifest from a file. */
function apply(text: string): Promise<CommandResult> {
  writeFileSync(join(folder, "bad.yaml"), text);
  return cluster.skiff(["apply", "-f", join(folder, "bad.yaml")]);
}

const failure = (stderr: unknown, stdout = "") => ({ code: 1, stdout, stderr });

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;

const deployment = (spec: string, labels = "{app: bad}") => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: bad}
spec:
  ${spec}
  selector: {matchLabels: {app: bad}}
  template:
    metadata: {labels: ${labels}}
    spec: {containers: [{name: main, image: "busybox:1.36"}]}
`;

describe("a manifest", () => {
  it("with a syntax error is named with line and column", async () => {
    const file = join(folder, "bad.yaml");
    expect(await apply("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n data:\n  a: b\n")).toEqual(failure(`error: error parsing ${file}: error converting YAML to JSON: yaml: line 5: did not find expected key (column 1)\n`));
    expect(await apply("apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n")).toEqual(failure(`error: error parsing ${file}: error converting YAML to JSON: yaml: line 4: found a tab character that violates indentation (column 1)\n`));
  });

  it("of an unknown kind is refused", async () => {
    const file = join(folder, "bad.yaml");
    expect(await apply("apiVersion: v1\nkind: Pood\nmetadata: {name: a}\n")).toEqual(failure(`error: resource mapping not found for name: "a" namespace: "" from "${file}": no matches for kind "Pood" in version "v1"\nensure CRDs are installed first\n`));
  });

  it("with an unknown or mistyped field is refused", async () => {
    const where = `Error from server (BadRequest): error when creating "${join(folder, "bad.yaml")}": Deployment in version "v1" cannot be handled as a Deployment: `;
    expect(await apply(deployment("replica: 3"))).toEqual(failure(`${where}strict decoding error: unknown field "spec.replica"\n`));
    expect(await apply(deployment("replicas: two"))).toEqual(failure(`${where}json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32\n`));
  });

  it("with a selector that does not match its template is refused", async () => {
    expect(await apply(deployment("replicas: 1", "{app: other}"))).toEqual(failure('The Deployment "bad" is invalid: spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`\n'));
    expect(await cluster.skiff(["get", "deployment", "bad"])).toEqual(failure('Error from server (NotFound): deployments.apps "bad" not found\n'));
  });

  it("of several documents says which of them were applied", async () => {
    const result = await apply([configMap("first"), configMap("Not_A_Name"), configMap("third")].join("---\n"));
    expect(result).toEqual(failure(expect.stringMatching(/^The ConfigMap "Not_A_Name" is invalid: metadata\.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain must [^\n]*\n$/), "configmap/first created\nconfigmap/third created\n"));
    expect((await cluster.skiff(["get", "configmaps", "first", "third", "-o", "name"])).stdout).toBe("configmap/first\nconfigmap/third\n");
  });

  it("that is not there is named", async () => {
    expect(await cluster.skiff(["apply", "-f", "no-such.yaml"])).toEqual(failure('error: the path "no-such.yaml" does not exist\n'));
  });

  it("with an image that does not exist tells it in status and events", { timeout: 60_000 }, async () => {
    expect(await apply("apiVersion: v1\nkind: Pod\nmetadata: {name: lost}\nspec:\n  terminationGracePeriodSeconds: 0\n  containers: [{name: main, image: 'registry.invalid/nothing:1'}]\n")).toMatchObject({ code: 0 });
    const reason = async () => (await cluster.skiff(["get", "pod", "lost", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.reason}"])).stdout;
    await expect.poll(reason, { timeout: 40_000 }).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
    const { stdout } = await cluster.skiff(["describe", "pod", "lost"]);
    expect(stdout).toContain('Failed to pull image "registry.invalid/nothing:1": ');
    expect(stdout).toMatch(/Warning {2}Failed .*Error: ErrImagePull\n/);
    await cluster.skiff(["delete", "pod", "lost"]);
  });
});

describe("a start", () => {
  /** Starts another cluster in this home; it must not start. */
  async function refused(name: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const result = await runCommand(skiffProgram, ["up", "--name", name, ...args], { ...cluster.env, ...env });
    expect(result).toMatchObject({ code: 1, stdout: "" });
    await runCommand(skiffProgram, ["down", "--delete", "--name", name], cluster.env);
    return result.stderr;
  }

  it("on a port that is taken names it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect(await refused("other", ["--port", String(port)])).toBe(`error: port ${port} of 127.0.0.1 is taken by another program: choose another with --port\n`);
    await new Promise((resolve) => server.close(resolve));
  });

  it("with values that make no cluster is refused", async () => {
    expect(await refused("other", ["--nodes", "101"])).toBe("error: --nodes must be between 1 and 100, and is 101\nSee 'skiff up -h' for help and examples\n");
    expect(await refused("other", ["--port", "70000"])).toBe("error: --port must be between 1 and 65535, and is 70000\nSee 'skiff up -h' for help and examples\n");
    expect(await refused("No_Name", [])).toContain('error: invalid cluster name "No_Name": a lowercase RFC 1123 label must consist of');
  });

  it("without Docker says what to do", async () => {
    expect(await refused("other", [], { DOCKER_HOST: "unix:///nowhere/docker.sock" })).toBe("error: Docker is not running: start it and try again\n");
  });
});

describe("a cluster that was damaged", () => {
  const file = (name: string) => join(cluster.home, "clusters/bad", name);

  it("starts over a stale pid file and one that names another process", { timeout: 60_000 }, async () => {
    const stale = cluster.daemonPid();
    process.kill(stale, "SIGKILL");
    await expect.poll(() => connects(file("api.sock"))).toBe(false);
    expect(await cluster.skiff(["get", "pods"])).toEqual(
      failure(expect.stringMatching(/^The connection to the server 127\.0\.0\.1:\d+ was refused - did you specify the right host or port\?\nThe local cluster "bad" is not running: start it with "skiff up --name bad"\.\n$/)),
    );
    const create = await cluster.skiff(["create", "deployment", "none", "--image=busybox:1.36"]);
    expect(create).toEqual(failure(expect.stringMatching(/^error: failed to create deployment: Post "[^"]+": .*\nThe local cluster "bad" is not running: start it with "skiff up --name bad"\.\n$/)));
    expect(await cluster.skiff(["status"])).toMatchObject({ code: 1 });
    writeFileSync(file("daemon.pid"), `${process.pid}\n`);
    expect(await cluster.skiff(["down"])).toEqual({ code: 0, stdout: "Cluster bad is not running.\n", stderr: "" });
    expect(await cluster.skiff(["up"])).toMatchObject({ code: 0 });
    expect(cluster.daemonPid()).not.toBe(process.pid);
    expect((await cluster.skiff(["get", "configmap", "first", "-o", "name"])).stdout).toBe("configmap/first\n");
  });

  it("is not touched by a program that is older than its database", { timeout: 60_000 }, async () => {
    await cluster.skiff(["down"]);
    const version = setVersion(file("state.db"), 99);
    expect(await cluster.skiff(["up"])).toEqual(failure(`error: the database ${file("state.db")} has schema version 99, and this program knows none above ${version}: it was written by a newer one\n`));
    setVersion(file("state.db"), version);
  });

  it("names the file that cannot be read", { timeout: 60_000 }, async () => {
    for (const name of ["cluster.json", "state.db"]) {
      copyFileSync(file(name), join(folder, name));
      writeFileSync(file(name), name === "cluster.json" ? "{" : "no database at all, whatever its name says".repeat(40));
      const damaged = readFileSync(file(name), "utf8");
      const { code, stderr } = await cluster.skiff(["up"]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(new RegExp(`^error: .*${file(name)}.*\n$`)) });
      expect(readFileSync(file(name), "utf8")).toBe(damaged);
      copyFileSync(join(folder, name), file(name));
    }
    expect(await cluster.skiff(["up"])).toMatchObject({ code: 0 });
    expect((await cluster.skiff(["get", "configmaps", "first", "third", "-o", "name"])).stdout).toBe("configmap/first\nconfigmap/third\n");
  });
});

describe.runIf(process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0)("a full disk", () => {
  it("refuses writes, keeps answering, and recovers", { timeout: 90_000 }, async (context) => {
    const home = join(folder, "small");
    spawnSync("mkdir", [home]);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m,mode=700", "tmpfs", home]).status !== 0) return context.skip();
    const env = { ...cluster.env, SKIFF_HOME: home, SKIFF_CLUSTER: "small" };
    const skiff = (args: readonly string[], stdin?: string) => runCommand(skiffProgram, args, env, stdin);
    try {
      expect(await skiff(["up"])).toMatchObject({ code: 0 });
      expect(await skiff(["create", "configmap", "before"])).toMatchObject({ code: 0 });
      spawnSync("sh", ["-c", `cat /dev/zero > ${join(home, "filler")}`]);
      writeFileSync(join(folder, "large.txt"), "x".repeat(700_000));
      const large = await skiff(["create", "configmap", "large", `--from-file=${join(folder, "large.txt")}`]);
      expect(large).toMatchObject({ code: 1, stderr: expect.stringContaining(join(home, "clusters/small/state.db")) });
      expect((await skiff(["get", "configmaps", "-o", "name"])).stdout).toBe("configmap/before\nconfigmap/kube-root-ca.crt\n");
      rmSync(join(home, "filler"));
      expect(await skiff(["create", "configmap", "after"])).toMatchObject({ code: 0 });
    } finally {
      await skiff(["down", "--delete"]);
      spawnSync("umount", [home]);
    }
  });
});

/** Whether somebody listens on a Unix socket. */
function connects(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path, () => resolve(true));
    connection.once("error", () => resolve(false)).once("connect", () => connection.destroy());
  });
}

/** Sets a database's schema version, and returns the one it had. */
function setVersion(path: string, version: number): number {
  const database = new DatabaseSync(path);
  try {
    const before = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    database.exec(`PRAGMA user_version = ${version}`);
    return before;
  } finally {
    database.close();
  }
}
