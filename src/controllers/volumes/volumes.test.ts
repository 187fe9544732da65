import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../api/generated/types/core/v1.ts";
import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../../api/resource-refs.ts";
import { createVolumeBindingController } from "./volume-binding.ts";
import { createClaimProtectionController, createVolumeProtectionController } from "./volume-protection.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const claims = () => plane.api.resource(persistentVolumeClaims, "ns");
const volumes = () => plane.api.resource(persistentVolumes);
const start = async () =>
  (plane = await new ControlPlane().start([createVolumeBindingController, createClaimProtectionController, createVolumeProtectionController]));

async function createVolume(name: string, storage: string): Promise<void> {
  const spec = { capacity: { storage }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/x" }, storageClassName: "s" };
  await volumes().create({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec, status: {} } as PersistentVolume);
  await plane.settle();
}

async function createClaim(name: string, storageClassName = "s"): Promise<void> {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName };
  await claims().create({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: "ns" }, spec, status: {} } as PersistentVolumeClaim);
  await plane.settle();
}

describe("volume controllers", () => {
  it("bind a claim to the smallest volume that will do", async () => {
    await start();
    await createVolume("large", "5Gi");
    await createVolume("fitting", "2Gi");
    await createVolume("small", "1Mi");
    await createClaim("c");
    const claim = await claims().get("c");
    expect(claim.status).toEqual({ phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "2Gi" } });
    expect(claim.metadata.annotations).toEqual({ "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes" });
    expect((await volumes().get("fitting")).status.phase).toBe("Bound");
    expect((await volumes().get("large")).status.phase).toBe("Available");
  });

  it("bind a waiting claim once there is a volume, each volume to one claim", async () => {
    await start();
    await createClaim("a");
    await createClaim("b");
    expect(await plane.eventsOf("ns", "PersistentVolumeClaim", "a")).toContain('ProvisioningFailed: storageclass.storage.k8s.io "s" not found');
    await createVolume("v", "1Gi");
    const phases = (await claims().list()).items.map(({ status }) => status.phase);
    expect(phases.sort()).toEqual(["Bound", "Pending"]);
  });

  it("wait for the first consumer where the class says so", async () => {
    await start();
    const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "s" }, provisioner: "a.b/c", volumeBindingMode: "WaitForFirstConsumer" };
    await plane.api.resource(storageClasses).create(storageClass);
    await createVolume("v", "1Gi");
    await createClaim("c");
    expect((await claims().get("c")).status.phase).toBe("Pending");
    expect(await plane.eventsOf("ns", "PersistentVolumeClaim")).toContain("WaitForFirstConsumer: waiting for first consumer to be created before binding");
  });

  it("keep a deleted claim until no pod uses it, and then release its volume", async () => {
    await start();
    await createVolume("v", "1Gi");
    await createClaim("c");
    const volume = { name: "v", persistentVolumeClaim: { claimName: "c" } };
    const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ns" }, spec: { containers: [], nodeName: "n", volumes: [volume] }, status: {} };
    await plane.api.resource(pods, "ns").create(pod);
    await plane.settle();
    await claims().delete("c");
    await plane.settle();
    expect((await claims().get("c")).metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
    await plane.api.resource(pods, "ns").delete("p", { gracePeriodSeconds: 0 });
    await plane.settle();
    expect((await claims().list()).items).toEqual([]);
    expect((await volumes().get("v")).status.phase).toBe("Released");
  });
});
