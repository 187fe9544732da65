// Behaviour: pkg/kubelet/volumemanager and the volume plugins that one machine can have.
import { chmod, chown, mkdir, realpath, rm, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume, VolumeMount } from "../../api/generated/types/core/v1.ts";
import { parseQuantity } from "../../api/quantity.ts";
import type { ResourceRef } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import type { MemoryVolume, Mount } from "../docker-args.ts";
import { ContainerConfigError } from "../environment.ts";
import { expand } from "../expansion.ts";
import { Label, type Ownership } from "../labels.ts";
import { writeAtomically } from "./atomic-writer.ts";
import { prepareHostPath } from "./host-path.ts";
import { isConfiguration, volumeFiles, type VolumeFilesInput } from "./volume-files.ts";

const claims: ResourceRef<PersistentVolumeClaim> = { group: "", version: "v1", resource: "persistentvolumeclaims", kind: "PersistentVolumeClaim", namespaced: true };
const volumes: ResourceRef<PersistentVolume> = { group: "", version: "v1", resource: "persistentvolumes", kind: "PersistentVolume", namespaced: false };

/** A volume could not be set up; the message is the event's. */
export class MountError extends Error {
  override readonly name = "MountError";
}

/** Where a volume is: a folder of this machine, or memory that Docker keeps. */
type Source = { readonly path: string; readonly readOnly: boolean } | { readonly memory: Omit<MemoryVolume, "target" | "readOnly"> };

/** Sets up the volumes of one node's pods under one folder. */
export class PodVolumes {
  private readonly folder: string;
  private readonly owner: Ownership;
  private readonly client: ApiClient;
  private readonly stamp: () => string;

  /** `stamp` names versions of configuration; it never repeats. */
  constructor(options: { folder: string; owner: Ownership; client: ApiClient; stamp: () => string }) {
    this.folder = options.folder;
    this.owner = options.owner;
    this.client = options.client;
    this.stamp = options.stamp;
  }

  /** The folder of a pod. */
  podFolder(uid: string): string {
    return join(this.folder, uid);
  }

  /** Sets up all volumes that containers mount. Throws a MountError for the first that cannot be. */
  async setUp(input: VolumeFilesInput): Promise<Map<string, Source>> {
    const { pod } = input;
    const used = new Set([...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])].flatMap((container) => container.volumeMounts ?? []).map((mount) => mount.name));
    const sources = new Map<string, Source>();
    for (const volume of pod.spec.volumes ?? []) {
      if (!used.has(volume.name)) continue;
      try {
        sources.set(volume.name, await this.setUpOne(input, volume));
      } catch (error) {
        throw new MountError(`MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return sources;
  }

  /** Brings the files of configuration volumes up to date. */
  async refresh(input: VolumeFilesInput): Promise<void> {
    for (const volume of input.pod.spec.volumes ?? []) if (isConfiguration(volume)) await this.writeConfiguration(input, volume);
  }

  /** The volumes in memory, which the sandbox holds while containers come and go. */
  memoryVolumes(sources: ReadonlyMap<string, Source>): MemoryVolume[] {
    return [...sources].flatMap(([name, source]) => ("memory" in source ? [{ ...source.memory, target: `/volumes/${name}`, readOnly: false }] : []));
  }

  /** What a container mounts. Throws a ContainerConfigError. */
  async mounts(wanted: readonly VolumeMount[], sources: ReadonlyMap<string, Source>, environment: ReadonlyMap<string, string>): Promise<{ mounts: Mount[]; volumes: MemoryVolume[] }> {
    const mounts: Mount[] = [];
    const memory: MemoryVolume[] = [];
    for (const mount of wanted) {
      const source = sources.get(mount.name);
      if (source === undefined) throw new ContainerConfigError(`cannot find volume ${JSON.stringify(mount.name)} to mount into container`);
      const target = mount.mountPath.startsWith("/") ? mount.mountPath : `/${mount.mountPath}`;
      const subPath = mount.subPathExpr === undefined || mount.subPathExpr === "" ? (mount.subPath ?? "") : expand(mount.subPathExpr, (name) => environment.get(name));
      if ("memory" in source) {
        if (subPath !== "") throw new ContainerConfigError(`subPath is not supported for the memory-backed volume ${JSON.stringify(mount.name)}`);
        memory.push({ ...source.memory, target, readOnly: mount.readOnly === true });
        continue;
      }
      const propagation = mount.mountPropagation === "HostToContainer" ? ("rslave" as const) : mount.mountPropagation === "Bidirectional" ? ("rshared" as const) : undefined;
      mounts.push({
        source: subPath === "" ? source.path : await this.subPath(mount.name, source.path, subPath),
        target,
        readOnly: mount.readOnly === true || source.readOnly,
        ...(propagation !== undefined && { propagation }),
      });
    }
    return { mounts, volumes: memory };
  }

  /** Removes all that a pod had on disk. */
  async tearDown(uid: string): Promise<void> {
    await rm(this.podFolder(uid), { recursive: true, force: true });
  }

  private async setUpOne(input: VolumeFilesInput, volume: Volume): Promise<Source> {
    const { pod } = input;
    const uid = pod.metadata.uid ?? "";
    if (volume.hostPath !== undefined) {
      await prepareHostPath(volume.hostPath);
      return { path: volume.hostPath.path, readOnly: false };
    }
    if (volume.emptyDir !== undefined) {
      if (volume.emptyDir.medium === "Memory") return { memory: this.memoryVolume(uid, volume) };
      const path = join(this.podFolder(uid), "volumes", "kubernetes.io~empty-dir", volume.name);
      await makeWritable(path, pod.spec.securityContext?.fsGroup);
      return { path, readOnly: false };
    }
    if (volume.persistentVolumeClaim !== undefined) return this.claimed(pod, volume.persistentVolumeClaim.claimName, volume.persistentVolumeClaim.readOnly === true);
    if (volume.ephemeral !== undefined) return this.claimed(pod, `${pod.metadata.name ?? ""}-${volume.name}`, false);
    if (isConfiguration(volume)) return { path: await this.writeConfiguration(input, volume), readOnly: true };
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "unknown";
    throw new Error(`no volume plugin matched: ${kind} volumes are not supported by this node`);
  }

  private memoryVolume(uid: string, volume: Volume): Omit<MemoryVolume, "target" | "readOnly"> {
    const limit = volume.emptyDir?.sizeLimit;
    return {
      volume: `k8s_${uid}_${volume.name}`,
      labels: { [Label.cluster]: this.owner.clusterId, [Label.podUid]: uid },
      ...(limit !== undefined && { sizeBytes: parseQuantity(limit).value() }),
    };
  }

  private async writeConfiguration(input: VolumeFilesInput, volume: Volume): Promise<string> {
    const plugin = volume.configMap !== undefined ? "configmap" : volume.secret !== undefined ? "secret" : volume.downwardAPI !== undefined ? "downward-api" : "projected";
    const path = join(this.podFolder(input.pod.metadata.uid ?? ""), "volumes", `kubernetes.io~${plugin}`, volume.name);
    const files = await volumeFiles(input, volume);
    await mkdir(path, { recursive: true });
    await writeAtomically(path, files, this.stamp(), input.pod.spec.securityContext?.fsGroup);
    return path;
  }

  private async claimed(pod: Pod, claimName: string, readOnly: boolean): Promise<Source> {
    const claim = await this.client.resource(claims, pod.metadata.namespace).get(claimName);
    if (claim.status.phase !== "Bound" || claim.spec.volumeName === undefined) throw new Error(`error processing PVC ${pod.metadata.namespace ?? ""}/${claimName}: PVC is not bound`);
    const { spec } = await this.client.resource(volumes).get(claim.spec.volumeName);
    if (spec.hostPath !== undefined) {
      await prepareHostPath(spec.hostPath);
      return { path: spec.hostPath.path, readOnly };
    }
    if (spec.local !== undefined) return { path: spec.local.path, readOnly };
    throw new Error("no volume plugin matched: only hostPath and local volumes are supported by this node");
  }

  private async subPath(volume: string, root: string, subPath: string): Promise<string> {
    const wanted = resolve(root, subPath);
    if (wanted !== root && !wanted.startsWith(root + sep)) throw new ContainerConfigError(`failed to prepare subPath for volumeMount ${JSON.stringify(volume)}: subPath must not leave the volume`);
    if ((await stat(wanted).catch(() => undefined)) === undefined) await makeWritable(wanted);
    const real = await realpath(wanted);
    const base = await realpath(root);
    if (real !== base && !real.startsWith(base + sep)) throw new ContainerConfigError(`failed to prepare subPath for volumeMount ${JSON.stringify(volume)}: subPath must not leave the volume`);
    return real;
  }
}

/** A folder that any user of the pod can write to. */
async function makeWritable(path: string, group?: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, group === undefined ? 0o777 : 0o2777);
  if (group !== undefined) await chown(path, -1, group).catch(() => {});
}
