// Behaviour: pkg/kubelet/status/status_manager.go: the latest status of a pod reaches the API, in as few writes as that takes.
import { isDeepStrictEqual } from "node:util";
import { isNotFound, StatusError } from "../api/errors.ts";
import type { Pod, PodStatus } from "../api/generated/types/core/v1.ts";
import { pods } from "../api/resource-refs.ts";
import type { ApiClient } from "../client/client.ts";
import type { Clock } from "../util/clock.ts";
import type { Logger } from "../util/logger.ts";

const RETRY_MS = 1_000;
const TRIES = 10;

/** The strategic merge patch that brings one status to another; undefined when nothing differs. */
export function statusPatch(from: PodStatus, to: PodStatus): Record<string, unknown> | undefined {
  const before = from as Record<string, unknown>;
  const after = to as Record<string, unknown>;
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[key], after[key])) continue;
    if (after[key] === undefined) patch[key] = null;
    else if (key === "conditions") patch[key] = changedConditions(from, to);
    // Lists with a merge key would keep what is no longer there.
    else if (key === "podIPs" && Array.isArray(before[key])) patch[key] = [{ $patch: "replace" }, ...(to.podIPs ?? [])];
    else patch[key] = after[key];
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Conditions merge by type; a field that is gone has to be said to be. */
function changedConditions(from: PodStatus, to: PodStatus): unknown[] {
  return (to.conditions ?? []).flatMap((condition) => {
    const old = (from.conditions ?? []).find((candidate) => candidate.type === condition.type);
    if (isDeepStrictEqual(old, condition)) return [];
    const gone = Object.keys(old ?? {}).filter((key) => !(key in condition));
    return [{ ...condition, ...Object.fromEntries(gone.map((key) => [key, null])) }];
  });
}

/** Writes one pod's status; only the latest matters. */
export class StatusWriter {
  private readonly client: ApiClient;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly pod: Pod;
  private written: PodStatus;
  private wanted: PodStatus | undefined;
  private running: Promise<void> | undefined;

  constructor(options: { client: ApiClient; clock: Clock; logger: Logger; pod: Pod }) {
    this.client = options.client;
    this.clock = options.clock;
    this.logger = options.logger;
    this.pod = options.pod;
    this.written = options.pod.status;
  }

  /** What the API has, or will have when all is written. */
  get latest(): PodStatus {
    return this.wanted ?? this.written;
  }

  /** Asks for `status` to be written. */
  set(status: PodStatus): void {
    if (isDeepStrictEqual(this.latest, status)) return;
    this.wanted = status;
    this.running ??= this.write().finally(() => (this.running = undefined));
  }

  /** Resolves when all that was asked for is written, or given up. */
  async flush(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async write(): Promise<void> {
    const { name = "", namespace = "", uid } = this.pod.metadata;
    for (let tries = 0; this.wanted !== undefined && tries < TRIES; ) {
      const status = this.wanted;
      const patch = statusPatch(this.written, status);
      try {
        if (patch !== undefined) {
          await this.client.resource(pods, namespace).patch(name, "application/strategic-merge-patch+json", { metadata: { uid }, status: patch }, { subresource: "status" });
        }
        this.written = status;
        tries = 0;
        if (this.wanted === status) this.wanted = undefined;
      } catch (error) {
        // The pod is gone, or another one has its name: nobody waits for this status.
        if (isNotFound(error) || (error instanceof StatusError && error.code === 409)) {
          this.wanted = undefined;
          return;
        }
        tries++;
        this.logger.warn("a pod's status could not be written", { pod: `${namespace}/${name}`, error });
        await this.clock.sleep(RETRY_MS);
      }
    }
  }
}
