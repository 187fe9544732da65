// What the warnings about pods look at.
import type { PodSpec } from "../../../api/generated/types/core/v1.ts";
import type { ObjectMeta } from "../../../api/generated/types/meta/v1.ts";

/** A pod, or what a template makes into one. */
export interface WarnedPod {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}
