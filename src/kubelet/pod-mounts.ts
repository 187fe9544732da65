// Behaviour: pkg/kubelet/volumemanager: the volumes of one pod, set up before its containers start and kept up to date.
import type { Pod } from "../api/generated/types/core/v1.ts";
import type { PodContext } from "./pod-context.ts";
import { formatPod } from "./pod-spec.ts";
import { MountError, type PodVolumes } from "./volumes/pod-volumes.ts";
import type { VolumeFilesInput } from "./volumes/volume-files.ts";

const RETRY_MS = 500;
const MAX_RETRY_MS = 122_000;

type Sources = Awaited<ReturnType<PodVolumes["setUp"]>>;

/** Sets up one pod's volumes, and takes them away. */
export class PodMounts {
  private readonly context: PodContext;
  private mounted: Sources | undefined;
  private failures = 0;

  constructor(context: PodContext) {
    this.context = context;
  }

  /** Where each volume's files are. */
  get sources(): Sources {
    return this.mounted ?? new Map();
  }

  /** The volumes that live in memory. */
  memoryVolumes(): ReturnType<PodVolumes["memoryVolumes"]> {
    return this.context.volumes.memoryVolumes(this.sources);
  }

  /** Sets up what is not yet; resolves with when to try again if that failed. */
  async ensure(pod: Pod, podIP: string): Promise<number | undefined> {
    if (this.mounted !== undefined) return undefined;
    try {
      this.mounted = await this.context.volumes.setUp(this.input(pod, podIP));
      this.failures = 0;
      return undefined;
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      this.context.events.event(pod, "Warning", "FailedMount", error.message);
      return Math.min(RETRY_MS * 2 ** this.failures++, MAX_RETRY_MS);
    }
  }

  /** Brings the files of configuration volumes up to date. */
  async refresh(pod: Pod, podIP: string): Promise<void> {
    if (this.mounted !== undefined) await this.context.volumes.refresh(this.input(pod, podIP));
  }

  /** Removes what the pod's volumes have left on the node. */
  async tearDown(pod: Pod): Promise<void> {
    const memory = this.memoryVolumes().map((volume) => volume.volume);
    if (memory.length > 0) await this.context.runtime.docker.call(["volume", "rm", "--force", ...memory]);
    await this.context.volumes
      .tearDown(pod.metadata.uid ?? "")
      .catch((error: unknown) => this.context.logger.warn("a pod's folder could not be removed", { pod: formatPod(pod), error }));
  }

  private input(pod: Pod, podIP: string): VolumeFilesInput {
    const { context } = this;
    return {
      pod,
      source: context.source,
      addresses: { podIP, hostIP: context.hostIP },
      node: context.node,
      token: (audience, seconds) => context.tokens.get(pod, audience, seconds),
    };
  }
}
