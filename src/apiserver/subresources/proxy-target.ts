// Behaviour: ResourceLocation of k8s.io/kubernetes/pkg/registry/core/{pod,service}: where a proxied request goes.
import { badRequest, notFound, serviceUnavailable } from "../../api/errors.ts";
import type { Endpoints, Service } from "../../api/generated/types/core/v1.ts";
import type { KubernetesObject } from "../../api/object.ts";
import { type Call, requestContext } from "../call.ts";
import type { StoredPod } from "./pod-target.ts";

/** A port of a pod, and whether TLS is spoken there. */
export interface ProxyTarget {
  readonly pod: StoredPod;
  readonly port: number;
  readonly secure: boolean;
}

interface ProxyName {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** Reads "name", "name:port" or "scheme:name:port"; throws a StatusError. */
function parseProxyName(id: string, what: string): ProxyName {
  const parts = id.split(":");
  const [first = "", second = "", third = ""] = parts;
  const parsed = parts.length === 3 ? { scheme: first, name: second, port: third } : { scheme: "", name: first, port: second };
  const validScheme = parsed.scheme === "" || parsed.scheme === "http" || parsed.scheme === "https";
  if (parts.length > 3 || parsed.name === "" || !validScheme) throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  return parsed;
}

/** The target of a request to pods/proxy; throws a StatusError. */
export function podTarget(call: Call): ProxyTarget {
  const { scheme, name, port } = parseProxyName(call.info.name, "pod");
  const pod = requestContext(call, false).lookup<StoredPod>({ group: "", resource: "pods" }, call.info.namespace, name);
  if (pod === undefined) throw notFound({ group: "", resource: "pods" }, name);
  if ((pod.status.podIP ?? "") === "") throw badRequest("address not allowed");
  const declared = pod.spec.containers.find((container) => (container.ports ?? []).length > 0)?.ports?.[0]?.containerPort;
  const secure = scheme === "https";
  const number = port === "" ? (declared ?? (secure ? 443 : 80)) : Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw badRequest(`invalid pod request ${JSON.stringify(call.info.name)}`);
  return { pod, port: number, secure };
}

/** The target of a request to services/proxy: a ready endpoint that is a pod; throws a StatusError. */
export function serviceTarget(call: Call): ProxyTarget {
  const { scheme, name, port } = parseProxyName(call.info.name, "service");
  const context = requestContext(call, false);
  const { namespace } = call.info;
  const portName = /^\d+$/.test(port) ? portNameOf(call, name, Number(port)) : port;
  const endpoints = context.lookup<Endpoints & KubernetesObject>({ group: "", resource: "endpoints" }, namespace, name);
  if (endpoints === undefined) throw notFound({ group: "", resource: "endpoints" }, name);
  const subsets = endpoints.subsets ?? [];
  if (subsets.length === 0) throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  const targets = subsets.flatMap((subset) => {
    const found = (subset.ports ?? []).find((candidate) => (candidate.name ?? "") === portName);
    return found === undefined ? [] : (subset.addresses ?? []).map((address) => ({ address, port: found.port }));
  });
  const start = Math.floor(context.ids.fraction() * targets.length);
  for (const { address, port: number } of [...targets.slice(start), ...targets.slice(0, start)]) {
    const pod = context.lookup<StoredPod>({ group: "", resource: "pods" }, address.targetRef?.namespace ?? namespace, address.targetRef?.name ?? "");
    if (pod !== undefined && (pod.status.podIPs ?? [{ ip: pod.status.podIP }]).some(({ ip }) => ip === address.ip)) return { pod, port: number, secure: scheme === "https" };
  }
  throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(call.info.name)}`);
}

function portNameOf(call: Call, name: string, port: number): string {
  const service = requestContext(call, false).lookup<Service & KubernetesObject>({ group: "", resource: "services" }, call.info.namespace, name);
  if (service === undefined) throw notFound({ group: "", resource: "services" }, name);
  const found = (service.spec.ports ?? []).find((candidate) => candidate.port === port);
  if (found === undefined) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  return found.name ?? "";
}
