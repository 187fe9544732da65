// The cluster as a user meets it: start, twenty pods, their deletion, idling, `get pods`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PAUSE_IMAGE } from "../../src/kubelet/pause-image.ts";
import { kubectlPath } from "../fixtures/kubectl.ts";
import { median, processorSeconds, processTree, residentMegabytes, run, runAsync, seconds } from "./machine.ts";
import type { Figure } from "./report.ts";

const PODS = 20;
const ROUNDS = 3;
const IDLE_SECONDS = 30;
const SETTLE_MS = 10_000;
const CLUSTER = "bench";
const RAW_LABEL = "dev.skiff.bench=raw";

const skiff = join(dirname(fileURLToPath(import.meta.url)), "../../bin/skiff");

/** Measures a cluster of its own in a temporary home; needs busybox:1.36 in the engine. */
export async function clusterFigures(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), "skiff-bench-"));
  const env = { SKIFF_HOME: home, SKIFF_CLUSTER: CLUSTER, KUBECONFIG: join(home, "kubeconfig") };
  try {
    run(skiff, ["down", "--delete"], env);
    const up = await seconds(() => run(skiff, ["up"], env));
    const figures: Figure[] = [{ what: "`skiff up` from nothing to API + node Ready", value: up, unit: "s", goal: { most: 2 } }];
    figures.push(await documentFigure(env), ...(await podFigures(home, env)), ...(await idleFigures(env)), await getFigure(env));
    return figures;
  } finally {
    run(skiff, ["down", "--delete"], env);
    rmSync(home, { recursive: true, force: true });
  }
}

/** What the daemon keeps after clients have read all of discovery and OpenAPI. */
async function documentFigure(env: Record<string, string>): Promise<Figure> {
  const kubectl = kubectlPath();
  const { pid } = JSON.parse(run(skiff, ["status", "-o", "json"], env)) as { pid: number };
  await sleep(SETTLE_MS);
  const before = residentMegabytes(pid);
  run(kubectl, ["api-resources"], env);
  for (const type of ["pod", "deployment", "ingress", "horizontalpodautoscaler"]) run(kubectl, ["explain", type, "--recursive"], env);
  run(kubectl, ["get", "--raw", "/openapi/v2"], env);
  await sleep(SETTLE_MS);
  return { what: "discovery and OpenAPI read: added to the idle daemon", value: residentMegabytes(pid) - before, unit: "MB", goal: { most: 25 } };
}

/** Starts and deletes twenty pods, and twenty pairs of containers by a shell loop, in turn. */
async function podFigures(home: string, env: Record<string, string>): Promise<Figure[]> {
  const manifest = join(home, "bench.yaml");
  writeFileSync(manifest, deploymentManifest(PODS));
  const starts: { ours: number; raw: number }[] = [];
  const deletions: { ours: number; raw: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await seconds(() => {
      run(skiff, ["apply", "-f", manifest], env);
      run(skiff, ["wait", "--for=condition=Available", "deployment/bench", "--timeout=120s"], env);
    });
    run(skiff, ["delete", "deployment", "bench", "--cascade=orphan"], env);
    run(skiff, ["delete", "replicaset", "-l", "app=bench", "--cascade=orphan"], env);
    const deletion = await seconds(async () => {
      run(skiff, ["delete", "pods", "-l", "app=bench", "--grace-period=0", "--force"], env);
      await containersGone(`label=dev.skiff.cluster=${clusterId(home)}`);
    });
    const raw = await seconds(() => startPairs());
    const ids = run("docker", ["ps", "-aq", "--filter", `label=${RAW_LABEL}`]).trim().split("\n");
    const rawDeletion = await seconds(() => run("docker", ["rm", "-f", ...ids]));
    starts.push({ ours, raw });
    deletions.push({ ours: deletion, raw: rawDeletion });
  }
  return [
    ratioFigure(`${PODS} pods, apply to Available, over a docker run loop`, starts, 1.3),
    ratioFigure(`deleting them with grace 0, over docker rm -f`, deletions, 1.5),
  ];
}

function ratioFigure(what: string, rounds: readonly { ours: number; raw: number }[], most: number): Figure {
  const detail = rounds.map(({ ours, raw }) => `${ours.toFixed(2)} s / ${raw.toFixed(2)} s`).join(", ");
  return { what, value: median(rounds.map(({ ours, raw }) => ours / raw)), unit: "x", goal: { most }, detail };
}

/** The same sandboxes and containers by hand, eight pairs at a time. */
async function startPairs(): Promise<void> {
  const pair = `docker run -d --label ${RAW_LABEL} --name skiff-bench-raw-$0 ${PAUSE_IMAGE} >/dev/null && docker run -d --label ${RAW_LABEL} --network container:skiff-bench-raw-$0 busybox:1.36 sleep 3600 >/dev/null`;
  await runAsync("sh", ["-c", `seq ${PODS} | xargs -P 8 -n 1 sh -c '${pair}'`]);
}

/** What the cluster's containers are labelled with; other clusters may run on the same engine. */
function clusterId(home: string): string {
  return (JSON.parse(readFileSync(join(home, "clusters", CLUSTER, "cluster.json"), "utf8")) as { clusterId: string }).clusterId;
}

async function containersGone(filter: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (run("docker", ["ps", "-aq", "--filter", filter]).trim() !== "") {
    if (performance.now() > deadline) throw new Error(`containers with ${filter} are still there`);
    await sleep(50);
  }
}

/** Memory and processor time of the daemon and what it started, with twenty pods running. */
async function idleFigures(env: Record<string, string>): Promise<Figure[]> {
  run(skiff, ["apply", "-f", join(env["SKIFF_HOME"] ?? "", "bench.yaml")], env);
  run(skiff, ["wait", "--for=condition=Available", "deployment/bench", "--timeout=120s"], env);
  const { pid } = JSON.parse(run(skiff, ["status", "-o", "json"], env)) as { pid: number };
  await sleep(SETTLE_MS);
  const tree = processTree(pid);
  const before = tree.map(processorSeconds).reduce((sum, value) => sum + value, 0);
  await sleep(IDLE_SECONDS * 1000);
  const used = tree.map(processorSeconds).reduce((sum, value) => sum + value, 0) - before;
  return [
    { what: "daemon idle, 20 pods running: resident memory", value: residentMegabytes(pid), unit: "MB", goal: { most: 120 } },
    { what: "daemon idle, 20 pods running: processor", value: (used / IDLE_SECONDS) * 100, unit: "% of a core", goal: { most: 0.5 }, detail: `over ${IDLE_SECONDS} s` },
  ];
}

/** `skiff get pods` and the real kubectl's, in turn. */
async function getFigure(env: Record<string, string>): Promise<Figure> {
  const kubectl = kubectlPath();
  const ratios: number[] = [];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < 21; round++) {
    const skiffSeconds = await seconds(() => run(skiff, ["get", "pods"], env));
    const kubectlSeconds = await seconds(() => run(kubectl, ["get", "pods"], env));
    if (round === 0) continue;
    ours.push(skiffSeconds);
    theirs.push(kubectlSeconds);
    ratios.push(skiffSeconds / kubectlSeconds);
  }
  const detail = `${(median(ours) * 1000).toFixed(0)} ms / ${(median(theirs) * 1000).toFixed(0)} ms`;
  return { what: "`skiff get pods` over `kubectl get pods`", value: median(ratios), unit: "x", goal: { most: 1.5 }, detail };
}

function deploymentManifest(replicas: number): string {
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "bench" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "bench" } },
      template: {
        metadata: { labels: { app: "bench" } },
        spec: { containers: [{ name: "main", image: "busybox:1.36", command: ["sleep", "3600"] }] },
      },
    },
  });
}
