import { describe, expect, it } from "vitest";
import { notFound } from "../api/errors.ts";
import type { Container, Service } from "../api/generated/types/core/v1.ts";
import { containerEnvironment } from "./environment.ts";
import { expand } from "./expansion.ts";
import { container, pod } from "./pod-fixture.ts";
import { serviceEnvironment } from "./service-environment.ts";

const source = {
  configMap: async (_namespace: string, name: string) => {
    if (name !== "m") throw notFound({ group: "", resource: "configmap" }, name);
    return { apiVersion: "v1", kind: "ConfigMap", metadata: {}, data: { a: "1", b: "2" } };
  },
  secret: async (_namespace: string, name: string) => {
    if (name !== "s") throw notFound({ group: "", resource: "secret" }, name);
    return { apiVersion: "v1", kind: "Secret", metadata: {}, data: { pass: Buffer.from("geheim").toString("base64") } };
  },
};

async function environment(more: Partial<Container>, services = new Map<string, string>()) {
  const made = await containerEnvironment({
    pod: { ...pod(), metadata: { ...pod().metadata, labels: { app: "x" } } },
    container: container("c", more),
    services,
    source,
    addresses: { podIP: "10.244.0.2", hostIP: "10.244.0.1" },
    node: { cpu: "2", memory: "1Gi", "ephemeral-storage": "1Gi" },
  });
  return Object.fromEntries(made);
}

it("takes values from everywhere, and refers to earlier ones and to services", async () => {
  const made = await environment(
    {
      envFrom: [{ prefix: "M_", configMapRef: { name: "m" } }],
      env: [
        { name: "PLAIN", value: "x $(M_a) $(HOST) $$(M_a) $(none)" },
        { name: "KEY", valueFrom: { configMapKeyRef: { name: "m", key: "b" } } },
        { name: "SECRET", valueFrom: { secretKeyRef: { name: "s", key: "pass" } } },
        { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        { name: "APP", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
        { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "requests.memory", divisor: "1Mi" } } },
        { name: "OPTIONAL", valueFrom: { secretKeyRef: { name: "none", key: "k", optional: true } } },
      ],
      resources: { requests: { memory: "3000Ki" } },
    },
    new Map([["HOST", "h"], ["PLAIN", "hidden"]]),
  );
  expect(made).toEqual({
    M_a: "1",
    M_b: "2",
    PLAIN: "x 1 h $(M_a) $(none)",
    KEY: "2",
    SECRET: "geheim",
    IP: "10.244.0.2",
    APP: "x",
    CPU: "2000",
    MEMORY: "3",
    HOST: "h",
  });
});

it.each([
  [{ configMapKeyRef: { name: "none", key: "k" } }, 'configmap "none" not found'],
  [{ configMapKeyRef: { name: "m", key: "k" } }, "couldn't find key k in ConfigMap default/m"],
  [{ secretKeyRef: { name: "s", key: "k" } }, "couldn't find key k in Secret default/s"],
])("says what is missing: %o", async (valueFrom, message) => {
  await expect(environment({ env: [{ name: "A", valueFrom }] })).rejects.toThrow(message);
});

describe("expand", () => {
  it.each([
    ["$(A)", "1"],
    ["a$(A)b$(B)", "a1b$(B)"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$1"],
    ["$(A", "$(A"],
    ["$A $", "$A $"],
  ])("%s is %s", (text, expected) => {
    expect(expand(text, (name) => (name === "A" ? "1" : undefined))).toBe(expected);
  });
});

describe("services", () => {
  const service = (name: string, namespace: string, clusterIP = "10.96.0.5"): Service => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { clusterIP, ports: [{ name: "web", port: 80, targetPort: 80 }] },
    status: { loadBalancer: {} },
  });

  it("are told in Docker's and Kubernetes' ways", () => {
    expect(Object.fromEntries(serviceEnvironment([service("my-web", "a")], "a", true))).toEqual({
      MY_WEB_SERVICE_HOST: "10.96.0.5",
      MY_WEB_SERVICE_PORT: "80",
      MY_WEB_SERVICE_PORT_WEB: "80",
      MY_WEB_PORT: "tcp://10.96.0.5:80",
      MY_WEB_PORT_80_TCP: "tcp://10.96.0.5:80",
      MY_WEB_PORT_80_TCP_PROTO: "tcp",
      MY_WEB_PORT_80_TCP_PORT: "80",
      MY_WEB_PORT_80_TCP_ADDR: "10.96.0.5",
    });
  });

  it("of other namespaces, headless ones and unwanted links are left out, the API server never", () => {
    const all = [service("kubernetes", "default"), service("x", "b"), service("headless", "a", "None"), service("y", "a")];
    const made = serviceEnvironment(all, "a", false, { host: "10.244.0.1", port: 6443 });
    expect([made.get("KUBERNETES_SERVICE_HOST"), made.get("KUBERNETES_SERVICE_PORT"), [...made.keys()].every((name) => name.startsWith("KUBERNETES"))]).toEqual(["10.244.0.1", "6443", true]);
  });
});
