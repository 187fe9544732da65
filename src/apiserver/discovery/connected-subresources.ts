// Behaviour: pkg/registry/core/rest/storage_core.go: subresources that are no view of an object, but act on it.

/** One such subresource. */
export interface ConnectedSubresource {
  readonly name: string;
  readonly kind: string;
  /** Group and version of the kind, where they are not the resource's. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly ("create" | "delete" | "get" | "patch" | "update")[];
  /** The type of body and answer, where an object is created and nothing connected. */
  readonly type?: string;
}

const PROXY_VERBS: ConnectedSubresource["verbs"] = ["create", "delete", "get", "patch", "update"];

const CONNECTED: Readonly<Record<string, readonly ConnectedSubresource[]>> = {
  pods: [
    { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
    { name: "binding", kind: "Binding", verbs: ["create"], type: "core.v1.Binding" },
    { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"], type: "policy.v1.Eviction" },
    { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
    { name: "log", kind: "Pod", verbs: ["get"] },
    { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
    { name: "proxy", kind: "PodProxyOptions", verbs: PROXY_VERBS },
  ],
  services: [{ name: "proxy", kind: "ServiceProxyOptions", verbs: PROXY_VERBS }],
  nodes: [{ name: "proxy", kind: "NodeProxyOptions", verbs: PROXY_VERBS }],
  serviceaccounts: [{ name: "token", kind: "TokenRequest", group: "authentication.k8s.io", version: "v1", verbs: ["create"], type: "authentication.v1.TokenRequest" }],
};

/** The connected subresources of a resource. */
export function connectedSubresources(of: { readonly group: string; readonly resource: string }): readonly ConnectedSubresource[] {
  return of.group === "" ? (CONNECTED[of.resource] ?? []) : [];
}
