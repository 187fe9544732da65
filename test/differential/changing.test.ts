// The same changes by kubectl in one namespace and by skiff in another: what they say, and what they leave behind.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CommandResult } from "../fixtures/cluster.ts";
import { type Bench, normalized, startBench } from "./harness.ts";

const NAMESPACES = { skiff: "by-skiffcl", kubectl: "by-kubectl" } as const;
const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}, {name: side, image: "side:1"}]}
`;
const SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b, c: d}\n";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  for (const name of Object.values(NAMESPACES)) await bench.kubectl(["create", "namespace", name]);
});
afterAll(() => bench.close());

/** Runs each line by both; what they print is the same but for the namespace, times and identities. */
async function expectSame(lines: readonly (readonly [line: string, stdin?: string])[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [line, stdin] of lines) {
    const words = line.split(" ");
    const options = { env, ...(stdin !== undefined && { stdin }) };
    const ours = clean(await bench.skiff(["-n", NAMESPACES.skiff, ...words], options), NAMESPACES.skiff);
    const theirs = clean(await bench.kubectl(["-n", NAMESPACES.kubectl, ...words], options), NAMESPACES.kubectl);
    expect({ line, ...ours }).toEqual({ line, ...theirs });
  }
}

function clean(result: CommandResult, namespace: string): CommandResult {
  const { code, stdout, stderr } = normalized(result);
  const replace = (text: string) =>
    text
      .replaceAll(namespace, "<NAMESPACE>")
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<UID>")
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<TIME>")
      .replaceAll(/resourceVersion"?: "\d+"/g, "<RV>")
      .replaceAll(/(LIVE|MERGED)-\w+/g, "$1")
      .replaceAll(/(?<=\t)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, "<TIME>");
  return { code, stdout: replace(stdout), stderr: replace(stderr) };
}

it("applies, and removes what the new configuration has no more", () =>
  expectSame([
    ["apply -f -", SETTINGS],
    ["apply -f -", SETTINGS],
    ["apply -f - -o yaml", SETTINGS.replace("c: d", "e: f")],
    ["apply -f - --dry-run=server", SETTINGS],
    ["apply -f - --dry-run=client", SETTINGS],
    ["apply view-last-applied configmap settings"],
    ["apply -f -", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {contaners: []}\n"],
    ["apply -f -", "kind: ConfigMap\nmetadata: {name: a}\n"],
    ["apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n"],
    ["apply -f /nowhere"],
    ["apply"],
    ["create configmap plain --from-literal=a=b"],
    ["apply -f -", SETTINGS.replace("settings", "plain")],
    ["apply --server-side -f -", SETTINGS],
    ["delete configmap settings plain"],
  ]));

it("changes a deployment", () =>
  expectSame([
    ["create -f -", DEPLOYMENT],
    ["create -f -", DEPLOYMENT],
    ["set image deployment/web web=web:2"],
    ["set image deployment/web nobody=web:2"],
    ["set env deployment/web A=b"],
    ["set env deployment/web --list"],
    ["set resources deployment/web -c side --limits=cpu=100m"],
    ["set serviceaccount deployment/web reader"],
    ["scale deployment/web --replicas=3"],
    ["scale deployment/web --replicas=3 --current-replicas=9"],
    ["scale deployment/web"],
    ["rollout pause deployment/web"],
    ["rollout pause deployment/web"],
    ["rollout restart deployment/web"],
    ["rollout resume deployment/web"],
    ["rollout history deployment/web"],
    ["rollout undo deployment/web --to-revision=7"],
    ["label deployment web tier=front"],
    ["label deployment web tier=back"],
    ["label deployment web tier-"],
    ["annotate deployment web note=x"],
    ["patch deployment web -p {\"spec\":{\"replicas\":1}}"],
    ["patch deployment web --type=json -p []"],
    ["expose deployment web --port=80 --target-port=8080"],
    ["autoscale deployment web --max=3 --cpu=80%"],
    ["get deployment web -o yaml --show-managed-fields=false"],
    ["replace -f -", DEPLOYMENT],
    ["delete service,hpa web"],
    ["delete -f - --dry-run=client -o name", DEPLOYMENT],
    ["delete deployment web"],
    ["delete deployment web --ignore-not-found"],
    ["delete pods --all"],
    ["delete pods --all --force"],
    ["delete"],
  ]));

it("compares and edits", async () => {
  await expectSame([
    ["diff -f -", SETTINGS],
    ["apply -f -", SETTINGS],
    ["diff -f -", SETTINGS],
    ["diff -f -", SETTINGS.replace("c: d", "e: f")],
    ["diff"],
    ["edit configmap nobody"],
  ]);
  await expectSame([["edit configmap settings"]], { KUBE_EDITOR: "true" });
  await expectSame([["edit configmap settings"], ["get configmap settings -o jsonpath={.data}"]], { KUBE_EDITOR: "sed -i /^..c:/d" });
});

it("says what is wrong with logs and exec", () =>
  expectSame([
    ["logs"],
    ["logs nobody"],
    ["logs web a b"],
    ["logs -l app=nobody"],
    ["exec"],
    ["exec nobody -- ls"],
    ["exec nobody ls"],
    ["attach"],
    ["port-forward nobody"],
    ["cp a b"],
    ["cp a:b c:d"],
  ]));
