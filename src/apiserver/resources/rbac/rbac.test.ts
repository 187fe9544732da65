import { describe, expect, it } from "vitest";
import type { RoleBinding } from "../../../api/generated/types/rbac/v1.ts";
import { create, row, update } from "../shared/test-requests.ts";
import { clusterRoleBindingResource, roleBindingResource } from "./bindings.ts";
import { clusterRoleResource, roleResource } from "./roles.ts";

describe("roles", () => {
  it.each<[string, object, string[]]>([
    ["no verbs", { apiGroups: [""], resources: ["pods"] }, ["rules[0].verbs: Required value: verbs must contain at least one value"]],
    ["no resources", { verbs: ["get"], apiGroups: [""] }, ["rules[0].resources: Required value: resource rules must supply at least one resource"]],
    ["paths, in a namespace", { verbs: ["get"], nonResourceURLs: ["/x"] }, ['rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs']],
  ])("are refused with %s", (_name, rule, errors) => {
    expect(create(roleResource, { rules: [rule] }).errors).toEqual(errors);
  });

  it("of the cluster are about paths or resources, not both", () => {
    const rule = { verbs: ["get"], nonResourceURLs: ["/x"] };
    expect(create(clusterRoleResource, { rules: [rule] }).errors).toEqual([]);
    expect(create(clusterRoleResource, { rules: [{ ...rule, resources: ["pods"] }] }).errors).toEqual(['rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs']);
  });
});

describe("bindings", () => {
  const roleRef = { kind: "Role", name: "r" };
  const subjects = [{ kind: "User", name: "u" }, { kind: "ServiceAccount", name: "a", namespace: "n" }];

  it("fill in the group of what they name", () => {
    const { object, errors } = create(roleBindingResource, { roleRef, subjects });
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ roleRef: { apiGroup: "rbac.authorization.k8s.io" }, subjects: [{ apiGroup: "rbac.authorization.k8s.io" }, { kind: "ServiceAccount" }] });
    expect(row(roleBindingResource, object)).toMatchObject({ Role: "Role/r", Users: "u", ServiceAccounts: "n/a" });
  });

  it("stay with their role", () => {
    const { object } = create(roleBindingResource, { roleRef });
    expect(update(roleBindingResource, object, (next: RoleBinding) => (next.roleRef.name = "s")).errors).toEqual([
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"s"}: cannot change roleRef',
    ]);
  });

  it("of the cluster grant cluster roles, to accounts of a namespace", () => {
    expect(create(clusterRoleBindingResource, { roleRef, subjects: [{ kind: "ServiceAccount", name: "a" }] }).errors).toEqual([
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
      "subjects[0].namespace: Required value",
    ]);
  });
});
