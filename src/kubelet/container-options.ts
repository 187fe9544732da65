// Behaviour: pkg/kubelet/kuberuntime generateContainerConfig and generatePodSandboxConfig.
import type { Container, EphemeralContainer, Pod } from "../api/generated/types/core/v1.ts";
import type { ContainerOptions, MemoryVolume, Mount, SandboxOptions } from "./docker-args.ts";
import { expand } from "./expansion.ts";
import type { ImageInfo } from "./images.ts";
import { containerHash, containerLabels, dockerName, Label, type Ownership, SANDBOX_NAME } from "./labels.ts";
import { PAUSE_IMAGE } from "./pause-image.ts";
import { oomScoreAdj, resourceOptions } from "./resources.ts";
import { securityOptions } from "./security-context.ts";

/** Where names are looked up. */
export interface DnsOptions {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** The sandbox of a pod. */
export function sandboxOptions(options: {
  pod: Pod;
  owner: Ownership;
  attempt: number;
  network: string;
  podIP: string;
  hostname: string;
  dns: DnsOptions;
  volumes: readonly MemoryVolume[];
}): SandboxOptions {
  const { pod, owner, attempt, podIP } = options;
  const hostNetwork = pod.spec.hostNetwork === true;
  const containers = [...(pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always"), ...pod.spec.containers];
  const ports = hostNetwork ? [] : containers.flatMap((container) => container.ports ?? []).filter((port) => (port.hostPort ?? 0) > 0);
  return {
    name: dockerName(pod, SANDBOX_NAME, attempt),
    image: PAUSE_IMAGE,
    labels: { ...containerLabels(owner, pod, SANDBOX_NAME, attempt), ...(!hostNetwork && { [Label.podIP]: podIP }) },
    network: hostNetwork ? "host" : { name: options.network, ip: podIP },
    hostname: options.hostname,
    hostIPC: pod.spec.hostIPC === true,
    hostPID: pod.spec.hostPID === true,
    ports: ports.map((port) => ({ hostIP: port.hostIP ?? "", hostPort: port.hostPort ?? 0, containerPort: port.containerPort, protocol: port.protocol ?? "TCP" })),
    dns: options.dns,
    sysctls: Object.fromEntries((pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value])),
    volumes: options.volumes,
  };
}

/** One container of a pod. */
export function containerOptions(options: {
  pod: Pod;
  container: Container;
  owner: Ownership;
  attempt: number;
  sandboxId: string;
  image: ImageInfo;
  environment: ReadonlyMap<string, string>;
  mounts: readonly Mount[];
  volumes: readonly MemoryVolume[];
  memoryCapacity: bigint;
  /** Id of the container whose processes an ephemeral one sees. */
  targetId?: string;
}): ContainerOptions {
  const { pod, container, owner, attempt, sandboxId, environment } = options;
  const expanded = (words: readonly string[] | undefined) => (words ?? []).map((word) => expand(word, (name) => environment.get(name)));
  const oom = oomScoreAdj(pod, container, options.memoryCapacity);
  const stopSignal = container.lifecycle?.stopSignal;
  return {
    name: dockerName(pod, container.name, attempt),
    image: container.image ?? "",
    labels: { ...containerLabels(owner, pod, container.name, attempt), [Label.sandbox]: sandboxId, [Label.hash]: containerHash(container) },
    sandbox: sandboxId,
    pid: options.targetId !== undefined ? { container: options.targetId } : pod.spec.hostPID === true ? "host" : pod.spec.shareProcessNamespace === true ? { container: sandboxId } : "own",
    ipc: pod.spec.hostIPC === true ? "host" : "sandbox",
    hostNetwork: pod.spec.hostNetwork === true,
    command: expanded(container.command),
    args: expanded(container.args),
    env: [...environment],
    workingDir: container.workingDir ?? "",
    mounts: options.mounts,
    volumes: options.volumes,
    ...securityOptions(pod, container, options.image.user),
    stdin: container.stdin === true,
    stdinOnce: container.stdin === true && container.stdinOnce === true,
    tty: container.tty === true,
    resources: resourceOptions(container),
    ...(oom !== undefined && { oomScoreAdj: oom }),
    ...(stopSignal !== undefined && { stopSignal }),
  };
}

/** The name of the container whose processes an ephemeral container wants to see. */
export function targetContainerName(container: Container): string | undefined {
  const { targetContainerName: target } = container as EphemeralContainer;
  return target === "" ? undefined : target;
}
