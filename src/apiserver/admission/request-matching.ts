// Behaviour: k8s.io/apiserver/pkg/admission/plugin/webhook/predicates and policy/matching: which requests a hook or a policy is for.
import { cloneDecoded } from "../../api/decode.ts";
import { StatusError, notFound } from "../../api/errors.ts";
import type { RuleWithOperations } from "../../api/generated/types/admissionregistration/v1.ts";
import type { LabelSelector as LabelSelectorSpec } from "../../api/generated/types/meta/v1.ts";
import { labelSelector } from "../../api/label-selector.ts";
import type { KubernetesObject, UnstructuredObject } from "../../api/object.ts";
import { namespaces } from "../../api/resource-refs.ts";
import type { ResourceTable } from "../resource-table.ts";
import type { Resource } from "../resource.ts";
import type { AdmissionRequest } from "./admission.ts";

/** Criteria of a webhook, or of a policy. */
export interface Criteria {
  /** Absent: all requests. */
  readonly rules: readonly RuleWithOperations[] | undefined;
  readonly excludeRules?: readonly (RuleWithOperations & { resourceNames?: string[] })[] | undefined;
  readonly matchPolicy?: string | undefined;
  readonly namespaceSelector?: LabelSelectorSpec | undefined;
  readonly objectSelector?: LabelSelectorSpec | undefined;
}

/** The resource, version and kind in which a request is shown: its own, or the equivalent one that the rules name. */
export interface MatchedVersion {
  readonly resource: Resource;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
}

/** Whether a request is for the owner of the criteria, and in which version. Throws a StatusError (404) when its namespace is not there. */
export type RequestMatcher = (request: AdmissionRequest) => MatchedVersion | undefined;

/** Kinds that decide on admission are not admitted by what they configure. */
const EXEMPT_GROUP = "admissionregistration.k8s.io";

/** Whether no webhook and no policy may look at the request. */
export function isExempt({ kind }: AdmissionRequest): boolean {
  return kind.group === EXEMPT_GROUP;
}

/** Makes the function that tells which requests match. */
export function requestMatcher(criteria: Criteria, resources: ResourceTable): RequestMatcher {
  const { rules, excludeRules = [], matchPolicy = "Equivalent" } = criteria;
  const ofNamespace = labelSelector(criteria.namespaceSelector ?? {});
  const ofObject = labelSelector(criteria.objectSelector ?? {});
  const isEquivalent = matchPolicy === "Equivalent";
  return (request) => {
    const matched = rules === undefined ? { resource: request.resource, kind: request.kind } : matchVersion(rules, request, isEquivalent, resources);
    if (matched === undefined) return undefined;
    if (excludeRules.length > 0 && matchVersion(excludeRules, request, isEquivalent, resources) !== undefined) return undefined;
    if (!ofNamespace.isEmpty && !matchesNamespace(request, (labels) => ofNamespace.matches(labels))) return undefined;
    const hasLabels = (object: KubernetesObject | undefined) => object !== undefined && ofObject.matches(object.metadata?.labels ?? {});
    if (!ofObject.isEmpty && !hasLabels(request.object) && !hasLabels(request.old)) return undefined;
    return matched;
  };
}

/** The object in another version of its resource. */
export function inVersion(from: Resource, to: Resource, object: UnstructuredObject): UnstructuredObject {
  if (from === to || from.version === to.version && from.group === to.group) return object;
  const copy = cloneDecoded(object);
  const stored = from.storedAs === undefined ? copy : from.storedAs.toStored(copy);
  return (to.storedAs === undefined ? stored : to.storedAs.fromStored(stored)) as UnstructuredObject;
}

function matchVersion(rules: readonly (RuleWithOperations & { resourceNames?: string[] })[], request: AdmissionRequest, isEquivalent: boolean, resources: ResourceTable): MatchedVersion | undefined {
  const { resource, kind } = request;
  if (rules.some((rule) => matchesRule(rule, request, resource))) return { resource, kind };
  if (!isEquivalent) return undefined;
  const others = rules.some((rule) => concernsOperation(rule, request) && matchesResource(rule.resources ?? [], resource.resource, request.subresource)) ? equivalents(resource, resources) : [];
  for (const rule of rules) {
    const other = others.find((candidate) => matchesRule(rule, request, candidate));
    if (other !== undefined) return { resource: other, kind: kind.kind === resource.kind && kind.group === resource.group ? other : kind };
  }
  return undefined;
}

/** Other versions of the objects that are stored at the same place. */
function equivalents(resource: Resource, resources: ResourceTable): Resource[] {
  const place = ({ group, resource: name, storedAs }: Resource) => (storedAs === undefined ? `${group}/${name}` : `${storedAs.group}/${storedAs.resource}`);
  return resources.all().filter((candidate) => candidate !== resource && place(candidate) === place(resource));
}

function matchesRule(rule: RuleWithOperations & { resourceNames?: string[] }, request: AdmissionRequest, resource: Resource): boolean {
  return (
    concernsOperation(rule, request) &&
    isNamed(rule.apiGroups, resource.group) &&
    isNamed(rule.apiVersions, resource.version) &&
    matchesResource(rule.resources ?? [], resource.resource, request.subresource) &&
    matchesScope(rule.scope, request) &&
    ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(request.name))
  );
}

function concernsOperation({ operations = [] }: RuleWithOperations, { operation }: AdmissionRequest): boolean {
  return operations.includes("*") || operations.includes(operation);
}

function isNamed(items: readonly string[] | undefined, value: string): boolean {
  return items !== undefined && (items.includes("*") || items.includes(value));
}

function matchesResource(patterns: readonly string[], resource: string, subresource: string): boolean {
  return patterns.some((pattern) => {
    const slash = pattern.indexOf("/");
    const [name, sub] = slash === -1 ? [pattern, ""] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
    return (name === "*" || name === resource) && (sub === "*" || sub === subresource);
  });
}

function matchesScope(scope: string | undefined, { resource, namespace }: AdmissionRequest): boolean {
  if (scope === undefined || scope === "*") return true;
  const isCluster = namespace === "" || (resource.group === "" && resource.resource === "namespaces");
  return scope === "Cluster" ? isCluster : scope === "Namespaced" && !isCluster;
}

function matchesNamespace(request: AdmissionRequest, matches: (labels: Readonly<Record<string, string>>) => boolean): boolean {
  const { resource, namespace, subresource, operation, object, context } = request;
  const isNamespace = resource.resource === "namespaces";
  if (namespace === "" && !isNamespace) return true;
  if (isNamespace && subresource === "" && (operation === "CREATE" || operation === "UPDATE")) return matches(object?.metadata.labels ?? {});
  const name = isNamespace ? request.name : namespace;
  const found = context.lookup(namespaces, "", name);
  if (found === undefined) throw new StatusError(notFound(namespaces, name).status);
  return matches(found.metadata.labels ?? {});
}
