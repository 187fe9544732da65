// Behaviour: pkg/kubelet/kubelet.go: the pods of one node, each with a worker of its own.
import type { Pod, Volume } from "../api/generated/types/core/v1.ts";
import { configMaps, pods, secrets } from "../api/resource-refs.ts";
import type { Change, Informers } from "../client/informer.ts";
import type { ContainerRecord } from "./container-store.ts";
import { repeat } from "./node-registration.ts";
import type { PodContext } from "./pod-context.ts";
import { PodWorker } from "./pod-worker.ts";
import { isConfiguration } from "./volumes/volume-files.ts";

/** Tokens are renewed and configuration is compared at this pace; changes of configuration are seen at once. */
const REFRESH_MS = 60_000;

/** The kubelet of one node. */
export class Kubelet {
  private readonly context: PodContext;
  private readonly workers = new Map<string, PodWorker>();

  constructor(context: PodContext) {
    this.context = context;
  }

  /** Takes up the node's pods and keeps them until the signal aborts. The containers there are have to be known already. */
  async start(informers: Informers, signal: AbortSignal): Promise<void> {
    const informer = informers.informer(pods);
    await informer.synced(signal);
    const end = [
      informer.onChange((change) => this.podChanged(change)),
      this.context.runtime.store.onChange((record) => this.containerChanged(record, (uid) => informer.list().some((pod) => pod.metadata.uid === uid))),
      informers.informer(configMaps).onChange((change) => this.configurationChanged(change, configMapName)),
      informers.informer(secrets).onChange((change) => this.configurationChanged(change, secretName)),
    ];
    signal.addEventListener("abort", () => end.forEach((unsubscribe) => unsubscribe()), { once: true });
    await this.sweep();
    void repeat(this.context.clock, REFRESH_MS, signal, () => this.refreshVolumes(() => true), this.context.logger);
  }

  /** The worker of a pod that is on this node. */
  worker(uid: string): PodWorker | undefined {
    return this.workers.get(uid);
  }

  /** The pods of this node, as they were last seen. */
  pods(): Pod[] {
    return [...this.workers.values()].map((worker) => worker.spec);
  }

  /** Ends the containers of all pods; the pods stay as they are in the API. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  private podChanged({ type, object: pod }: Change<Pod>): void {
    if (pod.spec.nodeName !== this.context.owner.node) return;
    const uid = pod.metadata.uid ?? "";
    const known = this.workers.get(uid);
    if (type === "deleted") return known?.removed();
    if (known !== undefined) return known.update(pod);
    const worker = new PodWorker(this.context, pod, () => this.workers.delete(uid));
    this.workers.set(uid, worker);
    worker.wake();
  }

  private containerChanged(record: ContainerRecord, podExists: (uid: string) => boolean): void {
    if (record.node !== this.context.owner.node) return;
    const worker = this.workers.get(record.podUid);
    if (worker !== undefined) worker.wake();
    // Started by a call that outlived the daemon that made it, for a pod that is gone since.
    else if (record.state === "running" && !podExists(record.podUid)) void this.context.runtime.remove([record.id]);
  }

  /** Removes the containers of pods that the API does not know. */
  private async sweep(): Promise<void> {
    const orphans = [...this.context.runtime.store.all()].filter((record) => record.node === this.context.owner.node && !this.workers.has(record.podUid));
    await this.context.runtime.remove(orphans.map((record) => record.id));
    for (const uid of new Set(orphans.map((record) => record.podUid))) await this.context.volumes.tearDown(uid).catch(() => {});
  }

  private configurationChanged(change: Change<{ apiVersion: string; kind: string; metadata: Pod["metadata"] }>, nameIn: (volume: Volume) => string[]): void {
    if (change.type === "deleted") return;
    const { namespace, name = "" } = change.object.metadata;
    void this.refreshVolumes((pod) => pod.metadata.namespace === namespace && (pod.spec.volumes ?? []).some((volume) => nameIn(volume).includes(name)));
  }

  private async refreshVolumes(concerns: (pod: Pod) => boolean): Promise<void> {
    for (const worker of this.workers.values()) {
      if (!concerns(worker.spec) || !(worker.spec.spec.volumes ?? []).some(isConfiguration)) continue;
      await worker.refreshVolumes().catch((error: unknown) => this.context.logger.warn("a volume could not be brought up to date", { pod: worker.spec.metadata.name, error }));
    }
  }
}

function configMapName(volume: Volume): string[] {
  return [volume.configMap?.name, ...(volume.projected?.sources ?? []).map((source) => source.configMap?.name)].filter((name) => name !== undefined);
}

function secretName(volume: Volume): string[] {
  return [volume.secret?.secretName, ...(volume.projected?.sources ?? []).map((source) => source.secret?.name)].filter((name) => name !== undefined);
}
