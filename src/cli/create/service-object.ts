// Behaviour: k8s.io/kubectl/pkg/cmd/create/create_service.go (ServiceOptions): the services that `create service` makes.
import type { ServicePort } from "../../api/generated/types/core/v1.ts";
import { isValidPortName, isValidPortNumber } from "../../api/name-validation.ts";
import { CommandError } from "../errors.ts";
import { stringSliceFlag } from "../flags.ts";
import { metadataOf } from "./create-command.ts";

/** --tcp. */
export const tcpFlag = { tcp: stringSliceFlag("Ports as '<port>:<targetPort>'.") };

/** What a service is made of. */
export interface ServiceInput {
  readonly name: string;
  readonly namespace: string;
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
  readonly tcp: readonly string[];
  readonly clusterIP?: string;
  readonly nodePort?: number;
  readonly externalName?: string;
}

/** Throws when a service of that type cannot be without what is missing. */
export function checkService({ type, tcp, clusterIP = "" }: Omit<ServiceInput, "name" | "namespace">): void {
  if (clusterIP === "None" && type !== "ClusterIP") throw new CommandError("ClusterIP=None can only be used with ClusterIP service type");
  if (clusterIP !== "None" && tcp.length === 0 && type !== "ExternalName") throw new CommandError("at least one tcp port specifier must be provided");
}

/** A service whose selector is the label app with its own name. */
export function serviceOf({ name, namespace, type, tcp, clusterIP = "", nodePort = 0, externalName = "" }: ServiceInput): object {
  const ports = tcp.map((text) => portOf(text, nodePort));
  const labels = { app: name };
  return {
    metadata: { ...metadataOf(name, namespace), labels },
    spec: {
      ...(ports.length > 0 && { ports }),
      selector: labels,
      ...(clusterIP !== "" && { clusterIP }),
      type,
      ...(externalName !== "" && { externalName }),
    },
  };
}

function portOf(text: string, nodePort: number): ServicePort {
  const [first = "", second] = text.split(":");
  const port = portNumber(first);
  return { name: text.replaceAll(":", "-"), protocol: "TCP", port, targetPort: second === undefined ? port : targetPort(second), ...(nodePort > 0 && { nodePort }) };
}

function portNumber(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  const port = Number(text);
  if (port > 65_535) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  return port;
}

function targetPort(text: string): number | string {
  const isNumber = /^[+-]?[0-9]+$/.test(text);
  const problems = isNumber ? isValidPortNumber(Number(text)) : isValidPortName(text);
  if (problems.length > 0) throw new CommandError(problems.join(","));
  return isNumber ? Number(text) : text;
}
