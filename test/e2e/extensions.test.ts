// What extends a cluster from inside: an operator with its own custom resource, and admission webhooks, each running in a pod.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAuthority, createServingCertificate } from "../../src/daemon/certificates.ts";
import { startCluster, type TestCluster } from "../fixtures/cluster.ts";
import { makeNodeImage, removeImage } from "../fixtures/node-image.ts";

const programs = join(dirname(fileURLToPath(import.meta.url)), "../fixtures/operator");
const IMAGE = "skiff-test-operator:1";

let cluster: TestCluster;
beforeAll(async () => {
  await makeNodeImage(IMAGE, [join(programs, "operator.ts"), join(programs, "webhook.ts")]);
  cluster = await startCluster("extensions");
}, 180_000);
afterAll(async () => {
  await cluster?.delete();
  removeImage(IMAGE);
}, 120_000);

async function kubectl(args: string | readonly string[], stdin?: string): Promise<string> {
  const words = typeof args === "string" ? args.split(" ") : args;
  const result = await cluster.kubectl(words, stdin);
  expect(result, `kubectl ${words.join(" ")}`).toMatchObject({ code: 0 });
  return result.stdout;
}

const operatorManifests = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: greetings.demo.example.com}
spec:
  group: demo.example.com
  scope: Namespaced
  names: {plural: greetings, singular: greeting, kind: Greeting, shortNames: [hi]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns: [{name: Text, type: string, jsonPath: .status.text}]
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [name]
            properties: {name: {type: string, maxLength: 20}}
            x-kubernetes-validations: [{rule: "self.name != 'nobody'", message: must be somebody}]
          status:
            type: object
            properties: {text: {type: string}, observedGeneration: {type: integer}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: greeter}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: greeter}
rules:
- {apiGroups: [demo.example.com], resources: [greetings], verbs: [get, list, watch]}
- {apiGroups: [demo.example.com], resources: [greetings/status], verbs: [patch]}
- {apiGroups: [""], resources: [configmaps], verbs: [create, update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: greeter}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: greeter}
subjects: [{kind: ServiceAccount, name: greeter, namespace: default}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: greeter}
spec:
  selector: {matchLabels: {app: greeter}}
  template:
    metadata: {labels: {app: greeter}}
    spec:
      serviceAccountName: greeter
      containers:
      - {name: operator, image: "${IMAGE}", command: [node, /operator.js], env: [{name: NAMESPACE, value: default}]}
`;

it("runs an operator in a pod, with no more rights than its role gives", { timeout: 180_000 }, async () => {
  await kubectl("apply -f -", operatorManifests);
  await kubectl("wait --for=condition=Established crd/greetings.demo.example.com --timeout=30s");
  await kubectl("rollout status deployment/greeter --timeout=60s");
  await kubectl("apply -f -", "apiVersion: demo.example.com/v1\nkind: Greeting\nmetadata: {name: first}\nspec: {name: world}\n");
  await kubectl(["wait", "--for=jsonpath={.status.text}=Hello world", "hi/first", "--timeout=60s"]);
  expect(await kubectl("get configmap first-greeting -o jsonpath={.data.text}")).toBe("Hello world");
  expect(await kubectl("get greetings")).toMatch(/^NAME {4}TEXT\nfirst {3}Hello world\n$/);
  const refused = await cluster.kubectl(["apply", "-f", "-"], "apiVersion: demo.example.com/v1\nkind: Greeting\nmetadata: {name: second}\nspec: {name: nobody}\n");
  expect(refused.stderr).toContain("must be somebody");
  expect((await cluster.kubectl(["auth", "can-i", "list", "secrets", "--as=system:serviceaccount:default:greeter"])).stdout).toBe("no\n");
  await kubectl("delete hi/first");
  await kubectl("wait --for=delete configmap/first-greeting --timeout=30s");
});

it("asks webhooks that are served from pods", { timeout: 180_000 }, async () => {
  const authority = await createAuthority("webhook-ca", Date.UTC(2026, 0, 1));
  const serving = await createServingCertificate(authority, { dnsNames: ["hook.default.svc"], addresses: [] }, new Date().getTime());
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const rule = "rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]";
  const hook = (path: string) => `
  clientConfig: {caBundle: ${base64(authority.certificate)}, service: {name: hook, namespace: default, path: ${path}}}
  ${rule}
  objectSelector: {matchLabels: {hooked: "yes"}}
  sideEffects: None
  admissionReviewVersions: [v1]`;
  await kubectl("apply -f -", `
apiVersion: v1
kind: Secret
metadata: {name: hook-tls}
type: kubernetes.io/tls
data: {tls.crt: ${base64(serving.certificate)}, tls.key: ${base64(serving.key)}}
---
apiVersion: v1
kind: Service
metadata: {name: hook}
spec: {selector: {app: hook}, ports: [{port: 443, targetPort: 8443}]}
---
apiVersion: v1
kind: Pod
metadata: {name: hook, labels: {app: hook}}
spec:
  containers:
  - name: hook
    image: "${IMAGE}"
    command: [node, /webhook.js]
    volumeMounts: [{name: tls, mountPath: /tls}]
    readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1}
  volumes: [{name: tls, secret: {secretName: hook-tls}}]
`);
  await kubectl("wait --for=condition=Ready pod/hook --timeout=60s");
  await kubectl("apply -f -", `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks:
- name: validate.demo.example.com${hook("/validate")}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: hook}
webhooks:
- name: mutate.demo.example.com${hook("/mutate")}
`);
  const configMap = (name: string, data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {hooked: "yes"}}\ndata: {${data}}\n`;
  await expect.poll(async () => (await cluster.kubectl(["create", "-f", "-", "--dry-run=server"], configMap("probe", "refuse: me"))).stderr, { timeout: 30_000 }).toContain("denied the request");
  const refused = await cluster.kubectl(["create", "-f", "-"], configMap("refused", "refuse: me"));
  expect(refused.stderr).toBe('Error from server (Forbidden): error when creating "STDIN": admission webhook "validate.demo.example.com" denied the request: it asked for it\n');
  const accepted = await cluster.kubectl(["create", "-f", "-"], configMap("accepted", "refuse: nobody"));
  expect(accepted).toMatchObject({ code: 0, stderr: "Warning: seen by the webhook\n" });
  expect(await kubectl("get configmap accepted -o jsonpath={.metadata.labels.mutated}")).toBe("yes");
});
