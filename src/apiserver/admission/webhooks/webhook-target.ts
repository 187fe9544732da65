// Behaviour: k8s.io/apiserver/pkg/util/{webhook,proxy}: where the server of a clientConfig is reached.
import type { Service } from "../../../api/generated/types/core/v1.ts";
import type { EndpointSlice } from "../../../api/generated/types/discovery/v1.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import { endpointSlices, services } from "../../../api/resource-refs.ts";
import type { RequestContext } from "../../resource.ts";
import { timedUrl, WebhookCallError, type WebhookTarget } from "./webhook-call.ts";

/** How a client of a webhook is configured. */
export interface WebhookClientConfig {
  readonly url?: string | undefined;
  readonly service?: { readonly namespace: string; readonly name: string; readonly path?: string | undefined; readonly port?: number | undefined } | undefined;
  /** Base64 of PEM. */
  readonly caBundle?: string | undefined;
}

const SERVICE_LABEL = "kubernetes.io/service-name";

/** Finds the server; throws a WebhookCallError when its service has none. */
export function webhookTarget(config: WebhookClientConfig, context: Pick<RequestContext, "lookup" | "lookupAll" | "ids">, timeoutSeconds: number): WebhookTarget {
  const authority = config.caBundle === undefined || config.caBundle === "" ? {} : { authority: Buffer.from(config.caBundle, "base64").toString() };
  const { service } = config;
  if (service === undefined) return { url: config.url ?? "", ...authority };
  const { namespace, name, path = "", port = 443 } = service;
  const url = `https://${name}.${namespace}.svc:${port}/${path.replace(/^\//, "")}`;
  const fail = (reason: string) => new WebhookCallError(`Post ${JSON.stringify(timedUrl(url, timeoutSeconds))}: ${reason}`);
  const found = context.lookup<Service & KubernetesObject>(services, namespace, name);
  if (found === undefined) throw fail(`service ${JSON.stringify(name)} not found`);
  const declared = (found.spec.ports ?? []).find((candidate) => candidate.port === port);
  if (found.spec.type === "ExternalName") return { url, address: { host: found.spec.externalName ?? "", port }, ...authority };
  if (declared === undefined) throw fail(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const addresses = addressesOf(context, namespace, name, declared.name ?? "");
  const chosen = addresses[Math.floor(context.ids.fraction() * addresses.length)];
  if (chosen === undefined) throw fail(`no endpoints available for service ${JSON.stringify(name)}`);
  return { url, address: chosen, ...authority };
}

function addressesOf(context: Pick<RequestContext, "lookupAll">, namespace: string, service: string, portName: string): { host: string; port: number }[] {
  const slices = context.lookupAll<EndpointSlice & KubernetesObject>(endpointSlices, namespace).filter(({ metadata }) => metadata.labels?.[SERVICE_LABEL] === service);
  return slices.flatMap(({ endpoints = [], ports = [] }) => {
    const port = ports.find(({ name = "" }) => name === portName)?.port;
    if (port === undefined) return [];
    return endpoints.filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses.map((host) => ({ host, port })));
  });
}
