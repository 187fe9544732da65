// Behaviour: PrepareForUpdate of the apps strategies: what counts as a new generation beside the spec.
import type { ObjectMeta } from "../../../api/generated/types/meta/v1.ts";
import { semanticEqual } from "../shared/semantic-equal.ts";

interface Versioned {
  metadata: ObjectMeta;
  spec: unknown;
}

/** Counts a generation when the spec or the annotations change, as deployments do. */
export function countSpecAndAnnotations(next: Versioned, old: Versioned): void {
  if (semanticEqual(next.spec, old.spec) && semanticEqual({ annotations: next.metadata.annotations }, { annotations: old.metadata.annotations })) return;
  next.metadata.generation = (old.metadata.generation ?? 0) + 1;
}
