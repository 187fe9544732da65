// An object of every kind that has a describer, with every field set, described by both programs.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "../fixtures/cluster.ts";
import { kubectlPath } from "../fixtures/kubectl.ts";
import { maximalObject } from "../fixtures/maximal-object.ts";
import { type Bench, normalized, runSkiff, startBench } from "./harness.ts";

/** A request for a certificate of CN=me with names of every sort. */
const CSR = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQlp6Q0NBUTRDQVFBd2F6RUxNQWtHQTFVRUF3d0NiV1V4Q3pBSkJnTlZCQW9NQW1jeE1Rc3dDUVlEVlFRSwpEQUpuTWpFS01BZ0dBMVVFQ3d3QmRURUxNQWtHQTFVRUJoTUNSRVV4RFRBTEJnTlZCQWNNQkVOcGRIa3hEVEFMCkJnTlZCQWdNQkZCeWIzWXhDekFKQmdOVkJBVVRBamMzTUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0QKUWdBRWwzZnZIb2NmVTBPYU03bWZtVCtMUlNPTWxmVFYxZ2daTm5oRllURTkyN2JrbkY3VngrS1IrVEVLT0IrdwpZZ0ZlRG5YRFJQV2Y2VHVEZ2l2WnduVjNaS0JCTUQ4R0NTcUdTSWIzRFFFSkRqRXlNREF3TGdZRFZSMFJCQ2N3CkpZSURZUzVpZ2dOakxtU0hCQUVDQXdTQkJYaEFlUzU2aGd4emNHbG1abVU2THk5aEwySXdDZ1lJS29aSXpqMEUKQXdJRFJ3QXdSQUlnYUVaWmx5Q0JxQTZzZjJkek8zSit3bDFicW84OEFnOGx2T2V6QVFHM2NESUNJQzF5UDRFdwp1UlNpS1JEUGpLaGFVSWR5UCtieFJyR1pTbk1WM0J5TGpyQXQKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==";

/** Type of the schema, API version and resource of each kind. LimitRange is left out: kubectl prints its rows in no order. */
const KINDS = [
  ["core.v1.Pod", "v1", "pods"],
  ["core.v1.Node", "v1", "nodes"],
  ["core.v1.Service", "v1", "services"],
  ["core.v1.Namespace", "v1", "namespaces"],
  ["core.v1.ConfigMap", "v1", "configmaps"],
  ["core.v1.Secret", "v1", "secrets"],
  ["core.v1.ServiceAccount", "v1", "serviceaccounts"],
  ["core.v1.ReplicationController", "v1", "replicationcontrollers"],
  ["core.v1.Endpoints", "v1", "endpoints"],
  ["core.v1.Event", "v1", "events"],
  ["core.v1.ResourceQuota", "v1", "resourcequotas"],
  ["core.v1.PersistentVolume", "v1", "persistentvolumes"],
  ["core.v1.PersistentVolumeClaim", "v1", "persistentvolumeclaims"],
  ["core.v1.PodTemplate", "v1", "podtemplates"],
  ["apps.v1.Deployment", "apps/v1", "deployments"],
  ["apps.v1.ReplicaSet", "apps/v1", "replicasets"],
  ["apps.v1.StatefulSet", "apps/v1", "statefulsets"],
  ["apps.v1.DaemonSet", "apps/v1", "daemonsets"],
  ["batch.v1.Job", "batch/v1", "jobs"],
  ["batch.v1.CronJob", "batch/v1", "cronjobs"],
  ["networking.v1.Ingress", "networking.k8s.io/v1", "ingresses"],
  ["networking.v1.IngressClass", "networking.k8s.io/v1", "ingressclasses"],
  ["networking.v1.NetworkPolicy", "networking.k8s.io/v1", "networkpolicies"],
  ["networking.v1.ServiceCIDR", "networking.k8s.io/v1", "servicecidrs"],
  ["networking.v1.IPAddress", "networking.k8s.io/v1", "ipaddresses"],
  ["policy.v1.PodDisruptionBudget", "policy/v1", "poddisruptionbudgets"],
  ["rbac.v1.Role", "rbac.authorization.k8s.io/v1", "roles"],
  ["rbac.v1.ClusterRole", "rbac.authorization.k8s.io/v1", "clusterroles"],
  ["rbac.v1.RoleBinding", "rbac.authorization.k8s.io/v1", "rolebindings"],
  ["storage.v1.StorageClass", "storage.k8s.io/v1", "storageclasses"],
  ["storage.v1.CSINode", "storage.k8s.io/v1", "csinodes"],
  ["storage.v1.VolumeAttributesClass", "storage.k8s.io/v1", "volumeattributesclasses"],
  ["storage.v1.CSIDriver", "storage.k8s.io/v1", "csidrivers"],
  ["scheduling.v1.PriorityClass", "scheduling.k8s.io/v1", "priorityclasses"],
  ["autoscaling.v2.HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers"],
  ["discovery.v1.EndpointSlice", "discovery.k8s.io/v1", "endpointslices"],
  ["coordination.v1.Lease", "coordination.k8s.io/v1", "leases"],
  ["certificates.v1.CertificateSigningRequest", "certificates.k8s.io/v1", "certificatesigningrequests"],
] as const;

const METADATA = {
  name: "maximal",
  uid: "u1",
  labels: { b: "2", a: "1" },
  annotations: { x: "y", long: "z".repeat(200), lines: "a\nb\n" },
  creationTimestamp: "2026-01-01T00:00:00Z",
  ownerReferences: [{ apiVersion: "v1", kind: "Owner", name: "o", uid: "u2", controller: true }],
};

let bench: Bench;
let server: Server;

/** The object at a path, with the values that its describer needs to be right. */
function objectAt(path: string): object | undefined {
  const [, apiVersion, namespaced, resource] = /^\/apis?\/(.+?)\/(namespaces\/[^/]+\/)?([a-z]+)\/maximal$/.exec(path) ?? [];
  const [type] = KINDS.find(([, version, plural]) => version === apiVersion && plural === resource) ?? [];
  if (type === undefined || apiVersion === undefined) return undefined;
  const text = JSON.stringify(maximalObject(type, apiVersion)).replaceAll("operatorValue", "In");
  const object = JSON.parse(text) as { spec?: { request?: string; metrics?: { type: string }[] } };
  if (type.endsWith("CertificateSigningRequest") && object.spec !== undefined) object.spec.request = CSR;
  for (const metric of type.endsWith("HorizontalPodAutoscaler") ? (object.spec?.metrics ?? []) : []) metric.type = "Resource";
  return { ...object, metadata: { ...METADATA, ...(namespaced !== undefined && { namespace: "default" }) } };
}

beforeAll(async () => {
  bench = await startBench();
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", bench.server);
    const object = objectAt(pathname);
    if (object !== undefined) {
      response.setHeader("content-type", "application/json").end(JSON.stringify(object));
      return;
    }
    const accept = request.headers.accept ?? "application/json";
    fetch(`${bench.server}${request.url}`, { headers: { accept } }).then(
      async (answer) => response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(Buffer.from(await answer.arrayBuffer())),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, 60_000);

afterAll(async () => {
  server.close();
  await bench.close();
});

it("describes every kind as the real kubectl does", { timeout: 180_000 }, async () => {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { HOME: bench.folder, KUBECONFIG: "/dev/null", TZ: "UTC" };
  for (const [, apiVersion, resource] of KINDS) {
    const [group = "", version] = apiVersion.split("/");
    const args = ["describe", version === undefined ? resource : `${resource}.${group}`, "maximal", `--server=${address}`];
    const skiff = normalized(await runSkiff(args, { env }));
    expect({ resource, ...skiff }).toEqual({ resource, ...normalized(await runCommand(kubectlPath(), args, env)) });
  }
});
