// Behaviour: k8s.io/kubernetes/pkg/registry/rbac/{role,clusterrole}.
import type { ClusterRole, Role } from "../../../api/generated/types/rbac/v1.ts";
import { defineResource } from "../shared/define-resource.ts";
import { nameIsPathSegment } from "../shared/names.ts";
import { validateClusterRole, validateRole } from "./role-validation.ts";

/** rbac.authorization.k8s.io/v1 roles. */
export const roleResource = defineResource<Role>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  resource: "roles",
  singular: "role",
  namespaced: true,
  type: "rbac.v1.Role",
  allowCreateOnUpdate: true,
  validateName: nameIsPathSegment,
  validate: validateRole,
});

/** rbac.authorization.k8s.io/v1 clusterroles. */
export const clusterRoleResource = defineResource<ClusterRole>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  resource: "clusterroles",
  singular: "clusterrole",
  namespaced: false,
  type: "rbac.v1.ClusterRole",
  allowCreateOnUpdate: true,
  validateName: nameIsPathSegment,
  validate: validateClusterRole,
});
