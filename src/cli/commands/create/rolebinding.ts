// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_rolebinding.go.
import type { RoleBinding } from "../../../api/generated/types/rbac/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { roleRef, subjectFlags, subjectsOf } from "../../create/role-subjects.ts";
import { CommandError } from "../../errors.ts";
import { stringFlag } from "../../flags.ts";

const roleBindings: ResourceRef<RoleBinding> = { group: "rbac.authorization.k8s.io", version: "v1", resource: "rolebindings", kind: "RoleBinding", namespaced: true };

export default defineCreate({
  use: "rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Create a role binding for a particular role or cluster role",
  examples: `
    # A cluster role in one namespace
    kubectl create rolebinding admins --clusterrole=admin --user=ann --group=operators

    # A role for a service account
    kubectl create rolebinding readers --role=pod-reader --serviceaccount=shop:web`,
  flags: { ...subjectFlags, clusterrole: stringFlag("Cluster role to bind."), role: stringFlag("Role to bind.") },
  resource: roleBindings,
  failure: "failed to create rolebinding: ",
  validate({ name, values }) {
    if (name === "") throw new CommandError("name must be specified");
    if ((values.clusterrole === "") === (values.role === "")) throw new CommandError("exactly one of clusterrole or role must be specified");
  },
  build({ name, namespace, values }) {
    const subjects = subjectsOf(values);
    const ref = values.role === "" ? roleRef("ClusterRole", values.clusterrole) : roleRef("Role", values.role);
    return { metadata: metadataOf(name, namespace), ...(subjects !== undefined && { subjects }), roleRef: ref };
  },
});
