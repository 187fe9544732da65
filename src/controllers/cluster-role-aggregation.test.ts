import { describe, expect, it } from "vitest";
import type { ClusterRole } from "../api/generated/types/rbac/v1.ts";
import { aggregatedRules } from "./cluster-role-aggregation.ts";

const role = (name: string, labels: Record<string, string>, resources: string[]): ClusterRole => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name, labels },
  rules: [{ apiGroups: [""], resources, verbs: ["get"] }],
});

describe("aggregatedRules", () => {
  it("takes the rules of selected roles by name, each once, and not its own", () => {
    const view: ClusterRole = { ...role("view", { view: "true" }, ["own"]), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { view: "true" } }] } };
    const others = [role("b", { view: "true" }, ["pods"]), role("a", { view: "true" }, ["nodes"]), role("c", { view: "true" }, ["pods"]), role("d", {}, ["secrets"])];
    expect(aggregatedRules(view, [view, ...others]).map(({ resources }) => resources)).toEqual([["nodes"], ["pods"]]);
  });
});
