// Behaviour: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go: the container that holds a pod's network, and the pod's address.
import type { Pod } from "../api/generated/types/core/v1.ts";
import { sandboxOptions } from "./container-options.ts";
import type { ContainerRecord } from "./container-store.ts";
import { podDns } from "./dns.ts";
import { DockerError } from "./docker.ts";
import type { MemoryVolume } from "./docker-args.ts";
import type { PodContext } from "./pod-context.ts";
import { hostnameOf } from "./pod-spec.ts";

/** Starts the sandbox of one pod, and keeps the address that the pod has by it. */
export class PodSandbox {
  private readonly context: PodContext;
  private address = "";

  /** `running`: the sandbox that an earlier program has left running. */
  constructor(context: PodContext, running: ContainerRecord | undefined) {
    this.context = context;
    if (running === undefined || running.podIP === "") return;
    this.address = running.podIP;
    context.addresses.take(running.podIP);
  }

  /** The address in the pod network; "" while there is none, and for pods of the host's network. */
  get podIP(): string {
    return this.address;
  }

  /** The address under which the pod is reached. */
  addressOf(pod: Pod): string {
    return pod.spec.hostNetwork === true ? this.context.hostIP : this.address;
  }

  /** Starts a sandbox, with the volumes that live in memory; whether that worked. */
  async create(pod: Pod, attempt: number, volumes: readonly MemoryVolume[]): Promise<boolean> {
    const { context } = this;
    if (pod.spec.hostNetwork !== true) this.address = context.addresses.allocate();
    const options = sandboxOptions({
      pod,
      owner: context.owner,
      attempt,
      network: context.network,
      podIP: this.address,
      hostname: hostnameOf(pod, context.clusterDomain).hostname,
      dns: podDns(pod, context.clusterDns),
      volumes,
    });
    try {
      const record = await context.runtime.runSandbox(options);
      if (record.podIP !== "") this.address = record.podIP;
      return true;
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      context.events.event(pod, "Warning", "FailedCreatePodSandBox", `Failed to create pod sandbox: rpc error: code = Unknown desc = ${error.message}`);
      this.release();
      return false;
    }
  }

  /** Gives the address back, once the sandbox is gone. */
  release(): void {
    if (this.address !== "") this.context.addresses.release(this.address);
    this.address = "";
  }
}
