// kill -9 at any moment: the containers run on, the next start adopts them, and no acknowledged write is lost.
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startCluster, type TestCluster } from "../fixtures/cluster.ts";

const KILLS = 20;

const steady = `
apiVersion: v1
kind: Pod
metadata: {name: steady}
spec:
  containers: [{name: main, image: "busybox:1.36", command: [sleep, "3600"]}]
`;

const rolling = (round: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: rolling}
spec:
  replicas: 3
  selector: {matchLabels: {app: rolling}}
  template:
    metadata: {labels: {app: rolling}, annotations: {round: "${round}"}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: "busybox:1.36", command: [sleep, "3600"]}]
`;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster("crash");
}, 120_000);
afterAll(() => cluster?.delete(), 120_000);

async function ok(args: readonly string[], stdin?: string): Promise<string> {
  const result = await cluster.skiff(args, stdin);
  expect(result, `skiff ${args.join(" ")}`).toMatchObject({ code: 0 });
  return result.stdout;
}

function processGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return /^State:\s+Z/m.test(spawnSync("cat", [`/proc/${pid}/status`], { encoding: "utf8" }).stdout);
  } catch {
    return true;
  }
}

it(`survives being killed ${KILLS} times in the middle of a rollout`, { timeout: 900_000 }, async () => {
  await ok(["apply", "-f", "-"], steady);
  await ok(["wait", "--for=condition=Ready", "pod/steady", "--timeout=60s"]);
  const steadyContainers = cluster.containers("io.kubernetes.pod.name=steady").sort();
  expect(steadyContainers).toHaveLength(2);
  for (let round = 1; round <= KILLS; round++) {
    await ok(["create", "configmap", `written-${round}`, `--from-literal=round=${round}`]);
    await ok(["apply", "-f", "-"], rolling(round));
    // The moments of the kills are spread over a rollout; which one is hit does not matter to what is asserted.
    await sleep(round * 60);
    const pid = cluster.daemonPid();
    process.kill(pid, "SIGKILL");
    while (!processGone(pid)) await sleep(10);
    expect(cluster.containers("io.kubernetes.pod.name=steady").sort()).toEqual(steadyContainers);
    await ok(["up"]);
    expect(await ok(["get", "deployment", "rolling", "-o", "jsonpath={.spec.template.metadata.annotations.round}"])).toBe(String(round));
  }
  await ok(["rollout", "status", "deployment/rolling", "--timeout=120s"]);
  expect((await ok(["get", "configmaps", "-o", "name"])).match(/written-/g)).toHaveLength(KILLS);
  expect(await ok(["get", "pod", "steady", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"])).toBe("0");
  expect(cluster.containers("io.kubernetes.pod.name=steady").sort()).toEqual(steadyContainers);
  expect((await ok(["get", "pods", "-l", "app=rolling", "-o", "name"])).trim().split("\n")).toHaveLength(3);
  // What earlier rounds left is swept: two containers a pod that is there, and no others.
  await expect.poll(() => cluster.containers("io.kubernetes.pod.namespace=default").length, { timeout: 60_000 }).toBe((1 + 3) * 2);
});
