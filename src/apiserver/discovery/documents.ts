// The discovery documents: which groups, versions and resources there are.
// Behaviour: k8s.io/apiserver/pkg/endpoints/discovery and discovery/aggregated.
import { createHash } from "node:crypto";
import type { APIResource } from "../../api/generated/types/meta/v1.ts";
import { parseApiVersion } from "../../api/object.ts";
import { negotiate } from "../negotiation/accept.ts";
import { objectResponse, type ServerRequest, type ServerResponse } from "../message.ts";
import type { RequestInfo } from "../request-info.ts";
import type { Resource } from "../resource.ts";
import { compareGroups, compareVersions } from "./group-order.ts";
import { servedResources } from "./served-resources.ts";

/** Where the resources come from, and who tells that they changed. */
export interface ResourceSource {
  all(): readonly Resource[];
  onChange(listener: () => void): () => void;
}

/** The group versions that other servers have, with their resources. */
export interface RemoteResources {
  groupVersions(): ReadonlyMap<string, readonly APIResource[]>;
  onChange(listener: () => void): () => void;
}

const AGGREGATED_VERSIONS = ["v2", "v2beta1"];

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly APIResource[];
}

/** The path handler that answers for discovery; `serverAddress` is host and port, as clients inside the cluster see them. */
export function discoveryPaths(source: ResourceSource, serverAddress: string, remote?: RemoteResources): (request: ServerRequest, info: RequestInfo) => ServerResponse | undefined {
  const documents = new DiscoveryDocuments(source, serverAddress, remote);
  return (request, info) => documents.answer(request, info);
}

/** Answers /api, /apis and what stands below them, from the resources of the moment. */
class DiscoveryDocuments {
  private readonly source: ResourceSource;
  private readonly serverAddress: string;
  private readonly remote: RemoteResources | undefined;
  private groups: Map<string, GroupVersion[]> | undefined;
  private readonly aggregated = new Map<string, { body: string; etag: string }>();

  constructor(source: ResourceSource, serverAddress: string, remote: RemoteResources | undefined) {
    this.source = source;
    this.serverAddress = serverAddress;
    this.remote = remote;
    const forget = () => {
      this.groups = undefined;
      this.aggregated.clear();
    };
    source.onChange(forget);
    remote?.onChange(forget);
  }

  /** The answer to a GET; undefined when the path is none of discovery's. Throws a StatusError (406). */
  answer(request: ServerRequest, info: RequestInfo): ServerResponse | undefined {
    if (info.method !== "GET" && info.method !== "HEAD") return undefined;
    const path = info.path.replace(/\/$/, "");
    if (path === "/api" || path === "/apis") return this.answerRoot(path === "/api", request);
    const [, root, first = "", second, ...rest] = path.split("/");
    if (rest.length > 0) return undefined;
    if (root === "api") return second === undefined ? this.answerVersion("", first, request) : undefined;
    if (root !== "apis" || first === "") return undefined;
    return second === undefined ? this.answerGroup(first, request) : this.answerVersion(first, second, request);
  }

  private answerRoot(core: boolean, request: ServerRequest): ServerResponse {
    const { as } = negotiate(request.headers["accept"], {
      allowsTransform: (wanted, mediaType) =>
        mediaType === "application/json" && wanted.group === "apidiscovery.k8s.io" && wanted.kind === "APIGroupDiscoveryList" && AGGREGATED_VERSIONS.includes(wanted.version),
    });
    if (as !== undefined) return this.answerAggregated(core, as.version, request.headers["if-none-match"]);
    if (core) {
      const versions = (this.load().get("") ?? []).map(({ version }) => version);
      return objectResponse(200, { kind: "APIVersions", versions, serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: this.serverAddress }] });
    }
    const groups = [...this.load()].filter(([group]) => group !== "").map(([group, versions]) => groupEntry(group, versions));
    return objectResponse(200, { kind: "APIGroupList", apiVersion: "v1", groups });
  }

  private answerGroup(group: string, request: ServerRequest): ServerResponse | undefined {
    const versions = this.load().get(group);
    if (versions === undefined) return undefined;
    negotiate(request.headers["accept"]);
    return objectResponse(200, { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group, versions) });
  }

  private answerVersion(group: string, version: string, request: ServerRequest): ServerResponse | undefined {
    const found = this.load().get(group)?.find((candidate) => candidate.version === version);
    if (found === undefined) return undefined;
    negotiate(request.headers["accept"]);
    return objectResponse(200, { kind: "APIResourceList", ...(group !== "" && { apiVersion: "v1" }), groupVersion: formatGroupVersion(found), resources: found.resources });
  }

  private answerAggregated(core: boolean, version: string, ifNoneMatch: string | undefined): ServerResponse {
    const key = `${core} ${version}`;
    let document = this.aggregated.get(key);
    if (document === undefined) {
      const body = JSON.stringify(this.aggregate(core, version));
      document = { body, etag: `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"` };
      this.aggregated.set(key, document);
    }
    const headers = { etag: document.etag, vary: "Accept", "cache-control": "no-cache, private" };
    if (ifNoneMatch === document.etag) return { status: 304, headers, warnings: [], body: { type: "bytes", data: "" } };
    const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    return { status: 200, headers: { ...headers, "content-type": contentType }, warnings: [], body: { type: "bytes", data: document.body } };
  }

  private aggregate(core: boolean, version: string): unknown {
    const items = [...this.load()]
      .filter(([group]) => (group === "") === core)
      .map(([group, versions]) => ({
        metadata: { ...(group !== "" && { name: group }) },
        versions: versions.map((entry) => ({ version: entry.version, resources: aggregatedResources(entry.resources), freshness: "Current" })),
      }));
    return { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  }

  private load(): Map<string, GroupVersion[]> {
    this.groups ??= groupVersions(new Map<string, readonly APIResource[]>([...servedResources(this.source.all()), ...(this.remote?.groupVersions() ?? [])]));
    return this.groups;
  }
}

/** Groups in their order, each with its versions in theirs. */
function groupVersions(served: ReadonlyMap<string, readonly APIResource[]>): Map<string, GroupVersion[]> {
  const groups = new Map<string, GroupVersion[]>();
  for (const [groupVersion, resources] of served) {
    const { group = "", version = "" } = parseApiVersion(groupVersion) ?? {};
    groups.set(group, [...(groups.get(group) ?? []), { group, version, resources }]);
  }
  for (const versions of groups.values()) versions.sort((left, right) => compareVersions(left.version, right.version));
  return new Map([...groups].sort(([left], [right]) => compareGroups(left, right)));
}

function groupEntry(group: string, versions: readonly GroupVersion[]): Record<string, unknown> {
  const entries = versions.map((entry) => ({ groupVersion: formatGroupVersion(entry), version: entry.version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

function formatGroupVersion(of: GroupVersion): string {
  return of.group === "" ? of.version : `${of.group}/${of.version}`;
}

function aggregatedResources(resources: readonly APIResource[]): unknown[] {
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map((resource) => {
      const subresources = resources
        .filter(({ name }) => name.startsWith(`${resource.name}/`))
        .map((sub) => ({ subresource: sub.name.slice(resource.name.length + 1), responseKind: responseKind(sub), verbs: sub.verbs }));
      return {
        resource: resource.name,
        responseKind: responseKind(resource),
        scope: resource.namespaced ? "Namespaced" : "Cluster",
        singularResource: resource.singularName,
        verbs: resource.verbs,
        ...(resource.shortNames && { shortNames: resource.shortNames }),
        ...(resource.categories && { categories: resource.categories }),
        ...(subresources.length > 0 && { subresources }),
      };
    });
}

function responseKind({ group = "", version = "", kind }: APIResource): { group: string; version: string; kind: string } {
  return { group, version, kind };
}
