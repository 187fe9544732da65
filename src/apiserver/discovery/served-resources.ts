// Behaviour: k8s.io/apiserver/pkg/endpoints/installer.go and pkg/registry: what discovery says of each resource.
import { createHash } from "node:crypto";
import type { APIResource } from "../../api/generated/types/meta/v1.ts";
import { formatApiVersion } from "../../api/object.ts";
import type { Resource } from "../resource.ts";
import { connectedSubresources } from "./connected-subresources.ts";
import { virtualResources, withVirtualResources } from "./virtual-resources.ts";

const ALL_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/** The same, in the order that custom resources have. */
const CUSTOM_VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

/** What discovery lists by group version ("v1", "apps/v1"), subresources among them, each list sorted by name. */
export function servedResources(resources: readonly Resource[]): Map<string, APIResource[]> {
  const served = new Map<string, APIResource[]>();
  const add = (groupVersion: string, entry: APIResource): void => {
    const list = served.get(groupVersion);
    if (list === undefined) served.set(groupVersion, [entry]);
    else list.push(entry);
  };
  const isCustom = new Set<string>();
  for (const resource of withVirtualResources(resources)) {
    if (resource.type === undefined) isCustom.add(formatApiVersion(resource));
    for (const entry of [mainEntry(resource), ...subresourceEntries(resource)]) add(formatApiVersion(resource), entry);
  }
  for (const [groupVersion, list] of served) {
    // Subresources of custom resources keep their order: status, scale.
    const key = ({ name }: APIResource) => (isCustom.has(groupVersion) ? (name.split("/", 1)[0] ?? "") : name);
    list.sort((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
  }
  return served;
}

function mainEntry(resource: Resource): APIResource {
  return {
    name: resource.resource,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.type === undefined && resource.verbs === undefined ? CUSTOM_VERBS : [...(resource.verbs ?? ALL_VERBS)].sort(),
    ...(resource.shortNames?.length && { shortNames: [...resource.shortNames] }),
    ...(resource.categories?.length && { categories: [...resource.categories] }),
    ...(!virtualResources.includes(resource) && (resource.verbs ?? ALL_VERBS).includes("list") && { storageVersionHash: storageVersionHash(resource) }),
  };
}

function subresourceEntries(resource: Resource): APIResource[] {
  const entries: APIResource[] = [];
  const add = (name: string, of: { kind: string; group?: string; version?: string }, verbs: readonly string[]): void => {
    entries.push({ name: `${resource.resource}/${name}`, singularName: "", namespaced: resource.namespaced, ...of, verbs: [...verbs] });
  };
  const own = { kind: resource.kind };
  if (resource.status !== undefined) add("status", own, ["get", "patch", "update"]);
  if (resource.scale !== undefined) add("scale", { group: "autoscaling", version: "v1", kind: "Scale" }, ["get", "patch", "update"]);
  for (const name of Object.keys(resource.subresources ?? {})) add(name, own, name === "finalize" ? ["update"] : ["get", "patch", "update"]);
  for (const { name, verbs, type: _, ...of } of connectedSubresources(resource)) add(name, of, verbs);
  return entries;
}

/** Tells clients which version is stored, without saying so. */
function storageVersionHash(resource: Resource): string {
  const { group, version } = resource.storedAs ?? resource;
  return createHash("sha256").update(`${group}/${version}/${resource.kind}`).digest().subarray(0, 8).toString("base64");
}
