// Behaviour: the CRI's RunPodSandbox, CreateContainer and StartContainer, as arguments of the docker CLI.

/** One bind mount or tmpfs volume of a container. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly propagation?: "rslave" | "rshared";
}

/** A volume that lives in memory; Docker makes it when it is first mounted. */
export interface MemoryVolume {
  readonly volume: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly sizeBytes?: bigint;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a container's namespaces come from. */
export interface SandboxOptions {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The Docker network and the pod's address on it; "host" has none. */
  readonly network: { readonly name: string; readonly ip: string } | "host";
  readonly hostname: string;
  readonly hostIPC: boolean;
  readonly hostPID: boolean;
  readonly ports: readonly { hostIP: string; hostPort: number; containerPort: number; protocol: string }[];
  readonly dns: { readonly servers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] };
  readonly sysctls: Readonly<Record<string, string>>;
  readonly volumes: readonly MemoryVolume[];
}

/** All that makes one container of a pod. */
export interface ContainerOptions {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Id of the pod's sandbox. */
  readonly sandbox: string;
  readonly pid: "own" | "host" | { readonly container: string };
  readonly ipc: "sandbox" | "host";
  readonly hostNetwork: boolean;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly workingDir: string;
  readonly mounts: readonly Mount[];
  readonly volumes: readonly MemoryVolume[];
  /** "uid", "uid:gid" or "". */
  readonly user: string;
  readonly groups: readonly number[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly privileged: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly securityOptions: readonly string[];
  readonly stdin: boolean;
  /** The input ends with that of the first client. */
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly resources: ResourceOptions;
  readonly oomScoreAdj?: number;
  readonly stopSignal?: string;
}

/** Limits in Docker's units; absent: unlimited. */
export interface ResourceOptions {
  readonly cpuMillis?: number;
  readonly cpuShares?: number;
  readonly memoryBytes?: bigint;
}

/** Docker accepts no smaller limit. */
const SMALLEST_MEMORY = 6n * 1024n * 1024n;

/** The arguments that make and start a sandbox. */
export function runSandboxArgs(options: SandboxOptions): string[] {
  const { network } = options;
  const args = ["run", "--detach", "--pull", "never", "--name", options.name, "--log-driver", "none", "--cpu-shares", "2"];
  args.push("--ipc", options.hostIPC ? "host" : "shareable");
  if (options.hostPID) args.push("--pid", "host");
  if (network === "host") args.push("--network", "host");
  else args.push("--network", network.name, "--ip", network.ip, "--hostname", options.hostname);
  for (const port of options.ports) {
    args.push("--publish", `${port.hostIP === "" ? "" : `${port.hostIP}:`}${port.hostPort}:${port.containerPort}/${port.protocol.toLowerCase()}`);
  }
  for (const server of options.dns.servers) args.push("--dns", server);
  for (const search of options.dns.searches) args.push("--dns-search", search);
  for (const option of options.dns.options) args.push("--dns-option", option);
  for (const [name, value] of Object.entries(options.sysctls)) args.push("--sysctl", `${name}=${value}`);
  return [...args, ...options.volumes.flatMap(memoryVolumeArgs), ...labelArgs(options.labels), options.image];
}

/** The arguments that make a container, and start it unless its input ends with its first client's: `run --detach` keeps it open for good. */
export function runContainerArgs(options: ContainerOptions): string[] {
  const args = [...(options.stdinOnce ? ["create"] : ["run", "--detach"]), "--pull", "never", "--name", options.name];
  args.push("--network", options.hostNetwork ? "host" : `container:${options.sandbox}`);
  args.push("--ipc", options.ipc === "host" ? "host" : `container:${options.sandbox}`);
  if (options.pid === "host") args.push("--pid", "host");
  else if (options.pid !== "own") args.push("--pid", `container:${options.pid.container}`);
  if (options.stdin) args.push("--interactive");
  if (options.tty) args.push("--tty");
  if (options.user !== "") args.push("--user", options.user);
  for (const group of options.groups) args.push("--group-add", String(group));
  if (options.privileged) args.push("--privileged");
  for (const capability of options.capAdd) args.push("--cap-add", capability);
  for (const capability of options.capDrop) args.push("--cap-drop", capability);
  if (options.readOnlyRootFilesystem) args.push("--read-only");
  for (const option of options.securityOptions) args.push("--security-opt", option);
  if (options.workingDir !== "") args.push("--workdir", options.workingDir);
  if (options.stopSignal !== undefined) args.push("--stop-signal", options.stopSignal);
  if (options.oomScoreAdj !== undefined) args.push("--oom-score-adj", String(options.oomScoreAdj));
  args.push(...resourceArgs(options.resources));
  for (const [name, value] of options.env) args.push("--env", `${name}=${value}`);
  args.push(...options.mounts.flatMap(mountArgs), ...options.volumes.flatMap(memoryVolumeArgs), ...labelArgs(options.labels));
  const [entrypoint, ...rest] = options.command;
  if (entrypoint !== undefined) args.push("--entrypoint", entrypoint);
  return [...args, options.image, ...rest, ...options.args];
}

/** The arguments that change a running container's limits. */
export function updateArgs(id: string, resources: ResourceOptions): string[] {
  return ["update", ...resourceArgs(resources), id];
}

/** The arguments that list the ids of a cluster's containers, ended ones included. */
export function listArgs(label: string, value: string): string[] {
  return ["ps", "--all", "--quiet", "--no-trunc", "--filter", `label=${label}=${value}`];
}

function resourceArgs(resources: ResourceOptions): string[] {
  const args: string[] = [];
  if (resources.cpuMillis !== undefined) args.push("--cpus", (Math.max(resources.cpuMillis, 10) / 1000).toFixed(3));
  if (resources.cpuShares !== undefined) args.push("--cpu-shares", String(resources.cpuShares));
  if (resources.memoryBytes !== undefined) {
    const bytes = String(resources.memoryBytes < SMALLEST_MEMORY ? SMALLEST_MEMORY : resources.memoryBytes);
    args.push("--memory", bytes, "--memory-swap", bytes);
  }
  return args;
}

function mountArgs(mount: Mount): string[] {
  const options = [...(mount.readOnly ? ["ro"] : []), ...(mount.propagation ? [mount.propagation] : [])];
  if (!mount.source.includes(":")) return ["--volume", [mount.source, mount.target, ...(options.length > 0 ? [options.join(",")] : [])].join(":")];
  const fields = ["type=bind", `source=${mount.source}`, `target=${mount.target}`];
  if (mount.readOnly) fields.push("readonly");
  if (mount.propagation) fields.push(`bind-propagation=${mount.propagation}`);
  return ["--mount", fields.map(csvField).join(",")];
}

function memoryVolumeArgs(volume: MemoryVolume): string[] {
  const size = volume.sizeBytes === undefined ? [] : [`size=${volume.sizeBytes}`];
  const fields = ["type=volume", `source=${volume.volume}`, `target=${volume.target}`, "volume-driver=local", "volume-opt=type=tmpfs", "volume-opt=device=tmpfs"];
  fields.push(`volume-opt=o=${["mode=1777", ...size].join(",")}`, "volume-nocopy");
  for (const [name, value] of Object.entries(volume.labels)) fields.push(`volume-label=${name}=${value}`);
  if (volume.readOnly) fields.push("readonly");
  return ["--mount", fields.map(csvField).join(",")];
}

function csvField(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function labelArgs(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
}
