// Behaviour: k8s.io/kubernetes/pkg/registry/core/node/rest ProxyREST: a kubelet's own HTTP API, read through the API server.
import { methodNotSupported, notFound, serviceUnavailable } from "../../api/errors.ts";
import type { Call } from "../call.ts";
import type { ServerResponse } from "../message.ts";
import { lookup } from "../object-storage.ts";
import type { Subresource } from "./subresource.ts";

/** nodes/proxy. */
export const nodeProxySubresource: Subresource = { name: "proxy", serve: readKubelet };

/** "name", or "scheme:name:port" and "name:port", as ports are not told apart: a node has one kubelet. */
async function readKubelet(call: Call): Promise<ServerResponse> {
  const { info, parts } = call;
  const names = info.name.split(":");
  const name = (names.length === 3 ? names[1] : names[0]) ?? "";
  if (lookup(parts.store, call.resource, "", name) === undefined) throw notFound(call.resource, name);
  const connection = parts.nodeConnections(name);
  if (connection?.read === undefined) throw serviceUnavailable(`error trying to reach service: no kubelet answers for node ${JSON.stringify(name)}`);
  if (info.method !== "GET" && info.method !== "HEAD") throw methodNotSupported(call.resource, info.verb);
  const found = connection.read(info.rest || "/");
  const { contentType, body } = found ?? { contentType: "text/plain; charset=utf-8", body: "404 page not found\n" };
  return { status: found === undefined ? 404 : 200, headers: { "content-type": contentType }, warnings: [], body: { type: "bytes", data: body } };
}
