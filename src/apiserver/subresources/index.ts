// Finds the subresource that a path names.
import { type KubernetesObject, formatGroupResource } from "../../api/object.ts";
import { handlePatch } from "../handlers/patch-handler.ts";
import { handleGet } from "../handlers/read-handlers.ts";
import { handleUpdate } from "../handlers/write-handlers.ts";
import type { Resource, SubresourceStrategy } from "../resource.ts";
import { bindingSubresource } from "./binding.ts";
import { evictionSubresource } from "./eviction.ts";
import { logSubresource } from "./log.ts";
import { attachSubresource, execSubresource, portForwardSubresource } from "./connect.ts";
import { nodeProxySubresource } from "./node-proxy.ts";
import { podProxySubresource, serviceProxySubresource } from "./proxy.ts";
import { scaleSubresource } from "./scale.ts";
import { tokenSubresource } from "./token.ts";
import type { Subresource } from "./subresource.ts";

/** Subresources with semantics of their own, by resource. */
const SPECIAL: Readonly<Record<string, readonly Subresource[]>> = {
  serviceaccounts: [tokenSubresource],
  pods: [bindingSubresource, evictionSubresource, logSubresource, execSubresource, attachSubresource, portForwardSubresource, podProxySubresource],
  services: [serviceProxySubresource],
  nodes: [nodeProxySubresource],
};

/** The subresource of that name; undefined when the resource has none. */
export function findSubresource(resource: Resource, name: string): Subresource | undefined {
  if (name === "scale" && resource.scale !== undefined) return scaleSubresource;
  const strategy = name === "status" ? resource.status : resource.subresources?.[name];
  if (strategy !== undefined) return strategySubresource(name, strategy);
  return SPECIAL[formatGroupResource(resource)]?.find((subresource) => subresource.name === name);
}

/** A view of the whole object through which only a part changes. */
function strategySubresource(name: string, strategy: SubresourceStrategy<KubernetesObject>): Subresource {
  return {
    name,
    get: handleGet,
    update: (call) => handleUpdate(call, strategy),
    patch: (call) => handlePatch(call, strategy),
  };
}
