// Behaviour: k8s.io/client-go/restmapper (discovery, shortcuts) and k8s.io/apimachinery/pkg/api/meta (priority of versions):
// finds the resource that a user's word or an object's kind means.
import type { GroupVersionKind, UnstructuredObject } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import type { DiscoveredResource } from "../client/discovery.ts";
import { resourcePath } from "../client/resource-path.ts";
import { NoKindMatchError, NoResourceMatchError } from "./errors.ts";

/** One resource of one group version, as discovery lists it. */
export type ResourceMapping = DiscoveredResource;

/** Where a mapper has its resources from. */
export interface ResourceSource {
  /** Each group's preferred version first, groups in the server's order. */
  resources(): Promise<readonly ResourceMapping[]>;
  /** Asks the server anew; undefined when what is known is new already. */
  refreshed(): Promise<readonly ResourceMapping[] | undefined>;
}

/** Finds the server's resources; what is not found is looked for once more in fresh discovery. */
export class RestMapper {
  private readonly source: ResourceSource;

  constructor(source: ResourceSource) {
    this.source = source;
  }

  /** Every resource, subresources left out. */
  all(): Promise<readonly ResourceMapping[]> {
    return this.source.resources();
  }

  /** The resource that `word` names: plural, singular, short name or kind, with ".version.group" or ".group" behind. Throws NoResourceMatchError. */
  async resource(word: string): Promise<ResourceMapping> {
    const found = await this.search((mappings) => findByWord(mappings, word));
    if (found !== undefined) return found;
    const [resource = "", ...group] = word.toLowerCase().split(".");
    throw new NoResourceMatchError({ resource, group: group.join(".") });
  }

  /** The resource whose objects have that kind. Throws NoKindMatchError. */
  async kind({ group, version, kind }: GroupVersionKind): Promise<ResourceMapping> {
    const found = await this.search((mappings) =>
      mappings.find((mapping) => mapping.group === group && mapping.kind === kind && (version === "" || mapping.version === version)),
    );
    if (found === undefined) throw new NoKindMatchError(kind, group, [version]);
    return found;
  }

  /** The resources of a category, e.g. "all"; undefined when no resource names it. */
  async category(word: string): Promise<readonly ResourceMapping[] | undefined> {
    const members = (await this.all()).filter((mapping) => mapping.categories.includes(word));
    return members.length === 0 ? undefined : members;
  }

  private async search(find: (mappings: readonly ResourceMapping[]) => ResourceMapping | undefined): Promise<ResourceMapping | undefined> {
    const known = find(await this.source.resources());
    if (known !== undefined) return known;
    const refreshed = await this.source.refreshed();
    return refreshed === undefined ? undefined : find(refreshed);
  }
}

function findByWord(mappings: readonly ResourceMapping[], word: string): ResourceMapping | undefined {
  const [resource = "", second, ...rest] = word.toLowerCase().split(".");
  if (second === undefined) return findByName(mappings, resource) ?? findByKind(mappings, word);
  const versioned = findByName(mappings.filter(({ version, group }) => version === second && group === rest.join(".")), resource);
  const group = [second, ...rest].join(".");
  return (
    versioned ??
    findByName(mappings.filter((mapping) => mapping.group === group), resource) ??
    findByName(mappings.filter((mapping) => mapping.group.startsWith(group)), resource) ??
    findByKind(mappings, word)
  );
}

function findByName(mappings: readonly ResourceMapping[], name: string): ResourceMapping | undefined {
  return (
    mappings.find(({ shortNames }) => shortNames.includes(name)) ??
    mappings.find(({ resource }) => resource === name) ??
    mappings.find(({ singular, kind }) => (singular || kind.toLowerCase()) === name)
  );
}

/** "Pod", "Deployment.apps" or "Deployment.v1.apps": a kind in its own spelling. */
function findByKind(mappings: readonly ResourceMapping[], word: string): ResourceMapping | undefined {
  const [kind, ...rest] = word.split(".");
  const place = rest.join(".");
  return mappings.find((mapping) => mapping.kind === kind && (place === "" || place === mapping.group || place === `${mapping.version}.${mapping.group}`));
}

/** The path of a resource, of one object or of its subresource; the namespace counts only where the resource has one. */
export function objectPath(mapping: ResourceRef, namespace: string, name?: string, subresource?: string): string {
  return resourcePath(mapping, mapping.namespaced ? namespace : "", name, subresource);
}

/** The resource for clients whose objects are of any kind. */
export function unstructuredRef({ group, version, resource, kind, namespaced }: ResourceMapping): ResourceRef<UnstructuredObject> {
  return { group, version, resource, kind, namespaced };
}
