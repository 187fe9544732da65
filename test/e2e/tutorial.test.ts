// Every command in the order that a tutorial would take, once by skiff and once by the real kubectl, with what they print compared.
import { spawn, spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, startCluster, type TestCluster } from "../fixtures/cluster.ts";
import { kubectlPath } from "../fixtures/kubectl.ts";
import { normalize, normalizeDescription, normalizeProgress } from "./normalize.ts";

type Run = (args: readonly string[], stdin?: string) => Promise<CommandResult>;

/** One command of the tutorial; the words are split at blanks unless they are a list already. */
interface Step {
  readonly args: string | readonly string[];
  readonly stdin?: string;
  readonly normalize?: (text: string) => string;
  /** Something to do before it, e.g. to break what the cluster must heal. */
  readonly before?: (run: Run) => Promise<void>;
}

const twoContainers = `
apiVersion: v1
kind: Pod
metadata:
  name: pair
  labels: {app: pair}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: hello-kubernetes:1.0
    ports: [{containerPort: 8080, name: http}]
  - name: client
    image: busybox:1.36
    command: [sh, -c, "until wget -qO- http://127.0.0.1:8080; do sleep 0.1; done; sleep 3600"]
`;

const replicaSet = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 2
  selector:
    matchExpressions: [{key: app, operator: In, values: [web]}]
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: web, image: "hello-kubernetes:1.0"}]
`;

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello, annotations: {kubernetes.io/change-cause: first}}
spec:
  replicas: 3
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: hello, image: "hello-kubernetes:1.0", ports: [{containerPort: 8080}]}]
`;

const inNamespace = (args: string) => ["-n", "tutorial", ...args.split(" ")];

const steps: readonly Step[] = [
  { args: "create namespace tutorial" },
  { args: "get namespace tutorial" },
  { args: "describe namespace tutorial" },
  { args: inNamespace("create configmap settings --from-literal=colour=blue --from-literal=size=3") },
  { args: inNamespace("get configmap settings -o yaml"), normalize },
  { args: inNamespace("describe configmap settings") },
  { args: inNamespace("create secret generic password --from-literal=word=xyzzy") },
  { args: inNamespace("describe secret password") },
  { args: inNamespace("get pods") },
  { args: inNamespace("apply -f -"), stdin: twoContainers },
  { args: inNamespace("wait --for=condition=Ready pod/pair --timeout=60s") },
  { args: inNamespace("get pod pair") },
  { args: inNamespace("get pods --show-labels") },
  { args: inNamespace("get pod pair -o name") },
  { args: [...inNamespace("get pod pair -o"), "jsonpath={.spec.containers[*].name}"] },
  { args: inNamespace("get pods -o custom-columns=NAME:.metadata.name,IMAGES:.spec.containers[*].image") },
  { args: inNamespace("describe pod pair"), normalize: normalizeDescription },
  { args: inNamespace("logs pair -c client") },
  { args: inNamespace("logs pair -c client --tail=1") },
  { args: inNamespace("exec pair -c client -- wget -qO- http://127.0.0.1:8080") },
  { args: inNamespace("exec pair -c client -- sh -c false") },
  { args: inNamespace("exec -i pair -c client -- cat"), stdin: "over the wire\n" },
  { args: inNamespace("apply -f -"), stdin: twoContainers },
  { args: inNamespace("delete pod pair") },
  { args: inNamespace("get pod pair") },
  { args: inNamespace("create -f -"), stdin: replicaSet },
  { args: [...inNamespace("wait --timeout=60s replicaset/web --for"), "jsonpath={.status.readyReplicas}=2"] },
  { args: inNamespace("get replicaset web -o wide") },
  { args: inNamespace("describe replicaset web"), normalize: normalizeDescription },
  {
    args: [...inNamespace("wait --timeout=60s pods -l app=web --for"), "jsonpath={.status.containerStatuses[0].restartCount}=1"],
    async before(run) {
      const names = (await run(inNamespace("get pods -l app=web -o name"))).stdout.trim().split("\n");
      for (const name of names) {
        const pod = name.replace("pod/", "");
        spawnSync("docker", ["kill", ...cluster.containers("io.kubernetes.pod.namespace=tutorial", `io.kubernetes.pod.name=${pod}`, "io.kubernetes.container.name=web")]);
      }
    },
  },
  { args: [...inNamespace("wait --timeout=60s replicaset/web --for"), "jsonpath={.status.readyReplicas}=2"] },
  {
    args: [...inNamespace("wait --timeout=60s replicaset/web --for"), "jsonpath={.status.readyReplicas}=2"],
    async before(run) {
      const [first = ""] = (await run(inNamespace("get pods -l app=web -o name"))).stdout.split("\n");
      await run(inNamespace(`delete ${first}`));
    },
  },
  { args: inNamespace("get rs,pods -l app=web"), normalize: (text) => normalize(text).replaceAll(/ +(?:1 \(<AGE> ago\)|0) +/g, "  ") },
  { args: inNamespace("delete replicaset web") },
  { args: inNamespace("apply -f -"), stdin: deployment },
  { args: inNamespace("rollout status deployment/hello --timeout=60s"), normalize: normalizeProgress },
  { args: inNamespace("get deployment hello -o wide") },
  { args: inNamespace("describe deployment hello"), normalize: normalizeDescription },
  { args: inNamespace("rollout history deployment/hello") },
  { args: inNamespace("scale deployment hello --replicas=4") },
  { args: inNamespace("rollout status deployment/hello --timeout=60s"), normalize: normalizeProgress },
  { args: inNamespace("rollout history deployment hello") },
  { args: inNamespace("get rs -l app=hello") },
  { args: inNamespace("apply -f -"), stdin: deployment.replace("hello-kubernetes:1.0", "hello-kubernetes:2.0").replace("first", "second").replace("replicas: 3", "replicas: 4") },
  { args: inNamespace("rollout status deployment/hello --timeout=60s"), normalize: normalizeProgress },
  { args: inNamespace("rollout history deployment/hello") },
  { args: inNamespace("rollout history deployment/hello --revision=2") },
  { args: inNamespace("rollout undo deployment/hello --to-revision=1") },
  { args: inNamespace("rollout status deployment/hello --timeout=60s"), normalize: normalizeProgress },
  { args: inNamespace("rollout history deployment/hello") },
  { args: inNamespace("rollout pause deployment/hello") },
  { args: inNamespace("rollout pause deployment/hello") },
  { args: inNamespace("rollout resume deployment/hello") },
  { args: inNamespace("rollout restart deployment/hello") },
  { args: inNamespace("rollout status deployment/hello --timeout=60s"), normalize: normalizeProgress },
  { args: inNamespace("get events --field-selector reason=ScalingReplicaSet -o custom-columns=MESSAGE:.message"), normalize: (text) => [...new Set(normalize(text).split("\n"))].sort().join("\n") },
  { args: inNamespace("get deployments,replicasets --sort-by=.metadata.creationTimestamp -o name") },
  { args: inNamespace("delete deployment hello --wait=true") },
  { args: inNamespace("get all") },
  { args: inNamespace("delete pods --all --grace-period=0 --force") },
  { args: inNamespace("get pod nobody") },
  { args: inNamespace("get nonsense") },
  { args: inNamespace("apply -f -"), stdin: "apiVersion: v1\nkind: Pod\nmetadata: {name: UPPER}\nspec: {containers: [{name: a, image: b}]}\n" },
  { args: inNamespace("apply -f -"), stdin: "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {contaners: []}\n" },
  { args: inNamespace("create -f -"), stdin: "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: a, image: b}]}}}\n" },
  { args: inNamespace("apply -f /nowhere.yaml") },
  { args: "delete namespace tutorial" },
  { args: "get namespace tutorial" },
];

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster("tutorial");
}, 120_000);
afterAll(() => cluster?.delete(), 120_000);

/** Plays the tutorial; the outputs by step. */
async function play(run: Run): Promise<string[]> {
  const outputs: string[] = [];
  for (const { args, stdin, normalize: clean = normalize, before } of steps) {
    await before?.(run);
    const words = typeof args === "string" ? args.split(" ") : args;
    const { code, stdout, stderr } = await run(words, stdin);
    outputs.push(`$ ${words.join(" ")}\n${clean(stdout)}${clean(stderr)}exit ${code}\n`);
  }
  return outputs;
}

describe("the tutorial", () => {
  it("reads the same by skiff and by kubectl", { timeout: 600_000 }, async () => {
    const ours = await play((args, stdin) => cluster.skiff(args, stdin));
    const theirs = await play((args, stdin) => cluster.kubectl(args, stdin));
    expect(ours).toEqual(theirs);
    expect(theirs.filter((output) => output.includes("Error from server (InternalError)"))).toEqual([]);
  });

  it("never has fewer available pods during a rollout than it may", { timeout: 240_000 }, async () => {
    await cluster.skiff(["apply", "-f", "-"], deployment);
    expect(await cluster.skiff(["rollout", "status", "deployment/hello", "--timeout=60s"])).toMatchObject({ code: 0 });
    const watch = spawn(kubectlPath(), ["get", "deployment", "hello", "--watch", "-o", 'jsonpath={.status.availableReplicas}{"\\n"}'], { env: { ...process.env, ...cluster.env } });
    // A value and its line's end may come apart.
    let output = "";
    watch.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    await cluster.skiff(["set", "image", "deployment/hello", "hello=hello-kubernetes:2.0"]);
    expect(await cluster.skiff(["rollout", "status", "deployment/hello", "--timeout=60s"])).toMatchObject({ code: 0 });
    watch.kill();
    const seen = output.trim().split("\n").map(Number);
    // 25 % of 3, rounded down, may be missing: none.
    expect(seen.length).toBeGreaterThan(1);
    expect(Math.min(...seen)).toBe(3);
    await cluster.skiff(["delete", "deployment", "hello"]);
  });
});
