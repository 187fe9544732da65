// The reading commands print what the real kubectl prints, byte for byte.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, startBench } from "./harness.ts";

let bench: Bench;

const OBJECTS = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, labels: {app: web}, annotations: {note: "of several\\nlines"}}
  spec:
    replicas: 2
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        volumes:
        - {name: settings, configMap: {name: settings}}
        - {name: scratch, emptyDir: {}}
        containers:
        - name: server
          image: nginx
          ports: [{containerPort: 80, name: http}]
          env: [{name: A, value: b}, {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
          resources: {limits: {cpu: 500m, memory: 64Mi}}
          readinessProbe: {httpGet: {path: /, port: http}}
          volumeMounts: [{name: settings, mountPath: /etc/settings, readOnly: true}]
- apiVersion: v1
  kind: Pod
  metadata: {name: lone, labels: {app: lone}}
  spec:
    initContainers: [{name: first, image: busybox, command: [sh, -c, "echo\\nhi"]}]
    containers: [{name: main, image: busybox, args: ["1"]}]
    tolerations: [{operator: Exists}]
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: settings}
  data: {a: "1", b: "two\\nlines\\n", c: "a: b", d: "# no comment", e: " lead"}
- apiVersion: v1
  kind: Secret
  metadata: {name: keys}
  stringData: {password: secret}
- apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
- apiVersion: v1
  kind: Event
  metadata: {name: lone.1}
  involvedObject: {apiVersion: v1, kind: Pod, name: lone, namespace: default}
  reason: Started
  message: Started container main
  type: Normal
  count: 3
  firstTimestamp: "2026-01-01T00:00:00Z"
  lastTimestamp: "2026-01-01T00:10:00Z"
  source: {component: kubelet}
`;

beforeAll(async () => {
  bench = await startBench();
  const applied = await bench.kubectl(["create", "-f", bench.file("objects.yaml", OBJECTS)]);
  expect(applied.stderr).toBe("");
}, 60_000);

afterAll(() => bench.close());

/** Runs each command line by both programs; one that differs is shown whole. */
function same(title: string, lines: readonly (readonly string[] | string)[]): void {
  it(title, { timeout: 120_000 }, async () => {
    for (const line of lines) {
      const args = typeof line === "string" ? line.split(" ") : line;
      const { skiff, kubectl } = await bench.both(args);
      expect({ args, ...skiff }).toEqual({ args, ...kubectl });
    }
  });
}

same("tables", [
  "get deployments",
  "get deploy,cm,secret",
  "get all",
  "get pods -o wide --show-labels",
  "get ns -L kubernetes.io/metadata.name --no-headers",
  "get cm -A --sort-by=.metadata.name",
  "get cm/settings svc/web",
  "get pods -l app=lone --show-kind",
  "get pods -l app=nobody",
  "get nodes",
  "get pods -A --field-selector=metadata.name=nobody",
  "get deploy web --server-print=false",
  "get events",
]);

same("formats", [
  "get deploy web -o yaml",
  "get cm,secret -o json",
  "get cm settings -o yaml --show-managed-fields",
  "get cm settings -o kyaml",
  "get deploy,pods -o name",
  ["get", "pods", "-o", "jsonpath={range .items[*]}{.metadata.name}{\"\\t\"}{.spec.containers[*].image}{\"\\n\"}{end}"],
  ["get", "pod", "lone", "-o", "jsonpath={.spec.containers[?(@.name==\"main\")].args}"],
  "get pods -o jsonpath-as-json={.items[*].metadata.labels}",
  ["get", "pods", "-o", "go-template={{range .items}}{{.metadata.name}} {{len .spec.containers}}{{\"\\n\"}}{{end}}"],
  ["get", "secret", "keys", "-o", "go-template={{.data.password | base64decode}}"],
  "get pods -o custom-columns=NAME:.metadata.name,IMAGES:.spec.containers[*].image,NODE:.spec.nodeName",
  "get deploy web --subresource=scale",
  "get --raw /version",
]);

same("descriptions", [
  "describe deploy web",
  "describe pod lone",
  "describe pods lo",
  "describe cm settings",
  "describe secret keys",
  "describe svc web",
  "describe ns default",
  "describe sa default",
  "describe cm,secret",
  "describe pods -l app=nobody",
]);

same("what the server has", ["api-versions", "api-resources", "api-resources -o wide --verbs=list,get", "api-resources --namespaced=false -o name", "cluster-info"]);

same("explanations", [
  "explain pods",
  "explain deployments.spec.strategy",
  "explain pod.spec.containers.imagePullPolicy",
  "explain svc.spec --recursive",
  "explain pods.spec.nodeName --output=plaintext-openapiv2",
  "explain pods.nothing",
]);

same("waits", [
  "wait --for=jsonpath={.data.a}=1 cm/settings",
  "wait --for=condition=Available deploy/web --timeout=0",
  "wait --for=delete cm/nobody --timeout=0",
  "wait --for=create cm/settings",
  "wait --for=nonsense cm/settings",
]);

same("events", ["events", "events --for=pod/lone -A", "events --types=Warning"]);

same("errors", [
  "get",
  "get nothing",
  "get pods nobody",
  "get pods nobody -n nowhere",
  "get pods nobody --ignore-not-found",
  "get cm settings nobody",
  "get pods/lone cm",
  "get cm settings -o nothing",
  "get cm settings -o jsonpath={.data",
  ["get", "cm", "settings", "-o", "go-template={{.data.a.b}}"],
  "get cm settings -o custom-columns=NAME",
  "get cm -l x=(",
  "get --nothing",
  "get -o",
  "get --chunk-size=x cm",
  "describe",
  "describe nothing",
  "describe cm nobody",
  "config nothing",
  "auth can-i",
  "top pods",
]);
