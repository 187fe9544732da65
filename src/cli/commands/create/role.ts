// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_role.go.
import type { Role } from "../../../api/generated/types/rbac/v1.ts";
import type { ResourceRef } from "../../../api/resource-refs.ts";
import { defineCreate, metadataOf } from "../../create/create-command.ts";
import { checkRules, policyRules, readResources, readVerbs, ruleFlags } from "../../create/policy-rules.ts";
import { CommandError } from "../../errors.ts";

const roles: ResourceRef<Role> = { group: "rbac.authorization.k8s.io", version: "v1", resource: "roles", kind: "Role", namespaced: true };

export default defineCreate({
  use: "role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
  summary: "Create a role with single rule",
  examples: `
    # A role that may look at pods
    kubectl create role pod-reader --verb=get,list,watch --resource=pods

    # One for a subresource
    kubectl create role scaler --verb=patch --resource=deployments.apps/scale`,
  flags: ruleFlags,
  resource: roles,
  validate({ name, values }) {
    if (name === "") throw new CommandError("name must be specified");
    if (values.verb.length === 0) throw new CommandError("at least one verb must be specified");
  },
  async build({ factory, name, namespace, values }) {
    const verbs = readVerbs(values.verb);
    const resources = readResources(values.resource);
    await checkRules(factory, verbs, resources);
    return { metadata: metadataOf(name, namespace), rules: await policyRules(factory, { verbs, resources, names: values["resource-name"] }) };
  },
});
