// Behaviour: k8s.io/component-helpers/storage/volume: which volume can serve a claim.
import type { PersistentVolume, PersistentVolumeClaim } from "./generated/types/core/v1.ts";
import { labelSelector } from "./label-selector.ts";
import { parseQuantity } from "./quantity.ts";

/** The controller set both ends of the binding. */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
/** The binding was ours, and not the user's wish. */
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
/** The node that the scheduler chose for a claim's first consumer. */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** Whether the claim has its volume. */
export function isClaimBound(claim: PersistentVolumeClaim): boolean {
  return (claim.spec.volumeName ?? "") !== "" && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined;
}

/** The class that a claim or a volume names; "" for none. */
export function storageClassOf({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string {
  return metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName ?? "";
}

/** Whether the volume is reserved for the claim, by its name or for good. */
export function isReservedFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef === undefined || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return (claimRef.uid ?? "") === "" || claimRef.uid === metadata.uid;
}

/** Why the volume cannot serve the claim; undefined when it can. */
export function whyUnsuitable(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (sizeOf(volume).cmp(parseQuantity(claim.spec.resources?.requests?.storage ?? "0")) < 0) return "requested PV is too small";
  if (storageClassOf(volume) !== storageClassOf(claim)) return "storageClassName does not match";
  if ((volume.spec.volumeMode ?? "Filesystem") !== (claim.spec.volumeMode ?? "Filesystem")) return "incompatible volumeMode";
  if (!(claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode))) return "incompatible accessMode";
  return undefined;
}

/** The smallest of the free volumes that can serve the claim and are acceptable. */
export function smallestVolume(claim: PersistentVolumeClaim, volumes: readonly PersistentVolume[], isAcceptable: (volume: PersistentVolume) => boolean = () => true): PersistentVolume | undefined {
  const selector = claim.spec.selector === undefined ? undefined : labelSelector(claim.spec.selector);
  const fitting = volumes.filter((volume) => {
    const isFree = volume.spec.claimRef === undefined && volume.status.phase === "Available" && volume.metadata.deletionTimestamp === undefined;
    return isFree && selector?.matches(volume.metadata.labels) !== false && whyUnsuitable(volume, claim) === undefined && isAcceptable(volume);
  });
  return fitting.sort((a, b) => sizeOf(a).cmp(sizeOf(b)))[0];
}

function sizeOf(volume: PersistentVolume) {
  return parseQuantity(volume.spec.capacity?.storage ?? "0");
}
