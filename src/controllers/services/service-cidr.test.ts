import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import { ipAddresses, serviceCIDRs, services } from "../../api/resource-refs.ts";
import { createServiceAddressController } from "./service-addresses.ts";
import { createServiceCidrController } from "./service-cidr.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

describe("service address controllers", () => {
  it("keep a deleted range until the last address of it is free", async () => {
    plane = await new ControlPlane().start([createServiceCidrController, createServiceAddressController]);
    const ranges = plane.api.resource(serviceCIDRs);
    await ranges.create({ apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR", metadata: { name: "r" }, spec: { cidrs: ["10.1.0.0/24"] }, status: {} });
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "s", namespace: "ns" }, spec: { clusterIP: "10.1.0.7" }, status: { loadBalancer: {} } };
    await plane.api.resource(services, "ns").create(service);
    await plane.settle();
    expect((await ranges.get("r")).status.conditions).toMatchObject([{ type: "Ready", status: "True", message: "Kubernetes Service CIDR is ready" }]);
    expect((await plane.api.resource(ipAddresses).get("10.1.0.7")).spec.parentRef).toEqual({ group: "", resource: "services", namespace: "ns", name: "s" });
    await ranges.delete("r");
    await plane.settle();
    expect((await ranges.get("r")).status.conditions).toMatchObject([{ status: "False", reason: "Terminating" }]);
    await plane.api.resource(services, "ns").delete("s");
    await plane.settle();
    expect((await plane.api.resource(ipAddresses).list()).items).toEqual([]);
    expect((await ranges.list()).items).toEqual([]);
  });
});
