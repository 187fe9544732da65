// Behaviour: pkg/kubelet/envvars: the variables that tell a container where its namespace's services are.
import type { Service } from "../api/generated/types/core/v1.ts";

/** Where pods reach the API server, in place of the kubernetes Service's address. */
export interface ApiServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The variables of the services that a pod of `namespace` is told of. `links`: the pod's enableServiceLinks. */
export function serviceEnvironment(services: readonly Service[], namespace: string, links: boolean, apiServer?: ApiServerAddress): Map<string, string> {
  const chosen = new Map<string, Service>();
  for (const service of services) {
    const { clusterIP = "" } = service.spec;
    const { name = "" } = service.metadata;
    if (clusterIP === "" || clusterIP === "None") continue;
    const master = service.metadata.namespace === "default" && name === "kubernetes";
    if (master ? !chosen.has(name) : service.metadata.namespace === namespace && links) chosen.set(name, service);
  }
  const variables = new Map<string, string>();
  for (const [name, service] of chosen) {
    const moved = name === "kubernetes" && service.metadata.namespace === "default" ? apiServer : undefined;
    addService(variables, name, moved?.host ?? service.spec.clusterIP ?? "", (service.spec.ports ?? []).map((port) => ({ ...port, port: moved?.port ?? port.port })));
  }
  return variables;
}

function addService(variables: Map<string, string>, service: string, address: string, ports: readonly { name?: string; port: number; protocol?: string }[]): void {
  const prefix = variableName(service);
  const host = address.includes(":") ? `[${address}]` : address;
  variables.set(`${prefix}_SERVICE_HOST`, address);
  for (const [index, { name = "", port, protocol = "TCP" }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${host}:${port}`;
    if (index === 0) {
      variables.set(`${prefix}_SERVICE_PORT`, String(port));
      variables.set(`${prefix}_PORT`, url);
    }
    if (name !== "") variables.set(`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port));
    const link = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    variables.set(link, url);
    variables.set(`${link}_PROTO`, protocol.toLowerCase());
    variables.set(`${link}_PORT`, String(port));
    variables.set(`${link}_ADDR`, address);
  }
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
