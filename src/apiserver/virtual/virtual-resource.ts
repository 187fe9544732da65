// Behaviour: k8s.io/kubernetes/pkg/registry/{authorization,authentication}: kinds that are answered, never stored.
import type { Call } from "../call.ts";
import type { ServerResponse } from "../message.ts";
import type { Resource } from "../resource.ts";

/** A resource whose objects live as long as the answer. */
export interface VirtualResource {
  readonly resource: Resource;
  readonly create?: (call: Call) => Promise<ServerResponse>;
  readonly get?: (call: Call) => Promise<ServerResponse>;
  readonly list?: (call: Call) => Promise<ServerResponse>;
}

/** The record of a virtual resource. */
export function virtualRecord(group: string, kind: string, resource: string, namespaced = false): Resource {
  const type = `${group === "" ? "core" : group.split(".", 1)[0]}.v1.${kind}`;
  return { group, version: "v1", kind, resource, singular: kind.toLowerCase(), namespaced, type, verbs: ["create"], validateName: () => [] };
}
