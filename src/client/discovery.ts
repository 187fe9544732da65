// Behaviour: k8s.io/client-go/discovery: which resources a server has, by aggregated discovery or document by document.
import type { APIGroupDiscoveryList, APIResourceDiscovery } from "../api/generated/types/apidiscovery/v2.ts";
import type { APIGroup, APIGroupList, APIResource, APIResourceList, APIVersions } from "../api/generated/types/meta/v1.ts";
import { formatApiVersion } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import { requestBody } from "./rest-client.ts";
import { statusErrorOf } from "./status-response.ts";
import type { Transport } from "./transport.ts";

/** A resource as the server describes it; group and version are those of its kind. */
export interface DiscoveredResource extends ResourceRef {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

/** One version of a group. */
export interface DiscoveredVersion {
  readonly version: string;
  readonly resources: readonly DiscoveredResource[];
  /** Why its resources are not known, when they are not. */
  readonly failure?: string;
}

/** A group with its versions, the preferred one first. The core group is "". */
export interface DiscoveredGroup {
  readonly name: string;
  readonly versions: readonly DiscoveredVersion[];
}

/** All resources, group by group in the server's order, preferred versions first. */
export function resourcesOf(groups: readonly DiscoveredGroup[]): DiscoveredResource[] {
  return groups.flatMap((group) => group.versions.flatMap((version) => version.resources));
}

const AGGREGATED = ["v2", "v2beta1"].map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
const ACCEPT = [...AGGREGATED, "application/json"].join(",");

/** Asks the server for everything it has. Group versions that do not answer are there with a failure. */
export async function discover(transport: Transport, signal?: AbortSignal): Promise<DiscoveredGroup[]> {
  const [core, named] = await Promise.all([askRoot(transport, "/api", signal), askRoot(transport, "/apis", signal)]);
  const coreGroups = "items" in core ? aggregatedGroups(core) : await Promise.all(coreGroupOf(core).map((group) => readGroup(transport, group, signal)));
  const namedGroups = "items" in named ? aggregatedGroups(named) : await Promise.all(((named as APIGroupList).groups ?? []).map((group) => readGroup(transport, group, signal)));
  return [...coreGroups, ...namedGroups];
}

type Root = APIGroupDiscoveryList | APIVersions | APIGroupList;

async function askRoot(transport: Transport, path: string, signal?: AbortSignal): Promise<Root> {
  const response = await transport.request({ method: "GET", path, headers: { accept: ACCEPT } }, signal);
  if (response.status === 404 || response.status === 406) return { groups: [] };
  if (response.status >= 400) throw statusErrorOf(response.status, response.body, "GET");
  return response.body as Root;
}

function aggregatedGroups({ items }: APIGroupDiscoveryList): DiscoveredGroup[] {
  return items.map(({ metadata: { name = "" }, versions = [] }) => ({
    name,
    versions: versions.map(({ version, resources = [], freshness }) => ({
      version,
      resources: resources.filter(({ responseKind }) => responseKind?.kind).map((resource) => aggregatedResource(name, version, resource)),
      ...(freshness === "Stale" && { failure: `stale GroupVersion discovery: ${formatApiVersion({ group: name, version })}` }),
    })),
  }));
}

function aggregatedResource(group: string, version: string, described: APIResourceDiscovery): DiscoveredResource {
  return {
    group,
    version,
    resource: described.resource,
    kind: described.responseKind?.kind ?? "",
    namespaced: described.scope === "Namespaced",
    singular: described.singularResource,
    shortNames: described.shortNames ?? [],
    categories: described.categories ?? [],
    verbs: described.verbs,
    subresources: (described.subresources ?? []).map(({ subresource }) => subresource),
  };
}

function coreGroupOf(root: Root): APIGroup[] {
  const versions = "versions" in root ? root.versions.map((version) => ({ groupVersion: version, version })) : [];
  const [preferredVersion] = versions;
  return preferredVersion === undefined ? [] : [{ name: "", versions, preferredVersion }];
}

async function readGroup(transport: Transport, { name, versions, preferredVersion }: APIGroup, signal?: AbortSignal): Promise<DiscoveredGroup> {
  const ordered = [...versions].sort((a, b) => Number(b.version === preferredVersion?.version) - Number(a.version === preferredVersion?.version));
  return { name, versions: await Promise.all(ordered.map(({ version }) => readVersion(transport, name, version, signal))) };
}

async function readVersion(transport: Transport, group: string, version: string, signal?: AbortSignal): Promise<DiscoveredVersion> {
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  try {
    const { resources } = await requestBody<APIResourceList>(transport, { method: "GET", path }, signal);
    return { version, resources: plainResources(group, version, resources) };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { version, resources: [], failure: (error as Error).message };
  }
}

function plainResources(group: string, version: string, resources: readonly APIResource[]): DiscoveredResource[] {
  const subresourcesOf = Map.groupBy(resources.filter(({ name }) => name.includes("/")), ({ name }) => name.slice(0, name.indexOf("/")));
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, kind, namespaced, singularName, shortNames = [], categories = [], verbs }) => ({
      group,
      version,
      resource: name,
      kind,
      namespaced,
      singular: singularName,
      shortNames,
      categories,
      verbs,
      subresources: (subresourcesOf.get(name) ?? []).map((subresource) => subresource.name.slice(name.length + 1)),
    }));
}
