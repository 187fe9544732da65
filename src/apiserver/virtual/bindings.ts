// Behaviour: k8s.io/kubernetes/pkg/registry/core/pod/storage LegacyBindingREST: bindings by themselves.
import { bind } from "../subresources/binding.ts";
import { type VirtualResource, virtualRecord } from "./virtual-resource.ts";

/** v1 bindings. */
export const bindings: VirtualResource = {
  resource: virtualRecord("", "Binding", "bindings", true),
  create: (call) => bind(call, ""),
};
