// Behaviour: pkg/scheduler/framework/plugins/volumebinding (binder.go): gives a pod's waiting claims their volumes before the pod is bound.
import type { PersistentVolumeClaim, Pod } from "../api/generated/types/core/v1.ts";
import { persistentVolumeClaims, persistentVolumes } from "../api/resource-refs.ts";
import { BOUND_BY_CONTROLLER, isClaimBound, SELECTED_NODE } from "../api/volume-matching.ts";
import type { ApiClient } from "../client/client.ts";
import type { Informer } from "../client/informer.ts";
import type { Clock } from "../util/clock.ts";
import type { VolumePlan } from "./filters/volumes.ts";

const BIND_TIMEOUT_MS = 600_000;

/** Carries out volume plans. */
export class VolumeBinder {
  private readonly client: ApiClient;
  private readonly claims: Informer<PersistentVolumeClaim>;
  private readonly clock: Clock;
  private readonly waiting = new Set<() => void>();
  private readonly stopped = new AbortController();

  constructor(client: ApiClient, claims: Informer<PersistentVolumeClaim>, clock: Clock) {
    this.client = client;
    this.claims = claims;
    this.clock = clock;
    claims.onChange(() => {
      for (const check of this.waiting) check();
    });
  }

  /** Resolves when all claims of the plan are bound; rejects when that takes too long. */
  async bind(pod: Pod, node: string, plan: VolumePlan): Promise<void> {
    for (const { claim, volume } of plan.bindings) {
      const { namespace, name, uid, resourceVersion } = claim.metadata;
      const claimRef = { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name, uid, resourceVersion };
      const annotations = { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
      await this.client.resource(persistentVolumes).update({ ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef } });
    }
    for (const claim of plan.provisions) {
      if (claim.metadata.annotations?.[SELECTED_NODE] === node) continue;
      const annotations = { ...claim.metadata.annotations, [SELECTED_NODE]: node };
      await this.client.resource(persistentVolumeClaims, claim.metadata.namespace).update({ ...claim, metadata: { ...claim.metadata, annotations } });
    }
    await this.untilBound(pod, [...plan.bindings.map(({ claim }) => claim), ...plan.provisions]);
  }

  /** Gives up on everything that is waited for. */
  stop(): void {
    this.stopped.abort(new Error("the scheduler is stopping"));
  }

  private untilBound(pod: Pod, claims: readonly PersistentVolumeClaim[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.waiting.delete(check);
        this.stopped.signal.removeEventListener("abort", abort);
        cancel();
        act();
      };
      const check = () => {
        const current = claims.map(({ metadata }) => this.claims.get(`${metadata.namespace}/${metadata.name}`));
        if (current.some((claim) => claim === undefined)) settle(() => reject(new Error(`a PersistentVolumeClaim of pod ${pod.metadata.name} was deleted`)));
        else if (current.every((claim) => claim !== undefined && isClaimBound(claim))) settle(resolve);
      };
      const cancel = this.clock.setTimer(BIND_TIMEOUT_MS, () => settle(() => reject(new Error("binding volumes: context deadline exceeded"))));
      const abort = () => settle(() => reject(this.stopped.signal.reason));
      this.stopped.signal.addEventListener("abort", abort);
      this.waiting.add(check);
      check();
    });
  }
}
