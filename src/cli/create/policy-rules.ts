// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_role.go: the rules of a new role, and what is wrong with them.
import type { PolicyRule } from "../../api/generated/types/rbac/v1.ts";
import { CommandError, NoResourceMatchError } from "../errors.ts";
import type { Factory } from "../factory.ts";
import { stringArrayFlag, stringSliceFlag } from "../flags.ts";
import type { RestMapper } from "../rest-mapper.ts";

const RBAC = "rbac.authorization.k8s.io";
const VERBS: readonly string[] = ["*", "get", "delete", "list", "create", "update", "patch", "watch", "proxy", "deletecollection", "use", "bind", "escalate", "impersonate"];
/** Verbs that only make sense on some resources. */
const SPECIAL_VERBS: Readonly<Record<string, readonly string[]>> = {
  use: ["podsecuritypolicies.policy", "podsecuritypolicies.extensions"],
  bind: [`roles.${RBAC}`, `clusterroles.${RBAC}`],
  escalate: [`roles.${RBAC}`, `clusterroles.${RBAC}`],
  impersonate: ["users.", "serviceaccounts.", "groups.", "userextras.authentication.k8s.io"],
};

/** --verb, --resource and --resource-name. */
export const ruleFlags = {
  resource: stringSliceFlag("Resource that the rule is for: resource.group/subresource."),
  "resource-name": stringArrayFlag("Name that the rule is for; may be given several times."),
  verb: stringSliceFlag("Verb that the rule allows."),
};

/** A word of --resource taken apart. */
export interface RuleResource {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

/** The verbs, each once; "*" stands for all. */
export function readVerbs(words: readonly string[]): readonly string[] {
  return words.includes("*") ? ["*"] : [...new Set(words)];
}

/** The resources; "*" alone stands for all. */
export function readResources(words: readonly string[]): readonly RuleResource[] {
  const resources: RuleResource[] = [];
  for (const word of words) {
    const [, before = "", subresource = ""] = /^([^/]*)(?:\/(.*))?$/s.exec(word) ?? [];
    const dot = before.indexOf(".");
    const resource = dot === -1 ? before : before.slice(0, dot);
    const read = { group: dot === -1 ? "" : before.slice(dot + 1), resource, subresource };
    if (word === "*") return [read];
    resources.push(read);
  }
  return resources;
}

/** Warns of verbs that no resource has, and throws for resources that the server does not have. */
export async function checkRules(factory: Factory, verbs: readonly string[], resources: readonly RuleResource[]): Promise<void> {
  for (const verb of verbs) if (!VERBS.includes(verb)) factory.io.err(`Warning: '${verb}' is not a standard resource verb\n`);
  if (resources.length === 0) throw new CommandError("at least one resource must be specified");
  const mapper = await factory.mapper();
  for (const one of resources) {
    if (one.resource === "") throw new CommandError("resource must be specified if apiGroup/subresource specified");
    if (one.resource === "*") return;
    await checkResource(mapper, verbs, one);
  }
}

async function checkResource(mapper: RestMapper, verbs: readonly string[], one: RuleResource): Promise<void> {
  const { group, resource, problem } = await resolve(mapper, one);
  let known = problem === undefined;
  for (const verb of verbs) {
    const special = SPECIAL_VERBS[verb];
    if (special === undefined) continue;
    if (!special.includes(`${resource}.${group}`)) throw new CommandError(`can not perform '${verb}' on '${resource}' in group '${group}'`);
    known = true;
  }
  if (!known) throw problem;
}

async function resolve(mapper: RestMapper, { group, resource }: RuleResource): Promise<{ group: string; resource: string; problem?: unknown }> {
  try {
    return await mapper.resource(group === "" ? resource : `${resource}.${group}`);
  } catch (problem) {
    if (!(problem instanceof NoResourceMatchError)) throw problem;
    return { group, resource, problem };
  }
}

/** One rule a group, groups in alphabetical order; then one for the paths. */
export async function policyRules(
  factory: Factory,
  { verbs, resources, names, paths = [] }: { verbs: readonly string[]; resources: readonly RuleResource[]; names: readonly string[]; paths?: readonly string[] },
): Promise<PolicyRule[]> {
  const mapper = await factory.mapper();
  const byGroup = new Map<string, Set<string>>();
  for (const one of resources) {
    const { group, resource } = one.resource === "*" ? one : await resolve(mapper, one);
    const known = byGroup.get(group) ?? new Set();
    byGroup.set(group, known.add(one.subresource === "" ? resource : `${resource}/${one.subresource}`));
  }
  const resourceNames = [...new Set(names)];
  const rules = [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, members]): PolicyRule => ({
    verbs: [...verbs],
    apiGroups: [group],
    resources: [...members],
    ...(resourceNames.length > 0 && { resourceNames }),
  }));
  return paths.length === 0 ? rules : [...rules, { verbs: [...verbs], nonResourceURLs: [...new Set(paths)] }];
}
