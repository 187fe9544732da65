// Behaviour: the warnings about containers in k8s.io/kubernetes/pkg/api/pod/warnings.go.
import type { FieldPath } from "../../../api/field-errors.ts";
import type { ContainerPort, EnvVar } from "../../../api/generated/types/core/v1.ts";
import { profileOf } from "./app-armor-annotation.ts";
import { allContainers, type PlacedContainer } from "./containers.ts";
import { APP_ARMOR_ANNOTATION, SECCOMP_CONTAINER_ANNOTATION, SECCOMP_POD_ANNOTATION } from "./pod-spec/annotations.ts";
import { fractionalBytes } from "./quantity-warnings.ts";
import { semanticEqual } from "./semantic-equal.ts";
import type { WarnedPod } from "./warned-pod.ts";

/** Warnings about a pod's containers: each one's own, then those about all their ports. */
export function containerWarnings({ metadata, spec }: WarnedPod, path: FieldPath, annotationPath: FieldPath, isPod: boolean): string[] {
  const annotations = metadata.annotations ?? {};
  const containers = allContainers(spec, path);
  const seccomp = (key: string, profile: unknown): string[] =>
    profile === undefined && key in annotations ? [`${annotationPath.key(key)}: non-functional in v1.27+; use the "seccompProfile" field instead`] : [];
  const appArmor = (key: string, profile: unknown): string[] => {
    const annotation = annotations[key];
    const same = spec.securityContext?.appArmorProfile;
    if (profile !== undefined || annotation === undefined || (same !== undefined && semanticEqual(same, profileOf(annotation)))) return [];
    // Of pods only what could not be taken over into the field is worth a warning; the rest has been by now.
    return isPod && profileOf(annotation) !== undefined ? [] : [`${annotationPath.key(key)}: deprecated since v1.30; use the "appArmorProfile" field instead`];
  };
  return [
    ...seccomp(SECCOMP_POD_ANNOTATION, spec.securityContext?.seccompProfile),
    ...containers.flatMap(({ container, path: at }) => [
      ...seccomp(SECCOMP_CONTAINER_ANNOTATION + container.name, container.securityContext?.seccompProfile),
      ...appArmor(APP_ARMOR_ANNOTATION + container.name, container.securityContext?.appArmorProfile),
      ...fractionalMemory(container.resources, at.child("resources")),
      ...envWarnings(container.env ?? [], at.child("env")),
    ]),
    ...portWarnings(containers),
    ...portNameWarnings(containers),
  ];
}

function fractionalMemory(resources: { limits?: Record<string, string>; requests?: Record<string, string> } | undefined, path: FieldPath): string[] {
  return ["memory", "ephemeral-storage"].flatMap((name) => [
    ...fractionalBytes(resources?.limits, path.child("limits"), [name]),
    ...fractionalBytes(resources?.requests, path.child("requests"), [name]),
  ]);
}

/** A later variable may only build on an earlier one of the same name. */
function envWarnings(variables: readonly EnvVar[], path: FieldPath): string[] {
  const seen = new Set<string>();
  return variables.flatMap(({ name, value = "", valueFrom }, index) => {
    const reference = `$(${name})`;
    const hides = seen.has(name) && (valueFrom !== undefined || value === reference || !value.includes(reference));
    seen.add(name);
    return hides ? [`${path.index(index)}: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`] : [];
  });
}

function placedPorts(containers: readonly PlacedContainer[]): { port: ContainerPort; path: FieldPath }[] {
  return containers.flatMap(({ container, path }) => (container.ports ?? []).map((port, index) => ({ port, path: path.child("ports").index(index) })));
}

function portWarnings(containers: readonly PlacedContainer[]): string[] {
  const ports = placedPorts(containers);
  return ports.flatMap(({ port, path }, place) => {
    const hostPort = port.hostPort ?? 0;
    const shown = `{Name:${port.name ?? ""} HostPort:${hostPort} ContainerPort:${port.containerPort} Protocol:${port.protocol ?? ""} HostIP:${port.hostIP ?? ""}}`;
    const own = port.hostIP && hostPort === 0 ? [`${path}: hostIP set without hostPort: ${shown}`] : [];
    const earlier = ports.slice(0, place).filter(({ port: other }) => other.containerPort === port.containerPort && other.protocol === port.protocol);
    return [...own, ...earlier.flatMap((other) => compare(port, other.port, path, other.path))];
  });
}

function compare(port: ContainerPort, other: ContainerPort, path: FieldPath, otherPath: FieldPath): string[] {
  const [hostIP, otherIP] = [port.hostIP ?? "", other.hostIP ?? ""];
  const [hostPort, otherPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (hostIP === otherIP && hostPort === otherPort) return [`${path}: duplicate port definition with ${otherPath}`];
  if (hostPort === 0 || otherPort === 0) return [`${path}: overlapping port definition with ${otherPath}`];
  if (hostPort === otherPort && (hostIP === "") !== (otherIP === "")) return [`${path}: dangerously ambiguous port definition with ${otherPath}`];
  return [];
}

function portNameWarnings(containers: readonly PlacedContainer[]): string[] {
  const first = new Map<string, FieldPath>();
  return placedPorts(containers).flatMap(({ port: { name }, path }) => {
    if (!name) return [];
    const other = first.get(name);
    if (other === undefined) first.set(name, path);
    return other === undefined ? [] : [`${path}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`];
  });
}
