// Behaviour: k8s.io/client-go/restmapper (discovery, shortcut) and k8s.io/apimachinery/pkg/api/meta (priority of versions):
// finds the resource that a user's word or an object's kind means.
import type { GroupVersionKind } from "../api/object.ts";
import type { ResourceRef } from "../api/resource-refs.ts";
import { resourcePath } from "../client/resource-path.ts";
import { NoKindMatchError, NoResourceMatchError } from "./errors.ts";

/** One resource of one group version, as discovery lists it. */
export interface ResourceMapping extends ResourceRef {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
}

/** A user's word for a resource, split: "deployments.v1.apps" reads as resource.version.group or as resource.group. */
interface ResourceWord {
  readonly resource: string;
  readonly version?: string;
  readonly group?: string;
}

/** The server's resources, each group's preferred version first, groups in the server's order. */
export class RestMapper {
  private readonly mappings: readonly ResourceMapping[];

  constructor(mappings: readonly ResourceMapping[]) {
    this.mappings = mappings;
  }

  /** Every resource, subresources left out. */
  all(): readonly ResourceMapping[] {
    return this.mappings;
  }

  /** The resource that `word` names: plural, singular, short name or kind, with ".version.group" or ".group" behind. Throws NoResourceMatchError. */
  resource(word: string): ResourceMapping {
    const lower = word.toLowerCase();
    const [resource = "", second, ...rest] = lower.split(".");
    if (second !== undefined && rest.length > 0) {
      const full = this.find({ resource, version: second, group: rest.join(".") });
      if (full !== undefined) return full;
    }
    const group = second === undefined ? undefined : [second, ...rest].join(".");
    const found = this.find({ resource, ...(group !== undefined && { group }) }) ?? this.kindWord(word);
    if (found === undefined) throw new NoResourceMatchError({ resource, ...(group !== undefined && { group }) });
    return found;
  }

  /** The resources of a category, e.g. "all"; undefined when no resource names it. */
  category(word: string): ResourceMapping[] | undefined {
    const members = this.mappings.filter((mapping) => mapping.categories.includes(word));
    return members.length === 0 ? undefined : members;
  }

  /** The resource whose objects have that kind, of any version when that version is not served. Throws NoKindMatchError. */
  kind({ group, version, kind }: GroupVersionKind): ResourceMapping {
    const found = this.mappings.find((mapping) => mapping.group === group && mapping.version === version && mapping.kind === kind);
    if (found === undefined) throw new NoKindMatchError(kind, group, version === "" ? [] : [version]);
    return found;
  }

  private find(word: ResourceWord): ResourceMapping | undefined {
    const candidates = this.mappings.filter(
      (mapping) => (word.group === undefined || mapping.group === word.group) && (word.version === undefined || mapping.version === word.version),
    );
    const { resource } = word;
    return (
      candidates.find((mapping) => mapping.shortNames.includes(resource)) ??
      candidates.find((mapping) => mapping.resource === resource) ??
      candidates.find((mapping) => (mapping.singular || mapping.kind.toLowerCase()) === resource) ??
      this.prefixGroup(word)
    );
  }

  /** A group may be given by its beginning: "roles.rbac". */
  private prefixGroup({ resource, group }: ResourceWord): ResourceMapping | undefined {
    if (group === undefined) return undefined;
    return this.mappings.find(
      (mapping) => mapping.group.startsWith(group) && (mapping.resource === resource || mapping.singular === resource || mapping.shortNames.includes(resource)),
    );
  }

  /** "Deployment.v1.apps" or "Pod": a kind in its own spelling. */
  private kindWord(word: string): ResourceMapping | undefined {
    const [kind, ...rest] = word.split(".");
    return this.mappings.find(
      (mapping) => mapping.kind === kind && (rest.length === 0 || rest.join(".") === mapping.group || rest.join(".") === `${mapping.version}.${mapping.group}`),
    );
  }
}

/** The path of a resource, of one object or of its subresource; the namespace counts only where the resource has one. */
export function objectPath(mapping: ResourceRef, namespace: string, name?: string, subresource?: string): string {
  return resourcePath(mapping, mapping.namespaced ? namespace : "", name, subresource);
}
