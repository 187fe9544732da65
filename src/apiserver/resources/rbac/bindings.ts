// Behaviour: k8s.io/kubernetes/pkg/registry/rbac/{rolebinding,clusterrolebinding}, their defaults and printRoleBinding in pkg/printers.
import type { ClusterRoleBinding, RoleBinding, Subject } from "../../../api/generated/types/rbac/v1.ts";
import type { TableColumn } from "../../resource.ts";
import { ageColumn, nameColumn, textColumn, wideColumn } from "../shared/columns.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { validateBindingUpdate, validateClusterRoleBinding, validateRoleBinding } from "./binding-validation.ts";

const GROUP = "rbac.authorization.k8s.io";

type Binding = RoleBinding | ClusterRoleBinding;

/** rbac.authorization.k8s.io/v1 rolebindings. */
export const roleBindingResource = defineResource<RoleBinding>({
  group: GROUP,
  version: "v1",
  kind: "RoleBinding",
  resource: "rolebindings",
  singular: "rolebinding",
  namespaced: true,
  type: "rbac.v1.RoleBinding",
  allowCreateOnUpdate: true,
  validateName: nameIsPathSegment,
  defaults: defaultBinding,
  validate: validateRoleBinding,
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns(),
});

/** rbac.authorization.k8s.io/v1 clusterrolebindings. */
export const clusterRoleBindingResource = defineResource<ClusterRoleBinding>({
  group: GROUP,
  version: "v1",
  kind: "ClusterRoleBinding",
  resource: "clusterrolebindings",
  singular: "clusterrolebinding",
  namespaced: false,
  type: "rbac.v1.ClusterRoleBinding",
  allowCreateOnUpdate: true,
  validateName: nameIsPathSegment,
  defaults: defaultBinding,
  validate: validateClusterRoleBinding,
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns(),
});

function defaultBinding({ roleRef, subjects = [] }: Binding): void {
  roleRef.apiGroup ||= GROUP;
  for (const subject of subjects) if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= GROUP;
}

function bindingColumns(): TableColumn<Binding>[] {
  return [
    nameColumn,
    textColumn("Role", "The role that the binding grants", ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
    ageColumn,
    wideColumn("Users", "Users that hold the role", ({ subjects }) => namesOf(subjects, "User")),
    wideColumn("Groups", "Groups that hold the role", ({ subjects }) => namesOf(subjects, "Group")),
    wideColumn("ServiceAccounts", "Service accounts that hold the role", ({ subjects }) => namesOf(subjects, "ServiceAccount")),
  ];
}

function namesOf(subjects: readonly Subject[] = [], kind: string): string {
  const named = subjects.filter((subject) => subject.kind === kind);
  return named.map(({ name, namespace }) => (kind === "ServiceAccount" ? `${namespace ?? ""}/${name}` : name)).join(", ");
}
