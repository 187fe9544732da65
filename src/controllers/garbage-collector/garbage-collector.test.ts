import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../../test/fixtures/control-plane.ts";
import type { ConfigMap } from "../../api/generated/types/core/v1.ts";
import { configMaps } from "../../api/resource-refs.ts";
import { createGarbageCollector } from "./garbage-collector.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const client = () => plane.api.resource(configMaps, "ns");
const names = async () => (await client().list()).items.map(({ metadata }) => metadata.name);

async function create(name: string, ...owners: ConfigMap[]): Promise<ConfigMap> {
  const ownerReferences = owners.map(({ metadata }) => ({ apiVersion: "v1", kind: "ConfigMap", name: metadata.name ?? "", uid: metadata.uid ?? "", blockOwnerDeletion: true }));
  return client().create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "ns", ownerReferences } });
}

const start = async () => (plane = await new ControlPlane().start([createGarbageCollector]));

describe("garbage collector", () => {
  it("deletes dependents, and theirs, once their owner has gone", async () => {
    await start();
    const owner = await create("owner");
    const child = await create("child", owner);
    await create("grandchild", child);
    await create("stranger");
    await plane.settle();
    await client().delete("owner", { propagationPolicy: "Background" });
    await plane.settle();
    expect(await names()).toEqual(["stranger"]);
  });

  it("keeps a dependent as long as one of its owners is there, and drops the reference to the other", async () => {
    await start();
    const [first, second] = [await create("first"), await create("second")];
    await create("child", first, second);
    await plane.settle();
    await client().delete("first");
    await plane.settle();
    expect((await client().get("child")).metadata.ownerReferences?.map(({ name }) => name)).toEqual(["second"]);
  });

  it("deletes what names an owner that never was", async () => {
    await start();
    const ghost: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "ghost", uid: "no-such-uid" } };
    await create("child", ghost);
    await plane.settle();
    expect(await names()).toEqual([]);
  });

  it("keeps the owner until its dependents have gone when it is deleted in the foreground", async () => {
    await start();
    const owner = await create("owner");
    const child = await create("child", owner);
    await client().update({ ...child, metadata: { ...child.metadata, finalizers: ["a.b/c"] } });
    await plane.settle();
    await client().delete("owner", { propagationPolicy: "Foreground" });
    await plane.settle();
    expect(await names()).toEqual(["owner", "child"]);
    await client().patch("child", "application/merge-patch+json", { metadata: { finalizers: [] } });
    await plane.settle();
    expect(await names()).toEqual([]);
  });

  it("leaves orphans behind, without the reference", async () => {
    await start();
    const owner = await create("owner");
    await create("child", owner);
    await plane.settle();
    await client().delete("owner", { propagationPolicy: "Orphan" });
    await plane.settle();
    expect(await names()).toEqual(["child"]);
    expect((await client().get("child")).metadata.ownerReferences).toEqual([]);
  });
});
