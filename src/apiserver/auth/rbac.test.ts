import { beforeEach, describe, expect, test } from "vitest";
import type { PolicyRule } from "../../api/generated/types/rbac/v1.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/store.ts";
import type { AuthorizationAttributes } from "./authorizer.ts";
import { rbacAuthorizer } from "./rbac-authorizer.ts";
import { storeRuleResolver } from "./rbac-rules.ts";
import { compactRules, describeRule, uncoveredRules } from "./rule-coverage.ts";

const GROUP = "rbac.authorization.k8s.io";
let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});

async function put(resource: string, namespace: string, name: string, more: object): Promise<void> {
  await store.create(`/${GROUP}/${resource}/${namespace}/${name}`, () => ({ metadata: { name, ...(namespace !== "" && { namespace }) }, ...more }));
}

const role = (namespace: string, name: string, rules: PolicyRule[]) => put(namespace === "" ? "clusterroles" : "roles", namespace, name, { rules });
const bind = (namespace: string, name: string, kind: string, role: string, subject: object) =>
  put(namespace === "" ? "clusterrolebindings" : "rolebindings", namespace, name, { roleRef: { apiGroup: GROUP, kind, name: role }, subjects: [subject] });

const attributes = (more: Partial<AuthorizationAttributes>): AuthorizationAttributes => ({
  user: { name: "jane", groups: ["dev", "system:authenticated"] },
  verb: "get",
  isResourceRequest: true,
  path: "",
  group: "",
  version: "v1",
  resource: "pods",
  subresource: "",
  namespace: "default",
  name: "",
  ...more,
});

const decide = (more: Partial<AuthorizationAttributes>) => rbacAuthorizer(storeRuleResolver(store)).authorize(attributes(more));

describe("decisions", () => {
  test("follow roles in their namespace", async () => {
    await role("default", "reader", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "pods/log"] }]);
    await bind("default", "b", "Role", "reader", { kind: "User", name: "jane" });
    expect(decide({})).toEqual({ allowed: true, reason: 'RBAC: allowed by RoleBinding "b/default" of Role "reader" to User "jane"' });
    expect(decide({ subresource: "log" })).toMatchObject({ allowed: true });
    expect(decide({ subresource: "exec" })).toEqual({ allowed: false, reason: "" });
    expect(decide({ namespace: "other" })).toMatchObject({ allowed: false });
    expect(decide({ verb: "delete" })).toMatchObject({ allowed: false });
  });

  test("follow cluster roles everywhere, for groups and service accounts", async () => {
    await role("", "all", [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, { verbs: ["get"], nonResourceURLs: ["/metrics", "/debug/*"] }]);
    await bind("", "b", "ClusterRole", "all", { kind: "ServiceAccount", name: "bot", namespace: "default" });
    const user = { name: "system:serviceaccount:default:bot", groups: [] };
    expect(decide({ user, namespace: "any", group: "apps", resource: "deployments", verb: "patch" })).toMatchObject({ allowed: true });
    expect(decide({ user, isResourceRequest: false, path: "/debug/pprof" })).toMatchObject({ allowed: true });
    expect(decide({ user, isResourceRequest: false, path: "/other" })).toMatchObject({ allowed: false });
    expect(decide({})).toMatchObject({ allowed: false });
  });

  test("can be limited to names and to subresources of everything", async () => {
    await role("", "some", [
      { verbs: ["get"], apiGroups: [""], resources: ["secrets"], resourceNames: ["one"] },
      { verbs: ["update"], apiGroups: ["*"], resources: ["*/scale"] },
    ]);
    await bind("", "b", "ClusterRole", "some", { kind: "Group", name: "dev" });
    expect(decide({ resource: "secrets", name: "one" })).toMatchObject({ allowed: true });
    expect(decide({ resource: "secrets", name: "two" })).toMatchObject({ allowed: false });
    expect(decide({ resource: "secrets", verb: "get", name: "" })).toMatchObject({ allowed: false });
    expect(decide({ group: "apps", resource: "deployments", subresource: "scale", verb: "update" })).toMatchObject({ allowed: true });
    expect(decide({ group: "apps", resource: "deployments", verb: "update" })).toMatchObject({ allowed: false });
  });

  test("tell of roles that are missing, and see them when they come", async () => {
    await bind("default", "b", "ClusterRole", "later", { kind: "User", name: "jane" });
    const authorizer = rbacAuthorizer(storeRuleResolver(store));
    expect(authorizer.authorize(attributes({}))).toEqual({ allowed: false, reason: `RBAC: clusterrole.${GROUP} "later" not found` });
    await role("", "later", [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }]);
    expect(authorizer.authorize(attributes({}))).toMatchObject({ allowed: true });
  });

  test("leave the masters alone", () => {
    expect(decide({ user: { name: "admin", groups: ["system:masters"] }, verb: "escalate" })).toEqual({ allowed: true, reason: "" });
  });
});

describe("coverage", () => {
  const rule = (verbs: string[], resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({ verbs, apiGroups: [""], resources, ...more });

  test("is what is held already, piece by piece", () => {
    const held = [rule(["get"], ["pods"]), rule(["list"], ["pods", "secrets"])];
    expect(uncoveredRules(held, [rule(["get", "list"], ["pods"])])).toEqual([]);
    const missing = compactRules(uncoveredRules(held, [rule(["get", "watch", "list"], ["secrets"])]));
    expect(missing.map(describeRule)).toEqual(['{APIGroups:[""], Resources:["secrets"], Verbs:["get" "watch"]}']);
  });

  test("of names, wildcards and paths", () => {
    expect(uncoveredRules([rule(["*"], ["*"])], [rule(["get"], ["pods/log"])])).toEqual([]);
    expect(uncoveredRules([rule(["get"], ["*/log"])], [rule(["get"], ["pods/log"])])).toEqual([]);
    expect(uncoveredRules([rule(["get"], ["pods"], { resourceNames: ["a"] })], [rule(["get"], ["pods"])])).toHaveLength(1);
    expect(uncoveredRules([{ verbs: ["get"], nonResourceURLs: ["/x/*"] }], [{ verbs: ["get"], nonResourceURLs: ["/x/y"] }])).toEqual([]);
  });
});
