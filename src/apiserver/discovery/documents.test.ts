import { expect, test } from "vitest";
import { parseRequestInfo } from "../request-info.ts";
import { ResourceTable } from "../resource-table.ts";
import type { Resource } from "../resource.ts";
import type { ServerResponse } from "../message.ts";
import { discoveryPaths } from "./documents.ts";
import { compareGroups, compareVersions } from "./group-order.ts";

const validateName = (): string[] => [];
const status = { prepareForUpdate: (): void => undefined };
const scale = { get: () => ({ replicas: 0, statusReplicas: 0, selector: "" }), set: (): void => undefined };
const deployments: Resource = { group: "apps", version: "v1", kind: "Deployment", type: "apps.v1.Deployment", resource: "deployments", singular: "deployment", shortNames: ["deploy"], categories: ["all"], namespaced: true, validateName, status, scale };
const pods: Resource = { group: "", version: "v1", kind: "Pod", type: "core.v1.Pod", resource: "pods", singular: "pod", namespaced: true, validateName, status, subresources: { resize: status } };
const autoscalers = (version: string): Resource => ({ group: "autoscaling", version, kind: "HorizontalPodAutoscaler", type: `autoscaling.${version}.HorizontalPodAutoscaler`, resource: "horizontalpodautoscalers", singular: "horizontalpodautoscaler", namespaced: true, validateName });
const widgets: Resource = { group: "example.com", version: "v1alpha1", kind: "Widget", resource: "widgets", singular: "widget", namespaced: false, validateName };

const table = new ResourceTable([widgets, autoscalers("v1"), autoscalers("v2"), deployments, pods]);
const paths = discoveryPaths(table, "10.0.0.1:6443");
const ALL = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

function get(path: string, headers: Record<string, string> = {}): ServerResponse | undefined {
  return paths({ method: "GET", url: path, headers, signal: new AbortController().signal }, parseRequestInfo("GET", path));
}

function json(path: string, accept = "application/json"): unknown {
  const body = get(path, { accept })?.body;
  return body?.type === "object" ? body.value() : body?.type === "bytes" ? JSON.parse(String(body.data)) : undefined;
}

test("groups stand in upstream's order, versions the preferred first", () => {
  expect(json("/apis")).toMatchObject({
    kind: "APIGroupList",
    groups: [
      { name: "apps", preferredVersion: { groupVersion: "apps/v1", version: "v1" } },
      { name: "authentication.k8s.io" },
      { name: "authorization.k8s.io" },
      { name: "autoscaling", versions: [{ version: "v2" }, { version: "v1" }] },
      { name: "example.com" },
    ],
  });
  expect(json("/api")).toEqual({ kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "10.0.0.1:6443" }] });
  expect(["v1alpha1", "x", "v1", "v10", "v2beta1", "v2"].sort(compareVersions)).toEqual(["v10", "v2", "v1", "v2beta1", "v1alpha1", "x"]);
  expect(["z.io", "batch", "a.io", "apps"].sort(compareGroups)).toEqual(["apps", "batch", "a.io", "z.io"]);
});

test("a version lists its resources and subresources, with the hash of the stored version", () => {
  expect(json("/apis/apps/v1")).toEqual({
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: "apps/v1",
    resources: [
      { name: "deployments", singularName: "deployment", namespaced: true, kind: "Deployment", verbs: ALL, shortNames: ["deploy"], categories: ["all"], storageVersionHash: "8aSe+NMegvE=" },
      { name: "deployments/scale", singularName: "", namespaced: true, group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] },
      { name: "deployments/status", singularName: "", namespaced: true, kind: "Deployment", verbs: ["get", "patch", "update"] },
    ],
  });
  const names = (json("/api/v1") as { resources: { name: string }[] }).resources.map(({ name }) => name);
  expect(names).toEqual(["bindings", "componentstatuses", "pods", ...["attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "resize", "status"].map((name) => `pods/${name}`)]);
  expect(get("/apis/none")).toBeUndefined();
  expect(get("/apis/apps/v2")).toBeUndefined();
});

test("the aggregated form nests subresources, and answers 304 to who has it", () => {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
  expect(json("/apis", accept)).toMatchObject({
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    items: [
      {
        metadata: { name: "apps" },
        versions: [
          {
            version: "v1",
            freshness: "Current",
            resources: [
              {
                resource: "deployments",
                responseKind: { group: "", version: "", kind: "Deployment" },
                scope: "Namespaced",
                subresources: [{ subresource: "scale", responseKind: { group: "autoscaling", version: "v1", kind: "Scale" }, verbs: ["get", "patch", "update"] }, { subresource: "status" }],
              },
            ],
          },
        ],
      },
      {}, {}, {}, {},
    ],
  });
  const response = get("/apis", { accept });
  expect(response?.headers["content-type"]).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  expect(get("/apis", { accept, "if-none-match": response?.headers["etag"] ?? "" })?.status).toBe(304);
});

test("resources that come and go show at once", () => {
  const gadgets = { ...widgets, kind: "Gadget", resource: "gadgets", singular: "gadget" };
  table.change({ add: [gadgets] });
  expect(json("/apis/example.com/v1alpha1")).toMatchObject({ resources: [{ name: "gadgets" }, { name: "widgets" }] });
  table.change({ remove: [gadgets, widgets] });
  expect(get("/apis/example.com")).toBeUndefined();
});
