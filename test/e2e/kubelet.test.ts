// A kubelet on real Docker: pods become containers, and what happens to containers becomes the pods' statuses.
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Pod } from "../../src/api/generated/types/core/v1.ts";
import { configMaps, nodes, pods } from "../../src/api/resource-refs.ts";
import { runProcess } from "../../src/util/process.ts";
import { dockerIds, TestNode } from "../fixtures/node.ts";

// A name of its own for each run: runs that share one would sweep each other's containers.
const node = new TestNode(`kubelet-${process.pid}`);
beforeAll(() => node.start());
afterAll(() => node.delete());

const signal = new AbortController().signal;
const isReady = (pod: Pod) => pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
const reference = (pod: Pod) => ({ namespace: "default", name: pod.metadata.name ?? "", uid: pod.metadata.uid ?? "" });

/** Runs a command in a container. */
async function exec(pod: Pod, command: string[], stdin?: string, tty = false): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const input = new PassThrough();
  if (stdin !== undefined) input.end(stdin);
  const resizes = (async function* () {
    yield { width: 99, height: 31 };
  })();
  const code = await node.connection.exec(reference(pod), "c0", command, { stdout, stderr, tty, ...(stdin !== undefined && { stdin: input }), ...(tty && { resizes }) }, signal);
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

async function logs(pod: Pod, options = {}): Promise<string> {
  return text(await node.connection.logs(reference(pod), { container: "c0", ...options }, signal));
}

it("registers its node as ready", async () => {
  const { status, spec } = await node.client.resource(nodes).get(node.name);
  expect(status.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
  expect([status.nodeInfo.kubeletVersion, spec.podCIDR]).toEqual(["v1.36.2", expect.stringMatching(/\/24$/)]);
});

it("runs containers that share an address and reach each other on localhost", async () => {
  await node.create("pair", [
    { image: "hello-kubernetes:1.0", readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 } },
    { command: ["sh", "-c", "until wget -qO- http://127.0.0.1:8080; do sleep 0.1; done; sleep 600"] },
  ]);
  const pod = await node.until("pair", isReady);
  await expect.poll(() => logs(pod, { container: "c1" })).toBe("Hello Kubernetes!\n");
  expect(await dockerIds(pod)).toHaveLength(3);
  await node.client.resource(pods, "default").delete("pair");
  await node.untilGone("pair");
  await expect.poll(() => dockerIds(pod), { timeout: 10_000 }).toEqual([]);
});

describe("a pod that runs on", () => {
  let pod: Pod;
  beforeAll(async () => {
    await node.client.resource(configMaps, "default").create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" }, data: { key: "old" } });
    const command = ["sh", "-c", "trap 'exit 0' TERM; echo started; while true; do sleep 0.1; done"];
    const env = [{ name: "KEY", valueFrom: { configMapKeyRef: { name: "m", key: "key" } } }];
    await node.create("runs", [{ command, env, volumeMounts: [{ name: "m", mountPath: "/m" }] }], { volumes: [{ name: "m", configMap: { name: "m" } }], hostname: "host" });
    pod = await node.until("runs", isReady);
  });

  it("runs commands with their input, output and exit codes", async () => {
    expect(await exec(pod, ["sh", "-c", "cat; hostname; echo $KEY; echo err >&2; exit 7"], "in\n")).toEqual({ code: 7, stdout: "in\nhost\nold\n", stderr: "err\n" });
  });

  it("gives a command a terminal of the client's size", async () => {
    // The engine sets the size just after the command has begun.
    const { code, stdout } = await exec(pod, ["sh", "-c", "until stty size 2>/dev/null | grep .; do sleep 0.05; done; test -t 0 && echo terminal"], undefined, true);
    expect([code, stdout]).toEqual([0, "31 99\r\nterminal\r\n"]);
  });

  it("sees a change of its configuration", async () => {
    await node.client.resource(configMaps, "default").patch("m", "application/merge-patch+json", { data: { key: "new" } });
    await expect.poll(async () => (await exec(pod, ["cat", "/m/key"])).stdout, { timeout: 10_000 }).toBe("new");
  });

  it("is adopted by the next kubelet, and not restarted", async () => {
    const before = await dockerIds(pod);
    node.crash();
    await node.start();
    expect([await dockerIds(pod), (await node.client.resource(pods, "default").get("runs")).status.containerStatuses?.[0]?.restartCount]).toEqual([before, 0]);
    expect((await exec(pod, ["true"])).code).toBe(0);
  });

  it("is restarted when it died while no kubelet was there", async () => {
    node.crash();
    const [running] = (await node.client.resource(pods, "default").get("runs")).status.containerStatuses ?? [];
    await runProcess("docker", ["kill", (running?.containerID ?? "").replace("docker://", "")]);
    await node.start();
    const restarted = await node.until("runs", (seen) => isReady(seen) && seen.status.containerStatuses?.[0]?.restartCount === 1);
    expect(restarted.status.containerStatuses?.[0]?.lastState.terminated).toMatchObject({ exitCode: 137, reason: "Error" });
    expect([await logs(pod, { previous: true }), await logs(pod)]).toEqual(["started\n", "started\n"]);
  });

  it("comes back after its node went down and up", async () => {
    await node.stop();
    await expect.poll(async () => (await runProcess("docker", ["ps", "--format", "{{.Names}}", "--filter", `label=io.kubernetes.pod.uid=${pod.metadata.uid ?? ""}`])).stdout).toBe("");
    await node.start();
    await node.until("runs", (seen) => isReady(seen) && seen.status.containerStatuses?.[0]?.restartCount === 2);
  });

  it("goes when it is deleted with no kubelet there", async () => {
    node.crash();
    await node.client.resource(pods, "default").delete("runs", { gracePeriodSeconds: 0 });
    await node.start();
    await expect.poll(() => dockerIds(pod), { timeout: 10_000 }).toEqual([]);
  });
});

it("ends a container's input with that of its first client", async () => {
  await node.create("reads", [{ command: ["cat"], stdin: true, stdinOnce: true }], { restartPolicy: "Never" });
  const pod = await node.until("reads", isReady);
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  stdin.end("in\n");
  await node.connection.attach(reference(pod), "c0", { stdin, stdout, tty: false }, signal);
  stdout.end();
  expect(await text(stdout)).toBe("in\n");
  await node.until("reads", ({ status }) => status.phase === "Succeeded");
});

it("tells how a container ended, and its last words", async () => {
  await node.create("ends", [{ command: ["sh", "-c", "echo from the file > /dev/termination-log; exit 4"] }, { command: ["sh", "-c", "echo from the log; exit 5"], terminationMessagePolicy: "FallbackToLogsOnError" }], { restartPolicy: "Never" });
  const pod = await node.until("ends", ({ status }) => status.phase === "Failed" && status.conditions?.[0]?.status === "False");
  expect(pod.status.containerStatuses?.map(({ state }) => [state.terminated?.exitCode, state.terminated?.message])).toEqual([[4, "from the file\n"], [5, "from the log\n"]]);
});

it("holds back a container that crashes again and again, and says so", async () => {
  await node.create("crashes", [{ command: ["sh", "-c", "exit 3"] }]);
  await node.until("crashes", ({ status }) => status.containerStatuses?.[0]?.restartCount === 1);
  await expect.poll(() => node.eventsOf("crashes")).toContainEqual(expect.stringMatching(/^BackOff: Back-off restarting failed container c0 in pod crashes_default\(.+\)$/));
});

it("says which image, program or configuration is missing", async () => {
  await node.create("image", [{ image: "none-such:1", imagePullPolicy: "Never" }]);
  await node.create("program", [{ command: ["none-such"] }]);
  await node.create("key", [{ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "none", key: "k" } } }] }]);
  const waiting = async (name: string) => (await node.until(name, ({ status }) => !["ContainerCreating", undefined].includes(status.containerStatuses?.[0]?.state.waiting?.reason))).status.containerStatuses?.[0]?.state.waiting;
  expect(await waiting("image")).toEqual({ reason: "ErrImageNeverPull", message: 'Container image "none-such:1" is not present with pull policy of Never' });
  expect(await waiting("key")).toEqual({ reason: "CreateContainerConfigError", message: 'configmap "none" not found' });
  expect(await waiting("program")).toMatchObject({ reason: "RunContainerError", message: expect.stringContaining('exec: "none-such": executable file not found in $PATH') });
});

it("gives a container its time to end, and no more", async () => {
  await node.create("graceful", [{ command: ["sh", "-c", "trap 'echo bye; exit 0' TERM; while true; do sleep 0.1; done"] }], { terminationGracePeriodSeconds: 20 });
  const pod = await node.until("graceful", isReady);
  const following = text(await node.connection.logs(reference(pod), { container: "c0", follow: true }, signal));
  await node.client.resource(pods, "default").delete("graceful");
  await node.untilGone("graceful");
  expect(await following).toBe("bye\n");
});
