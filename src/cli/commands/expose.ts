// Behaviour: k8s.io/kubectl/pkg/cmd/expose/expose.go.
import type { Container, ServicePort } from "../../api/generated/types/core/v1.ts";
import type { UnstructuredObject } from "../../api/object.ts";
import { services } from "../../api/resource-refs.ts";
import { defineCommand } from "../command.ts";
import { createTyped } from "../create/create-command.ts";
import { CommandError, messageOf } from "../errors.ts";
import { dryRunFlag, fieldManagerFlag, filenameFlags, filenameOptions, readDryRun, saveConfigFlag } from "../flag-groups.ts";
import { type FlagValues, stringFlag } from "../flags.ts";
import { applyOverrides, overrideFlags } from "../overrides.ts";
import { goTypeOf } from "../pod-lookup.ts";
import { changePrinter, printFlags } from "../print-flags.ts";
import { typedPrinter } from "../printers/typed.ts";
import { findResources } from "../resource-query.ts";
import { groupKindOf } from "../rollout/rollout-query.ts";
import { podSpecOf } from "../set/pod-spec.ts";

const KINDS: readonly string[] = ["ReplicationController", "Service", "Pod", "Deployment.apps", "ReplicaSet.apps"];
const MAX_NAME = 63;

const flags = {
  ...printFlags,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-expose"),
  ...filenameFlags("File, folder or address that names the objects to expose."),
  ...overrideFlags,
  ...saveConfigFlag,
  "cluster-ip": stringFlag("The service's address; 'None' for a headless service."),
  "external-ip": stringFlag("Address outside of the cluster that the service takes too."),
  labels: stringFlag("Labels of the service; those of the exposed object if omitted.", { shorthand: "l" }),
  "load-balancer-ip": stringFlag("Address of a LoadBalancer service."),
  name: stringFlag("Name of the service; that of the exposed object if omitted."),
  port: stringFlag("The service's port; those of the exposed object if omitted."),
  protocol: stringFlag("The protocol; TCP if omitted."),
  selector: stringFlag("Labels of the pods; those that the exposed object selects if omitted."),
  "session-affinity": stringFlag("None or ClientIP."),
  "target-port": stringFlag("Name or number of the containers' port; the service's port if omitted."),
  type: stringFlag("ClusterIP, NodePort, LoadBalancer, or ExternalName. ClusterIP if omitted."),
};

type ExposeFlags = FlagValues<typeof flags>;

export default defineCommand({
  use: "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
  summary: "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
  examples: `
    # A deployment at port 80
    kubectl expose deployment web --port=80 --target-port=8080

    # A pod under another name
    kubectl expose pod web-0 --port=80 --name=front`,
  flags,
  async toOptions(factory, args, { values }) {
    const dryRun = readDryRun(values["dry-run"], factory.io);
    const printer = typedPrinter(await changePrinter(values, "exposed", dryRun), values);
    return { factory, args, values, dryRun, printer };
  },
  async run({ factory, args, values, dryRun, printer }) {
    const namespace = await factory.namespace();
    const result = await findResources(factory, { args, files: filenameOptions(values), namespace, flatten: true, continueOnError: true });
    await result.visit(async (info) => {
      if (!KINDS.includes(groupKindOf(info))) throw new CommandError(`cannot expose a ${groupKindOf(info)}`);
      const built = { kind: "Service", apiVersion: "v1", ...serviceOf(values, info.object as UnstructuredObject, info.name.slice(0, MAX_NAME)) } as unknown as UnstructuredObject;
      const service = await applyOverrides(built, values, services);
      const placed = dryRun === "client" && namespace.explicit ? { ...service, metadata: { ...service.metadata, namespace: namespace.name } } : service;
      await createTyped(placed, services, { factory, dryRun, printer, fieldManager: values["field-manager"], saveConfig: values["save-config"] && dryRun !== "client", namespace: namespace.name }, "");
    });
  },
});

function serviceOf(values: ExposeFlags, object: UnstructuredObject, defaultName: string): object {
  const selectorText = values.selector === "" ? introspect("couldn't retrieve selectors via --selector flag or introspection", () => joined(selectorOf(object))) : values.selector;
  const headless = values["cluster-ip"] === "None";
  const ports = values.port === "" ? portsOf(object) : [...new Set([values.port])];
  if (ports.length === 0 && !headless) throw new CommandError("couldn't find port via --port flag or introspection");
  if (selectorText === "") throw new CommandError("selector must be specified");
  const selector = readLabels(selectorText);
  const labelText = values.labels === "" ? joined(object.metadata.labels ?? {}) : values.labels;
  const labels = labelText === "" ? undefined : readLabels(labelText);
  const affinity = values["session-affinity"];
  const servicePorts = ports.flatMap((port, index) => servicePort(values, object, port, index, ports.length));
  if (affinity !== "" && affinity !== "None" && affinity !== "ClientIP") throw new CommandError(`unknown session affinity: ${affinity}`);
  return {
    metadata: { name: values.name || defaultName, ...(labels !== undefined && { labels }) },
    spec: {
      ...(servicePorts.length > 0 && { ports: servicePorts }),
      selector,
      ...(values["cluster-ip"] !== "" && { clusterIP: values["cluster-ip"] }),
      ...(values.type !== "" && { type: values.type }),
      ...(values["external-ip"] !== "" && { externalIPs: [values["external-ip"]] }),
      ...(affinity !== "" && { sessionAffinity: affinity }),
      ...(values.type === "LoadBalancer" && values["load-balancer-ip"] !== "" && { loadBalancerIP: values["load-balancer-ip"] }),
    },
  };
}

function introspect<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CommandError(`${what}: ${messageOf(error)}`);
  }
}

function selectorOf(object: UnstructuredObject): Readonly<Record<string, string>> {
  const { selector } = object["spec"] as { selector?: unknown };
  switch (object.kind) {
    case "Pod":
      if (Object.keys(object.metadata.labels ?? {}).length === 0) throw new CommandError("the pod has no labels and cannot be exposed");
      return object.metadata.labels ?? {};
    case "Service":
      if (selector === undefined) throw new CommandError("the service has no pod selector set");
      return selector as Record<string, string>;
    case "ReplicationController":
      return (selector ?? {}) as Record<string, string>;
    default:
      return matchLabels(object, selector as { matchLabels?: Record<string, string>; matchExpressions?: unknown[] } | undefined);
  }
}

function matchLabels({ kind }: UnstructuredObject, selector: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] } = {}): Readonly<Record<string, string>> {
  const { matchLabels: labels = {}, matchExpressions = [] } = selector;
  if (Object.keys(labels).length === 0) {
    throw new CommandError(`invalid ${kind.toLowerCase()}: no selectors, therefore cannot be exposed`);
  }
  if (matchExpressions.length > 0) throw new CommandError(`couldn't convert expressions - ${JSON.stringify(JSON.stringify(matchExpressions))} to map-based selector format`);
  return labels;
}

/** "a=b,c=d" in order of the keys. */
function joined(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels).sort().map((key) => `${key}=${labels[key]}`).join(",");
}

function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [key = "", value = "", ...rest] = pair.split("=");
      if (!pair.includes("=") || rest.length > 0) throw new CommandError(`unexpected label spec: ${pair}`);
      if (key === "") throw new CommandError("unexpected empty label key");
      return [key, value];
    }),
  );
}

/** The ports of a service, or of the containers of anything else, with their protocols. */
function exposedPorts(object: UnstructuredObject): { port: string; protocol: string }[] {
  if (object.kind === "Service") {
    const { ports = [] } = object["spec"] as { ports?: ServicePort[] };
    return ports.map(({ port, protocol = "TCP" }) => ({ port: String(port), protocol }));
  }
  return introspect(`cannot extract ports from ${goTypeOf(object)}`, () => podSpecOf(object)).containers.flatMap(({ ports = [] }: Container) =>
    ports.map(({ containerPort, protocol = "TCP" }) => ({ port: String(containerPort), protocol })),
  );
}

function portsOf(object: UnstructuredObject): string[] {
  return [...new Set(exposedPorts(object).map(({ port }) => port))];
}

function servicePort(values: ExposeFlags, object: UnstructuredObject, text: string, index: number, count: number): ServicePort[] {
  if (!/^[+-]?[0-9]+$/.test(text)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const port = Number(text);
  const target = values["target-port"];
  const targetPort = target === "" ? port : /^[+-]?[0-9]+$/.test(target) ? Number(target) : target;
  const name = count > 1 ? `port-${index + 1}` : "";
  const protocols = values.protocol === "" ? exposedPorts(object).filter((one) => one.port === text).map(({ protocol }) => protocol) : [values.protocol];
  if (protocols.length > 1) return protocols.map((protocol) => ({ name: `port-${index + 1}-${protocol.toLowerCase()}`, port, protocol, targetPort }));
  return [{ ...(name !== "" && { name }), port, protocol: protocols[0] ?? "TCP", targetPort }];
}
