// Behaviour: k8s.io/kubectl/pkg/describe (describeContainers and what it calls).
import type { Container, ContainerPort, ContainerState, ContainerStatus, EnvVar, Pod, Probe, ResourceRequirements } from "../../api/generated/types/core/v1.ts";
import { metadataField } from "../../api/metadata-field.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { goText } from "../printers/go-values.ts";
import { type Description, boolText, longTime } from "./description.ts";

/** What of containers is described, and how. */
export interface ContainersText {
  /** "Containers", "Init Containers". */
  readonly title: string;
  /** Before the title, in a pod template. */
  readonly space?: string;
  readonly containers: readonly Container[];
  readonly statuses?: readonly ContainerStatus[];
  /** Whose fields the environment refers to. */
  readonly pod?: Pod;
}

/** A list of containers with their states, resources, probes, environment and mounts. */
export function describeContainers({ title, space = "", containers, statuses = [], pod }: ContainersText, to: Description): void {
  to.write(0, `${space}${title}:${containers.length === 0 ? " <none>" : ""}\n`);
  for (const container of containers) {
    const status = statuses.findLast(({ name }) => name === container.name);
    describeBasics(container, status, space, to);
    describeWords("Command", container.command, to);
    describeWords("Args", container.args, to);
    if (status !== undefined) {
      describeState("State", status.state, to);
      if (status.lastState?.terminated !== undefined) describeState("Last State", status.lastState, to);
      to.field(2, "Ready", boolText(status.ready));
      to.field(2, "Restart Count", status.restartCount);
    }
    describeResources(container.resources, to, 2);
    if (container.livenessProbe !== undefined) to.field(2, "Liveness", probeText(container.livenessProbe));
    if (container.readinessProbe !== undefined) to.field(2, "Readiness", probeText(container.readinessProbe));
    if (container.startupProbe !== undefined) to.field(2, "Startup", probeText(container.startupProbe));
    describeEnvironmentSources(container, to);
    describeEnvironment(container, pod, to);
    describeMounts(container, to);
  }
}

function describeBasics(container: Container, status: ContainerStatus | undefined, space: string, to: Description): void {
  to.write(1, `${space === "" ? "" : " "}${container.name}:\n`);
  if (status !== undefined) to.field(2, "Container ID", status.containerID);
  to.field(2, "Image", container.image);
  if (status !== undefined) to.field(2, "Image ID", status.imageID);
  describePorts("Port", container.ports, ({ containerPort }) => containerPort, to);
  describePorts("Host Port", container.ports, ({ hostPort }) => hostPort ?? 0, to);
  const profile = container.securityContext?.seccompProfile;
  if (profile === undefined) return;
  to.field(2, "SeccompProfile", profile.type);
  if (profile.type === "Localhost") to.field(3, "LocalhostProfile", profile.localhostProfile);
}

function describePorts(title: string, ports: readonly ContainerPort[] | undefined, numberOf: (port: ContainerPort) => number, to: Description): void {
  const texts = (ports ?? []).map((port) => `${numberOf(port)}/${port.protocol ?? ""}${port.name ? ` (${port.name})` : ""}`);
  to.field(2, texts.length > 1 ? `${title}s` : title, texts.join(", ") || "<none>");
}

function describeWords(title: string, words: readonly string[] | undefined, to: Description): void {
  if (words === undefined || words.length === 0) return;
  to.write(2, `${title}:\n`);
  for (const word of words) for (const line of word.split("\n")) to.write(3, `${line}\n`);
}

function describeState(title: string, state: ContainerState | undefined, to: Description): void {
  if (state?.running !== undefined) {
    to.field(2, title, "Running");
    to.field(3, "Started", longTime(state.running.startedAt));
  } else if (state?.terminated !== undefined) {
    const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
    to.field(2, title, "Terminated");
    if (reason) to.field(3, "Reason", reason);
    if (message) to.field(3, "Message", message);
    to.field(3, "Exit Code", exitCode);
    if ((signal ?? 0) > 0) to.field(3, "Signal", signal);
    to.field(3, "Started", longTime(startedAt));
    to.field(3, "Finished", longTime(finishedAt));
  } else {
    to.field(2, title, "Waiting");
    if (state?.waiting?.reason) to.field(3, "Reason", state.waiting.reason);
  }
}

/** Limits and requests. */
export function describeResources(resources: ResourceRequirements | undefined, to: Description, level: number): void {
  for (const [title, amounts] of [["Limits", resources?.limits], ["Requests", resources?.requests]] as const) {
    const names = Object.keys(amounts ?? {}).sort();
    if (names.length > 0) to.write(level, `${title}:\n`);
    for (const name of names) to.field(level + 1, name, parseQuantity(amounts?.[name] ?? "0").toString());
  }
}

function probeText(probe: Probe): string {
  const attributes = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  if (probe.exec !== undefined) return `exec ${goText(probe.exec.command ?? [])} ${attributes}`;
  if (probe.httpGet !== undefined) {
    const { scheme = "", host = "", port, path = "" } = probe.httpGet;
    const name = host.includes(":") ? `[${host}]` : host;
    return `http-get ${scheme.toLowerCase()}://${name}:${port}${path === "" || path.startsWith("/") ? "" : "/"}${path} ${attributes}`;
  }
  if (probe.tcpSocket !== undefined) return `tcp-socket ${probe.tcpSocket.host ?? ""}:${probe.tcpSocket.port} ${attributes}`;
  if (probe.grpc !== undefined) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ""} ${attributes}`;
  return `unknown ${attributes}`;
}

function describeEnvironmentSources({ envFrom = [] }: Container, to: Description): void {
  if (envFrom.length === 0) return;
  to.write(2, "Environment Variables from:\n");
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const [kind, reference] = configMapRef !== undefined ? ["ConfigMap", configMapRef] : ["Secret", secretRef];
    to.row(3, reference?.name, prefix ? `${kind} with prefix '${prefix}'` : kind, `Optional: ${reference?.optional === true}`);
  }
}

function describeEnvironment(container: Container, pod: Pod | undefined, to: Description): void {
  const variables = container.env ?? [];
  to.write(2, `Environment:${variables.length === 0 ? "\t<none>" : ""}\n`);
  for (const variable of variables) {
    if (variable.valueFrom !== undefined) describeValueSource(variable, container, pod, to);
    else {
      const [first, ...rest] = (variable.value ?? "").split("\n");
      to.field(3, variable.name, first);
      for (const line of rest) to.write(3, `\t${line}\n`);
    }
  }
}

function describeValueSource({ name, valueFrom }: EnvVar, container: Container, pod: Pod | undefined, to: Description): void {
  if (valueFrom?.fieldRef !== undefined) {
    const { apiVersion = "v1", fieldPath } = valueFrom.fieldRef;
    to.field(3, name, `${pod === undefined ? "" : (metadataField(pod, fieldPath) ?? "")} (${apiVersion}:${fieldPath})`);
  } else if (valueFrom?.resourceFieldRef !== undefined) {
    const { resource, divisor } = valueFrom.resourceFieldRef;
    const amount = resourceAmount(container, resource, divisor);
    to.field(3, name, `${amount === "0" && (resource === "limits.cpu" || resource === "limits.memory") ? "node allocatable" : amount} (${resource})`);
  } else if (valueFrom?.secretKeyRef !== undefined) {
    const { key, name: secret, optional } = valueFrom.secretKeyRef;
    to.row(3, `${name}:`, `<set to the key '${key}' in secret '${secret}'>`, `Optional: ${optional === true}`);
  } else if (valueFrom?.configMapKeyRef !== undefined) {
    const { key, name: configMap, optional } = valueFrom.configMapKeyRef;
    to.row(3, `${name}:`, `<set to the key '${key}' of config map '${configMap}'>`, `Optional: ${optional === true}`);
  }
}

function resourceAmount(container: Container, resource: string, divisor: string | undefined): string {
  const [kind = "", ...rest] = resource.split(".");
  const amounts = kind === "limits" ? container.resources?.limits : container.resources?.requests;
  const name = rest.join(".");
  const amount = parseQuantity(amounts?.[name] ?? "0");
  const unit = divisor === undefined || parseQuantity(divisor).isZero() ? parseQuantity("1") : parseQuantity(divisor);
  const [value, by] = name === "cpu" ? [amount.milliValue(), unit.milliValue()] : [amount.value(), unit.value()];
  return String((value + by - 1n) / by);
}

function describeMounts({ volumeMounts = [], volumeDevices = [] }: Container, to: Description): void {
  to.write(2, `Mounts:${volumeMounts.length === 0 ? "\t<none>" : ""}\n`);
  for (const mount of volumeMounts.toSorted((a, b) => compare(a.mountPath, b.mountPath))) {
    const flags = [mount.readOnly === true ? "ro" : "rw", ...(mount.subPath ? [`path=${JSON.stringify(mount.subPath)}`] : [])];
    to.write(3, `${mount.mountPath} from ${mount.name} (${flags.join(",")})\n`);
  }
  if (volumeDevices.length === 0) return;
  to.write(2, `Devices:${volumeMounts.length === 0 ? "\t<none>" : ""}\n`);
  for (const { devicePath, name } of volumeDevices.toSorted((a, b) => compare(a.devicePath, b.devicePath))) to.write(3, `${devicePath} from ${name}\n`);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
