import { afterEach, describe, expect, it } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import type { Namespace } from "../api/generated/types/core/v1.ts";
import { configMaps, namespaces, pods, serviceAccounts } from "../api/resource-refs.ts";
import { createNamespaceController } from "./namespace.ts";
import { createRootCaPublisher } from "./root-ca-publisher.ts";
import { createServiceAccountController } from "./service-account.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

const namespace: Namespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "ns" },
  spec: { finalizers: ["kubernetes"] },
  status: { phase: "Active" },
};
const client = () => plane.api.resource(namespaces);

/** As the server does: a namespace with finalizers in its spec is marked, and its phase says so. */
async function deleteNamespace(): Promise<void> {
  const current = await client().get("ns");
  const marked = { ...current, metadata: { ...current.metadata, deletionTimestamp: plane.api.now() }, status: { phase: "Terminating" } };
  plane.api.put(namespaces, plane.api.key(namespaces, undefined, "ns"), marked, "MODIFIED");
  await plane.settle();
}

describe("namespace controller", () => {
  it("gives a namespace its ServiceAccount and the CA, and makes them again", async () => {
    plane = await new ControlPlane().start([createServiceAccountController, (context) => createRootCaPublisher(context, "CERTIFICATE")]);
    await client().create(namespace);
    await plane.settle();
    expect((await plane.api.resource(configMaps, "ns").get("kube-root-ca.crt")).data).toEqual({ "ca.crt": "CERTIFICATE" });
    await plane.api.resource(serviceAccounts, "ns").delete("default");
    await plane.settle();
    expect((await plane.api.resource(serviceAccounts, "ns").get("default")).metadata.name).toBe("default");
  });

  it("empties a namespace, pods first, and lets it go", async () => {
    plane = await new ControlPlane().start([createNamespaceController]);
    await client().create(namespace);
    const onNode = { containers: [], nodeName: "n" };
    await plane.api.resource(pods, "ns").create({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ns" }, spec: onNode, status: {} });
    await plane.api.resource(configMaps, "ns").create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns" } });
    await deleteNamespace();
    expect((await plane.api.resource(configMaps, "ns").list()).items).toHaveLength(1);
    const { conditions } = (await client().get("ns")).status;
    expect(conditions?.find(({ type }) => type === "NamespaceContentRemaining")).toMatchObject({
      status: "True",
      reason: "SomeResourcesRemain",
      message: "Some resources are remaining: pods. has 1 resource instances",
    });
    await plane.api.resource(pods, "ns").delete("p", { gracePeriodSeconds: 0 });
    await plane.settle();
    expect((await client().list()).items).toEqual([]);
    expect((await plane.api.resource(configMaps, "ns").list()).items).toEqual([]);
  });

  it("says which finalizers it waits for", async () => {
    plane = await new ControlPlane().start([createNamespaceController]);
    await client().create(namespace);
    await plane.api.resource(configMaps, "ns").create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m", namespace: "ns", finalizers: ["a.b/c"] } });
    await deleteNamespace();
    const { conditions } = (await client().get("ns")).status;
    expect(conditions?.find(({ type }) => type === "NamespaceFinalizersRemaining")?.message).toBe(
      "Some content in the namespace has finalizers remaining: a.b/c in 1 resource instances",
    );
  });
});
