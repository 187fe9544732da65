// Behaviour: k8s.io/kubernetes/pkg/registry/core/service/storage: cluster addresses and node ports, found free by looking at all stored services.
import { internalError } from "../../../../api/errors.ts";
import { FieldPath, invalidValue } from "../../../../api/field-errors.ts";
import type { Service } from "../../../../api/generated/types/core/v1.ts";
import type { ServiceCIDR } from "../../../../api/generated/types/networking/v1.ts";
import { services } from "../../../../api/resource-refs.ts";
import type { RequestContext } from "../../../resource.ts";
import { addressNumber, formatIPv4 } from "../../shared/addresses.ts";
import { initAddressFamilies, refuse } from "./address-families.ts";
import { isHeadless, needsClusterIP, needsHealthCheck, needsNodePorts, sameList } from "./traits.ts";

const SPEC = new FieldPath("spec");
const DEFAULT_RANGE = "10.96.0.0/12";
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;

/** Gives a new service the addresses and ports that it needs. Throws a StatusError when one is taken or there is none left. */
export function allocateOnCreate(service: Service, context: RequestContext): void {
  const { spec } = service;
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  initAddressFamilies(service, undefined);
  assignAddress(service, context);
  assignNodePorts(service, undefined, context);
  if (needsHealthCheck(service)) assignHealthCheckPort(service, context);
}

/** Keeps what a service had, and gives it what it newly needs. Throws a StatusError. */
export function allocateOnUpdate(next: Service, old: Service, context: RequestContext): void {
  keepAllocated(next, old);
  alignClusterIPs(next, old);
  initAddressFamilies(next, old);
  if (!needsClusterIP(old)) assignAddress(next, context);
  assignNodePorts(next, old, context);
  if (needsHealthCheck(next) && !needsHealthCheck(old)) assignHealthCheckPort(next, context);
}

/** A client that leaves out what was assigned keeps it. */
function keepAllocated({ spec, ...next }: Service, { spec: before, ...old }: Service): void {
  const [newService, oldService] = [{ spec, ...next }, { spec: before, ...old }];
  if (needsClusterIP(oldService) && needsClusterIP(newService)) {
    if (!spec.clusterIP && before.clusterIP) spec.clusterIP = before.clusterIP;
    if (!spec.clusterIPs?.length && before.clusterIPs?.length) spec.clusterIPs = [...before.clusterIPs];
  }
  if (needsNodePorts(oldService) && needsNodePorts(newService)) {
    const taken = new Set((spec.ports ?? []).map((port) => port.nodePort ?? 0).filter((nodePort) => nodePort !== 0));
    const byName = new Map((before.ports ?? []).map((port) => [port.name ?? "", port.nodePort ?? 0]));
    for (const port of spec.ports ?? []) {
      const former = byName.get(port.name ?? "") ?? 0;
      if (!port.nodePort && former !== 0 && !taken.has(former)) port.nodePort = former;
    }
  }
  if (needsHealthCheck(oldService) && needsHealthCheck(newService) && before.healthCheckNodePort) spec.healthCheckNodePort ||= before.healthCheckNodePort;
}

/** clusterIP and clusterIPs say the same; whichever the client changed wins. */
function alignClusterIPs({ spec }: Service, { spec: before }: Service): void {
  if (before.clusterIPs?.length && !spec.clusterIPs?.length && before.clusterIP === spec.clusterIP) spec.clusterIPs = [...before.clusterIPs];
  if ((before.clusterIP ?? "") === (spec.clusterIP ?? "") || !sameList(before.clusterIPs, spec.clusterIPs)) return;
  if (before.clusterIP && !spec.clusterIP) delete spec.clusterIPs;
  else spec.clusterIPs = [spec.clusterIP ?? ""];
}

function assignAddress(service: Service, context: RequestContext): void {
  const { spec } = service;
  if (!needsClusterIP(service) || isHeadless(service)) return;
  const taken = new Set(otherServices(service, context).flatMap((other) => other.spec.clusterIPs ?? []));
  const ranges = serviceRanges(context);
  const wanted = spec.clusterIPs?.[0] ?? "";
  if (wanted !== "") {
    const problem = addressProblem(wanted, taken, ranges);
    if (problem !== undefined) refuse(service, [invalidValue(SPEC.child("clusterIPs"), spec.clusterIPs, `failed to allocate IP ${wanted}: ${problem}`)]);
    return;
  }
  const address = freeAddress(taken, ranges, context);
  if (address === undefined) throw internalError(`failed to allocate a serviceIP for Service ${JSON.stringify(service.metadata.name)}: range is full`);
  spec.clusterIP = address;
  spec.clusterIPs = [address];
}

interface AddressRange {
  readonly text: string;
  /** The network's own address: the first one that is given out is the next. */
  readonly first: bigint;
  /** Addresses that can be given out. */
  readonly size: bigint;
}

function serviceRanges(context: RequestContext): AddressRange[] {
  const stored = context
    .lookupAll<ServiceCIDR>({ group: "networking.k8s.io", resource: "servicecidrs" }, "")
    .filter((range) => range.metadata.deletionTimestamp === undefined)
    .flatMap((range) => range.spec.cidrs ?? [])
    .filter((cidr) => !cidr.includes(":"));
  return (stored.length === 0 ? [DEFAULT_RANGE] : stored).map((text) => {
    const [address = "", length = "32"] = text.split("/");
    return { text, first: addressNumber(address), size: (1n << (32n - BigInt(length))) - 2n };
  });
}

function addressProblem(address: string, taken: ReadonlySet<string>, ranges: readonly AddressRange[]): string | undefined {
  const offsets = ranges.map((range) => [addressNumber(address) - range.first, range.size] as const);
  if (!offsets.some(([offset, size]) => offset > 0n && offset <= size)) {
    return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${ranges.map((range) => range.text).join(",")}`;
  }
  return taken.has(address) ? "provided IP is already allocated" : undefined;
}

/** Starts anywhere, so that writes at the same time rarely choose the same. */
function freeAddress(taken: ReadonlySet<string>, ranges: readonly AddressRange[], context: RequestContext): string | undefined {
  for (const { first, size } of ranges) {
    const start = BigInt(Math.floor(context.ids.fraction() * Number(size)));
    const tries = size < BigInt(taken.size) + 1n ? size : BigInt(taken.size) + 1n;
    for (let count = 0n; count < tries; count++) {
      const address = formatIPv4(first + 1n + ((start + count) % size));
      if (!taken.has(address)) return address;
    }
  }
  return undefined;
}

/** On creation, ports of one service port number share a node port, for their protocols differ. */
function assignNodePorts(service: Service, old: Service | undefined, context: RequestContext): void {
  if (!needsNodePorts(service)) return;
  const taken = takenNodePorts(service, context);
  const mine = new Set((old?.spec.ports ?? []).map((port) => port.nodePort ?? 0));
  const allocates = service.spec.type === "NodePort" || service.spec.allocateLoadBalancerNodePorts !== false;
  const byPort = new Map<number, number>();
  for (const [index, port] of (service.spec.ports ?? []).entries()) {
    if (!port.nodePort && !allocates) continue;
    const shared = old === undefined ? byPort.get(port.port) : undefined;
    const requested = port.nodePort || (shared ?? (old === undefined ? requestedFor(port.port, service) : 0));
    port.nodePort = requested || freeNodePort(taken, context);
    byPort.set(port.port, shared ?? port.nodePort);
    if (port.nodePort === shared || mine.has(port.nodePort)) continue;
    const problem = nodePortProblem(port.nodePort, taken);
    if (problem !== undefined) refuse(service, [invalidValue(SPEC.child("ports").index(index).child("nodePort"), port.nodePort, problem)]);
    taken.add(port.nodePort);
    if (old !== undefined) mine.add(port.nodePort);
  }
}

function requestedFor(port: number, { spec }: Service): number {
  return spec.ports?.find((other) => other.port === port && other.nodePort)?.nodePort ?? 0;
}

function assignHealthCheckPort(service: Service, context: RequestContext): void {
  const taken = takenNodePorts(service, context);
  for (const port of service.spec.ports ?? []) taken.add(port.nodePort ?? 0);
  const wanted = service.spec.healthCheckNodePort ?? 0;
  if (wanted === 0) service.spec.healthCheckNodePort = freeNodePort(taken, context);
  else {
    const problem = nodePortProblem(wanted, taken);
    if (problem !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${wanted}: ${problem}`);
  }
}

function nodePortProblem(port: number, taken: ReadonlySet<number>): string | undefined {
  if (port < FIRST_NODE_PORT || port > LAST_NODE_PORT) return `provided port is not in the valid range. The range of valid ports is ${FIRST_NODE_PORT}-${LAST_NODE_PORT}`;
  return taken.has(port) ? "provided port is already allocated" : undefined;
}

function freeNodePort(taken: ReadonlySet<number>, context: RequestContext): number {
  const size = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
  const start = Math.floor(context.ids.fraction() * size);
  for (let count = 0; count < size; count++) {
    const port = FIRST_NODE_PORT + ((start + count) % size);
    if (!taken.has(port)) return port;
  }
  throw internalError("failed to allocate a nodePort: range is full");
}

function takenNodePorts(service: Service, context: RequestContext): Set<number> {
  const ports = otherServices(service, context).flatMap(({ spec }) => [...(spec.ports ?? []).map((port) => port.nodePort ?? 0), spec.healthCheckNodePort ?? 0]);
  return new Set(ports.filter((port) => port !== 0));
}

function otherServices(service: Service, context: RequestContext): Service[] {
  const namespace = service.metadata.namespace ?? context.namespace;
  return context.lookupAll<Service>(services, "").filter((other) => other.metadata.name !== service.metadata.name || other.metadata.namespace !== namespace);
}
