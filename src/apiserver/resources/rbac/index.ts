import type { Resource } from "../../resource.ts";
import { clusterRoleBindingResource, roleBindingResource } from "./bindings.ts";
import { clusterRoleResource, roleResource } from "./roles.ts";

/** The resources of the group rbac.authorization.k8s.io. */
export const rbacResources: readonly Resource[] = [clusterRoleBindingResource, clusterRoleResource, roleBindingResource, roleResource];
