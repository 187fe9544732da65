// Behaviour: k8s.io/kubectl/pkg/cmd/portforward (splitPort, translateServicePortToTargetPort) and client-go/tools/portforward (parsePorts).
import type { Pod, Service } from "../../api/generated/types/core/v1.ts";
import { CommandError } from "../errors.ts";

/** A port here and one of the pod. Local 0 is any that is free. */
export interface ForwardedPort {
  readonly local: number;
  readonly remote: number;
}

/** Reads [LOCAL:]REMOTE words against a pod, or against a service and the pod behind it. */
export function readPorts(words: readonly string[], pod: Pod, service: Service | undefined): ForwardedPort[] {
  refuseUdp(words, pod, service);
  return words.map((word) => {
    const { local, remote } = split(word);
    if (service === undefined && remote === "") throw new CommandError("remote port cannot be empty");
    const named = !isNumber(remote);
    const number = service === undefined ? (named ? containerPort(pod, remote) : Number(remote)) : targetPort(service, pod, named ? servicePort(service, remote) : Number(remote));
    const same = local === remote;
    const localText = same && named && service !== undefined ? String(servicePort(service, remote)) : same && named ? String(number) : local;
    return parse(localText, number);
  });
}

function split(word: string): { local: string; remote: string } {
  const parts = word.split(":");
  const [first = "", second] = parts;
  return parts.length === 2 ? { local: first, remote: second ?? "" } : { local: first, remote: first };
}

function isNumber(text: string): boolean {
  return /^[+-]?[0-9]+$/.test(text);
}

function parse(localText: string, remote: number): ForwardedPort {
  const text = localText === "" ? "0" : localText;
  if (!/^[0-9]+$/.test(text)) throw new CommandError(`error parsing local port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (Number(text) > 65_535) throw new CommandError(`error parsing local port '${text}': strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  if (remote > 65_535 || remote < 0) throw new CommandError(`error parsing remote port '${remote}': strconv.ParseUint: parsing "${remote}": ${remote < 0 ? "invalid syntax" : "value out of range"}`);
  if (remote === 0) throw new CommandError("remote port must be > 0");
  return { local: Number(text), remote };
}

function containerPort(pod: Pod, name: string): number {
  const port = pod.spec.containers.flatMap(({ ports = [] }) => ports).find((one) => one.name === name);
  if (port === undefined) throw new CommandError(`Pod '${pod.metadata.name}' does not have a named port '${name}'`);
  return port.containerPort;
}

function servicePort(service: Service, name: string): number {
  const port = service.spec?.ports?.find((one) => one.name === name);
  if (port === undefined) throw new CommandError(`Service '${service.metadata.name}' does not have a named port '${name}'`);
  return port.port;
}

function targetPort({ metadata, spec }: Service, pod: Pod, number: number): number {
  const port = spec?.ports?.find((one) => one.port === number);
  if (port === undefined) throw new CommandError(`Service ${metadata.name} does not have a service port ${number}`);
  if (spec?.clusterIP === "None") return number;
  const { targetPort: target } = port;
  if (target === undefined || target === 0) return number;
  return typeof target === "number" ? target : containerPort(pod, target);
}

function refuseUdp(words: readonly string[], pod: Pod, service: Service | undefined): void {
  const ports =
    service === undefined
      ? pod.spec.containers.flatMap(({ ports: all = [] }) => all).map(({ containerPort: number, protocol }) => ({ number, protocol }))
      : (service.spec?.ports ?? []).map(({ port: number, protocol }) => ({ number, protocol }));
  for (const word of words) {
    const { remote } = split(word);
    const number = isNumber(remote) || remote === "" ? Number(remote) : service === undefined ? containerPort(pod, remote) : servicePort(service, remote);
    const protocols = ports.filter((port) => port.number === number).map(({ protocol }) => protocol);
    if (protocols.includes("UDP") && !protocols.includes("TCP")) throw new CommandError(`UDP protocol is not supported for ${remote}`);
  }
}
