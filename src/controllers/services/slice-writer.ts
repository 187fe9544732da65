// Behaviour: k8s.io/endpointslice/util (EndpointSliceTracker): writes slices, and knows when the cache does not show them yet.
import type { EndpointSlice } from "../../api/generated/types/discovery/v1.ts";
import { isNotFound } from "../../api/errors.ts";
import { endpointSlices } from "../../api/resource-refs.ts";
import type { ApiClient } from "../../client/client.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import type { SlicePlan } from "./slice-packing.ts";
import { TRIGGER_TIME } from "./service-endpoints.ts";

/** Carries out plans for slices, one owner at a time. */
export class SliceWriter {
  private readonly client: ApiClient;
  /** By owner, the generation of each slice as it was last written; deleted ones are at infinity. */
  private readonly written = new Map<string, Map<string, number>>();

  constructor(client: ApiClient) {
    this.client = client;
  }

  /** Whether the cache is behind what was written for the owner. */
  isStale(owner: string, cached: readonly EndpointSlice[]): boolean {
    const expected = this.written.get(owner);
    if (expected === undefined) return false;
    const found = new Map(cached.map(({ metadata }) => [metadata.name ?? "", metadata.generation ?? 0]));
    for (const [name, generation] of expected) {
      const current = found.get(name);
      if (generation === Infinity ? current !== undefined : current === undefined || current < generation) return true;
    }
    this.written.delete(owner);
    return false;
  }

  /** A slice was seen to be gone. */
  observeDeletion(owner: string, name: string): void {
    this.written.get(owner)?.delete(name);
  }

  /** Writes; `mayCreate` is false while the owner is on its way out. */
  async write(owner: string, namespace: string, plan: SlicePlan, triggerTime: string | undefined, mayCreate = true): Promise<void> {
    const slices = this.client.resource(endpointSlices, namespace);
    const written = this.written.get(owner) ?? new Map<string, number>();
    this.written.set(owner, written);
    const note = ({ metadata }: EndpointSlice) => written.set(metadata.name ?? "", metadata.generation ?? 0);
    try {
      for (const slice of mayCreate ? plan.create : []) note(await slices.create(withTriggerTime(slice, triggerTime)));
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      throw error;
    }
    for (const slice of plan.update) note(await slices.update(withTriggerTime(slice, triggerTime)));
    for (const { metadata: { name = "" } } of plan.delete) {
      try {
        await slices.delete(name);
        written.set(name, Infinity);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }
}

function withTriggerTime(slice: EndpointSlice, triggerTime: string | undefined): EndpointSlice {
  const { [TRIGGER_TIME]: _, ...others } = slice.metadata.annotations ?? {};
  const annotations = triggerTime === undefined ? others : { ...others, [TRIGGER_TIME]: triggerTime };
  return { ...slice, metadata: { ...slice.metadata, annotations: Object.keys(annotations).length > 0 ? annotations : undefined } };
}
