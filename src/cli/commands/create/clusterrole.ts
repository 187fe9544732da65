// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_clusterrole.go.
import { clusterRoles } from "../../../api/resource-refs.ts";
import { defineCreate } from "../../create/create-command.ts";
import { checkRules, policyRules, readResources, readVerbs, ruleFlags } from "../../create/policy-rules.ts";
import { CommandError } from "../../errors.ts";
import { FlagValueError, type FlagSpec, stringSliceFlag } from "../../flags.ts";

const PATH_VERBS: readonly string[] = ["*", "get", "post", "put", "delete", "patch", "head", "options"];

type Labels = Readonly<Record<string, string>>;

const aggregationFlag: FlagSpec<Labels> = {
  usage: "Labels of the cluster roles whose rules this one has: key=value, separated by commas.",
  default: {},
  defaultText: "",
  read(text, previous = {}) {
    const labels: Record<string, string> = { ...previous };
    for (const pair of text.split(",").filter((part) => part !== "")) {
      const equals = pair.indexOf("=");
      if (equals === -1) throw new FlagValueError(`malformed pair, expect string=string`);
      labels[pair.slice(0, equals).trim()] = pair.slice(equals + 1).trim();
    }
    return labels;
  },
};

export default defineCreate({
  use: "clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
  summary: "Create a cluster role",
  examples: `
    # A cluster role that may look at pods
    kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

    # One for paths that are no resources
    kubectl create clusterrole logs --verb=get --non-resource-url=/logs/*

    # One that has the rules of others
    kubectl create clusterrole monitoring --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"`,
  flags: { ...ruleFlags, "aggregation-rule": aggregationFlag, "non-resource-url": stringSliceFlag("Path that the rule is for.") },
  resource: clusterRoles,
  validate({ name, values }) {
    const { verb, resource, "resource-name": names, "non-resource-url": paths } = values;
    if (name === "") throw new CommandError("name must be specified");
    if (Object.keys(values["aggregation-rule"]).length > 0) {
      if (paths.length + verb.length + resource.length + names.length > 0) {
        throw new CommandError("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames");
      }
      return;
    }
    if (verb.length === 0) throw new CommandError("at least one verb must be specified");
    if (resource.length === 0 && paths.length === 0) throw new CommandError("one of resource or nonResourceURL must be specified");
  },
  async build({ factory, name, values }) {
    const labels = values["aggregation-rule"];
    const metadata = { name };
    if (Object.keys(labels).length > 0) return { metadata, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } };
    const verbs = readVerbs(values.verb);
    const resources = readResources(values.resource);
    const paths = values["non-resource-url"];
    if (resources.length > 0) await checkRules(factory, verbs, resources);
    if (paths.length > 0) checkPaths(verbs, paths);
    return { metadata, rules: await policyRules(factory, { verbs, resources, names: values["resource-name"], paths }) };
  },
});

function checkPaths(verbs: readonly string[], paths: readonly string[]): void {
  const bad = verbs.find((verb) => !PATH_VERBS.includes(verb));
  if (bad !== undefined) throw new CommandError(`invalid verb: '${bad}' for nonResourceURL`);
  for (const path of paths) {
    if (path === "*") continue;
    if (!path.startsWith("/")) throw new CommandError("nonResourceURL should start with /");
    if (path.slice(0, -1).includes("*")) throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}
