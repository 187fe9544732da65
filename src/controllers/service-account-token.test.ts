import { afterEach, describe, expect, it, vi } from "vitest";
import { ControlPlane } from "../../test/fixtures/control-plane.ts";
import { secrets, serviceAccounts } from "../api/resource-refs.ts";
import { createServiceAccountTokenController } from "./service-account-token.ts";

let plane: ControlPlane;
afterEach(() => plane.stop());

/** The memory API serves no token requests; this one answers them. */
function withTokens(control: ControlPlane): void {
  const resource = control.api.resource.bind(control.api);
  vi.spyOn(control.api, "resource").mockImplementation((ref, namespace) => {
    const client = resource(ref, namespace);
    if (ref.kind === "ServiceAccount") client.createSubresource = async <R>() => ({ status: { token: "TOKEN" } }) as R;
    return client;
  });
}

describe("service account token controller", () => {
  it("fills a Secret that asks for a token, and deletes it with its account", async () => {
    plane = new ControlPlane();
    withTokens(plane);
    await plane.start([(context) => createServiceAccountTokenController(context, "CA")]);
    const accounts = plane.api.resource(serviceAccounts, "ns");
    const { uid } = (await accounts.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "bot", namespace: "ns" } })).metadata;
    const annotations = { "kubernetes.io/service-account.name": "bot" };
    const client = plane.api.resource(secrets, "ns");
    await client.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "t", namespace: "ns", annotations }, type: "kubernetes.io/service-account-token" });
    await plane.settle();
    const secret = await client.get("t");
    const decoded = Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
    expect(decoded).toEqual({ token: "TOKEN", "ca.crt": "CA", namespace: "ns" });
    expect(secret.metadata.annotations?.["kubernetes.io/service-account.uid"]).toBe(uid);
    await accounts.delete("bot");
    await plane.settle();
    expect((await client.list()).items).toEqual([]);
  });
});
