import { expect, it } from "vitest";
import { NoKindMatchError, NoResourceMatchError } from "./errors.ts";
import { type ResourceMapping, RestMapper, objectPath } from "./rest-mapper.ts";

function mapping(group: string, version: string, resource: string, kind: string, more: Partial<ResourceMapping> = {}): ResourceMapping {
  return { group, version, resource, kind, namespaced: true, singular: kind.toLowerCase(), shortNames: [], categories: [], verbs: [], subresources: [], ...more };
}

const pods = mapping("", "v1", "pods", "Pod", { shortNames: ["po"], categories: ["all"] });
const events = mapping("", "v1", "events", "Event");
const newEvents = mapping("events.k8s.io", "v1", "events", "Event");
const deployments = mapping("apps", "v1", "deployments", "Deployment", { shortNames: ["deploy"] });
const widgets = mapping("example.com", "v1", "widgets", "Widget");

function mapper(known: ResourceMapping[], refreshed?: ResourceMapping[]): RestMapper {
  return new RestMapper({ resources: async () => known, refreshed: async () => refreshed });
}

it("finds a resource by every name that it has", async () => {
  const all = mapper([pods, events, deployments, newEvents]);
  for (const word of ["pods", "pod", "po", "Pod", "PODS"]) expect(await all.resource(word)).toBe(pods);
  for (const word of ["deployments.apps", "deploy.v1.apps", "deployment.app", "Deployment.v1.apps"]) expect(await all.resource(word)).toBe(deployments);
  expect(await all.resource("events")).toBe(events);
  expect(await all.resource("events.events.k8s.io")).toBe(newEvents);
  expect(await all.category("all")).toEqual([pods]);
});

it("looks once more in fresh discovery, and then gives up", async () => {
  expect(await mapper([pods], [pods, widgets]).resource("widgets")).toBe(widgets);
  await expect(mapper([pods], [pods]).resource("widgets.example.com")).rejects.toThrow(NoResourceMatchError);
  await expect(mapper([pods]).kind({ group: "example.com", version: "v1", kind: "Widget" })).rejects.toThrow(new NoKindMatchError("Widget", "example.com", ["v1"]));
});

it("makes the paths of objects", () => {
  expect(objectPath(deployments, "web", "x", "scale")).toBe("/apis/apps/v1/namespaces/web/deployments/x/scale");
  expect(objectPath({ ...pods, namespaced: false }, "web")).toBe("/api/v1/pods");
});
