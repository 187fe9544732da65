// Behaviour: pkg/kubelet/allocation, kuberuntime computePodResizeAction: new limits for containers that go on running.
import { isDeepStrictEqual } from "node:util";
import type { Container, Pod, ResourceRequirements } from "../api/generated/types/core/v1.ts";
import { updateArgs } from "./docker-args.ts";
import { DockerError } from "./docker.ts";
import { latest, type ObservedPod } from "./pod-actions.ts";
import type { PodContext } from "./pod-context.ts";
import { resourceOptions } from "./resources.ts";

/** Remembers what each container was given, and gives it what its spec says now. */
export class Resizer {
  private readonly context: PodContext;
  private readonly given = new Map<string, ResourceRequirements>();

  constructor(context: PodContext) {
    this.context = context;
  }

  /** A container was started with what its spec says. */
  started(container: Container): void {
    this.given.set(container.name, container.resources);
  }

  /** Changes the limits of running containers whose spec changed. */
  async resize(pod: Pod, observed: ObservedPod): Promise<void> {
    const changed = pod.spec.containers.flatMap((container) => {
      const record = latest(observed, container.name);
      if (record?.state !== "running") return [];
      const given = this.given.get(container.name);
      // One that an earlier daemon started has what the spec said then.
      if (given === undefined) this.started(container);
      return given === undefined || isDeepStrictEqual(given, container.resources) ? [] : [{ container, record }];
    });
    if (changed.length === 0) return;
    const containers = pod.spec.containers.map(({ name, resources }) => ({ name, resources }));
    const detail = JSON.stringify({ containers, generation: pod.metadata.generation });
    this.context.events.event(pod, "Normal", "ResizeStarted", `Pod resize started: ${detail}`);
    try {
      for (const { container, record } of changed) {
        await this.context.runtime.docker.run(updateArgs(record.id, resourceOptions(container)));
        this.started(container);
      }
      this.context.events.event(pod, "Normal", "ResizeCompleted", `Pod resize completed: ${detail}`);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      for (const { container } of changed) this.started(container);
      this.context.events.event(pod, "Warning", "ResizeError", `Pod resize error: ${error.message}`);
    }
  }
}
