import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import type { ContainerPort, Pod, Service } from "../../api/generated/types/core/v1.ts";
import { endpoints, endpointSlices, pods, services } from "../../api/resource-refs.ts";
import { createEndpointSliceMirroringController } from "./endpoint-slice-mirroring.ts";
import { createEndpointSliceController } from "./endpoint-slices.ts";
import { createEndpointsController } from "./endpoints.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const podClient = () => plane.api.resource(pods, "ns");
const slices = async () => (await plane.api.resource(endpointSlices, "ns").list()).items;

async function start(spec: Service["spec"]): Promise<void> {
  plane = await new ControlPlane().start([createEndpointsController, createEndpointSliceController, createEndpointSliceMirroringController]);
  await plane.api.resource(services, "ns").create({ apiVersion: "v1", kind: "Service", metadata: { name: "s", namespace: "ns" }, spec, status: { loadBalancer: {} } });
  await plane.settle();
}

async function runPod(name: string, ip: string, ready: boolean, ports: ContainerPort[] = [], spec: Partial<Pod["spec"]> = {}): Promise<void> {
  const containers = [{ name: "c", image: "x", resources: {}, ports }];
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "ns", labels: { app: "x" } }, spec: { containers, nodeName: "n", ...spec }, status: {} };
  const created = await podClient().create(pod);
  const condition = { type: "Ready", status: ready ? "True" : "False", lastProbeTime: null, lastTransitionTime: plane.api.now() };
  await podClient().updateStatus({ ...created, status: { phase: "Running", podIP: ip, podIPs: [{ ip }], conditions: [condition] } });
  await plane.settle();
}

describe("endpoints and endpoint slices", () => {
  it("group pods by the ports they serve, ready and not", async () => {
    await start({
      selector: { app: "x" },
      ports: [
        { name: "http", port: 80, targetPort: "web", protocol: "TCP" },
        { name: "raw", port: 81, targetPort: 9000, protocol: "TCP" },
      ],
    });
    await runPod("a", "10.0.0.1", true, [{ containerPort: 8080, name: "web", protocol: "TCP" }]);
    await runPod("b", "10.0.0.2", false, [{ containerPort: 8081, name: "web", protocol: "TCP" }]);
    const [a, b] = [
      { ip: "10.0.0.1", nodeName: "n", targetRef: { kind: "Pod", name: "a", namespace: "ns" } },
      { ip: "10.0.0.2", nodeName: "n", targetRef: { kind: "Pod", name: "b", namespace: "ns" } },
    ];
    const found = await plane.api.resource(endpoints, "ns").get("s");
    expect(found.metadata.labels).toEqual({ "endpoints.kubernetes.io/managed-by": "endpoint-controller" });
    expect(found.subsets).toMatchObject([
      { addresses: [a], ports: [{ name: "http", port: 8080, protocol: "TCP" }] },
      { notReadyAddresses: [b], ports: [{ name: "http", port: 8081, protocol: "TCP" }] },
      { addresses: [a], notReadyAddresses: [b], ports: [{ name: "raw", port: 9000, protocol: "TCP" }] },
    ]);
    expect((await slices()).map(({ endpoints, ports }) => [endpoints[0]?.addresses, endpoints[0]?.conditions, ports.map(({ port }) => port)])).toEqual([
      [["10.0.0.1"], { ready: true, serving: true, terminating: false }, [8080, 9000]],
      [["10.0.0.2"], { ready: false, serving: false, terminating: false }, [8081, 9000]],
    ]);
  });

  it("keep a pod that is ending in the slice, and take it out of the endpoints", async () => {
    await start({ selector: { app: "x" }, ports: [{ port: 80, targetPort: 80, protocol: "TCP" }] });
    await runPod("a", "10.0.0.1", true);
    await podClient().delete("a");
    await plane.settle();
    expect((await plane.api.resource(endpoints, "ns").get("s")).subsets ?? []).toEqual([]);
    const [slice] = await slices();
    expect(slice?.endpoints[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true });
    expect(slice?.metadata).toMatchObject({
      generateName: "s-",
      labels: { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": "s" },
      ownerReferences: [{ kind: "Service", name: "s", controller: true, blockOwnerDeletion: true }],
    });
  });

  it("fill the one slice that a headless Service has from the start, and know the pod's host name", async () => {
    await start({ selector: { app: "x" }, clusterIP: "None" });
    expect(await slices()).toHaveLength(1);
    await runPod("a", "10.0.0.1", true, [], { hostname: "one", subdomain: "s" });
    const [slice, ...others] = await slices();
    expect(others).toEqual([]);
    expect(slice?.endpoints[0]?.hostname).toBe("one");
    expect(slice?.metadata.labels?.["service.kubernetes.io/headless"]).toBe("");
  });

  it("mirror endpoints that were written by hand", async () => {
    await start({ ports: [{ port: 80, targetPort: 80, protocol: "TCP" }] });
    const written = { apiVersion: "v1", kind: "Endpoints", metadata: { name: "s", namespace: "ns" }, subsets: [{ addresses: [{ ip: "10.9.9.9" }], ports: [{ port: 80, protocol: "TCP" }] }] };
    await plane.api.resource(endpoints, "ns").create(written);
    await plane.settle();
    expect(await slices()).toMatchObject([
      {
        metadata: { labels: { "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io" }, ownerReferences: [{ kind: "Endpoints" }] },
        endpoints: [{ addresses: ["10.9.9.9"], conditions: { ready: true } }],
        ports: [{ name: "", port: 80, protocol: "TCP" }],
      },
    ]);
    await plane.api.resource(endpoints, "ns").delete("s");
    await plane.settle();
    expect(await slices()).toEqual([]);
  });
});
