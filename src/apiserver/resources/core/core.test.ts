import { describe, expect, it } from "vitest";
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, ResourceQuota } from "../../../api/generated/types/core/v1.ts";
import { create, decodeObject, row, update } from "../shared/test-requests.ts";
import { configMapResource } from "./config-map.ts";
import { limitRangeResource } from "./limit-range.ts";
import { namespaceResource } from "./namespace.ts";
import { nodeResource } from "./node.ts";
import { resourceQuotaResource } from "./resource-quota.ts";
import { secretResource } from "./secret.ts";
import { persistentVolumeResource } from "./storage/persistent-volume.ts";
import { persistentVolumeClaimResource } from "./storage/persistent-volume-claim.ts";

describe("namespaces", () => {
  it("are labelled with their names, and begin active", () => {
    expect(create(namespaceResource, { metadata: { name: "n" } }).object).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "n" } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
  });
});

describe("nodes", () => {
  it("show their roles and whether they are ready", () => {
    const object = decodeObject(nodeResource, {
      metadata: { name: "n", labels: { "node-role.kubernetes.io/control-plane": "" } },
      spec: { unschedulable: true },
      status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.36.0" } },
    });
    expect(row(nodeResource, object)).toMatchObject({ Status: "Ready,SchedulingDisabled", Roles: "control-plane", Version: "v1.36.0" });
  });
});

describe("config maps and secrets", () => {
  it("have keys that can be files", () => {
    expect(create(configMapResource, { data: { "a/b": "" } }).errors).toEqual([expect.stringMatching(/^data\[a\/b\]: Invalid value: "a\/b": a valid config key must consist of/)]);
    expect(create(secretResource, { data: { "a/b": "" } }).errors).toEqual([expect.stringMatching(/^data\[a\/b\]: Invalid value/)]);
  });

  it("cannot change once they are immutable", () => {
    const { object } = create(configMapResource, { immutable: true, data: { a: "b" } });
    expect(update(configMapResource, object, (next: ConfigMap) => (next.data = { a: "c" })).errors).toEqual(["data: Forbidden: field is immutable when `immutable` is set"]);
  });

  it("of a type have what the type needs", () => {
    expect(create(secretResource, { type: "kubernetes.io/tls" }).errors).toEqual(["data[tls.crt]: Required value", "data[tls.key]: Required value"]);
  });
});

describe("limit ranges", () => {
  it("give containers the most as their limit and request", () => {
    const { object } = create(limitRangeResource, { spec: { limits: [{ type: "Container", max: { cpu: "2" }, min: { memory: "1Mi" } }] } });
    expect(object).toMatchObject({ spec: { limits: [{ default: { cpu: "2" }, defaultRequest: { cpu: "2", memory: "1Mi" } }] } });
  });

  it("have a least that is no more than the most", () => {
    expect(create(limitRangeResource, { spec: { limits: [{ type: "Pod", max: { cpu: "1" }, min: { cpu: "2" } }] } }).errors).toEqual([
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
    ]);
  });
});

describe("quotas", () => {
  it("limit standard resources, and scopes those they narrow", () => {
    expect(create(resourceQuotaResource, { spec: { hard: { foo: "1" } } }).errors).toContain('spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota');
    expect(create(resourceQuotaResource, { spec: { hard: { cpu: "1" }, scopes: ["BestEffort"] } }).errors).toEqual(['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource']);
  });

  it("keep their scopes", () => {
    const { object } = create(resourceQuotaResource, { spec: { hard: { pods: "1" } } });
    expect(update(resourceQuotaResource, object, (next: ResourceQuota) => (next.spec.scopes = ["Terminating"])).errors).toEqual(['spec.scopes: Invalid value: ["Terminating"]: field is immutable']);
  });

  it("show what is used", () => {
    const object = decodeObject(resourceQuotaResource, { status: { hard: { pods: "2", "limits.cpu": "4" }, used: { pods: "1" } } });
    expect(row(resourceQuotaResource, object)).toMatchObject({ Request: "pods: 1/2", Limit: "limits.cpu: 0/4" });
  });
});

describe("volumes and claims", () => {
  const volumeSpec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" } };
  const claimSpec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

  it("of volumes have one source, which stays", () => {
    expect(create(persistentVolumeResource, { spec: { ...volumeSpec, nfs: { server: "s", path: "/" } } }).errors).toEqual(["spec.nfs: Forbidden: may not specify more than 1 volume type"]);
    const { object } = create(persistentVolumeResource, { spec: volumeSpec });
    const [error] = update(persistentVolumeResource, object, (next: PersistentVolume) => (next.spec.hostPath = { path: "/other" })).errors;
    expect(error).toMatch(/^spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n@@ /);
  });

  it("of claims can grow once bound", () => {
    const { object } = create(persistentVolumeClaimResource, { spec: claimSpec });
    const grow = (next: PersistentVolumeClaim) => (next.spec.resources = { requests: { storage: "2Gi" } });
    expect(update(persistentVolumeClaimResource, object, grow).errors[0]).toMatch(/^spec: Forbidden: spec is immutable after creation except/);
    (object as unknown as PersistentVolumeClaim).status.phase = "Bound";
    expect(update(persistentVolumeClaimResource, object, grow).errors).toEqual([]);
  });

  it("show their modes in short", () => {
    const object = decodeObject(persistentVolumeResource, { spec: { ...volumeSpec, accessModes: ["ReadWriteMany", "ReadWriteOnce"], claimRef: { namespace: "a", name: "b" } } });
    expect(row(persistentVolumeResource, object)).toMatchObject({ Capacity: "1Gi", "Access Modes": "RWO,RWX", Claim: "a/b", Status: "Pending", VolumeMode: "Filesystem" });
  });
});
