// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_clusterrolebinding.go.
import type { ClusterRoleBinding } from "../../../api/generated/types/rbac/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate } from "../../create/create-command.ts";
import { roleRef, subjectFlags, subjectsOf } from "../../create/role-subjects.ts";
import { stringFlag } from "../../flags.ts";

const clusterRoleBindings: ResourceRef<ClusterRoleBinding> = {
  group: "rbac.authorization.k8s.io",
  version: "v1",
  resource: "clusterrolebindings",
  kind: "ClusterRoleBinding",
  namespaced: false,
};

export default defineCreate({
  use: "clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Create a cluster role binding for a particular cluster role",
  examples: `
    # A cluster role for two users and a group
    kubectl create clusterrolebinding admins --clusterrole=cluster-admin --user=ann --user=ben --group=operators`,
  flags: { ...subjectFlags, clusterrole: stringFlag("Cluster role to bind.") },
  required: ["clusterrole"],
  resource: clusterRoleBindings,
  failure: "failed to create clusterrolebinding: ",
  build({ name, values }) {
    const subjects = subjectsOf(values);
    return { metadata: { name }, ...(subjects !== undefined && { subjects }), roleRef: roleRef("ClusterRole", values.clusterrole) };
  },
});
