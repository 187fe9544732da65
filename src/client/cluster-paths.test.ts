import { expect, it } from "vitest";
import { clusterPaths, contextName } from "./cluster-paths.ts";

it("keeps each cluster in a folder of its own", () => {
  expect(clusterPaths({ SKIFF_HOME: "/h" }, "one").socket).toBe("/h/clusters/one/api.sock");
});

it("names the default cluster's context plainly", () => {
  expect([contextName("skiff"), contextName("ci")]).toEqual(["skiff", "skiff-ci"]);
});
