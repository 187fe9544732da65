// Behaviour: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go and zz_generated.defaults.go: the defaults of volumes.
import type { PersistentVolumeClaimSpec, PersistentVolumeSpec, Volume } from "../../../api/generated/types/core/v1.ts";
import { defaultPullPolicy } from "./image-reference.ts";
import { roundResources } from "./resource-list.ts";

/** The mode of files from ConfigMaps, Secrets and the like: 0644. */
const DEFAULT_MODE = 0o644;

/** Fills the defaults of a pod's volume: without a source it is an empty directory. */
export function defaultVolume(volume: Volume): void {
  const { name: _name, ...sources } = volume;
  if (Object.values(sources).every((source) => source === undefined || source === null)) volume.emptyDir = {};
  if (volume.image !== undefined) volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? "");
  if (volume.hostPath !== undefined) volume.hostPath.type ??= "";
  for (const source of [volume.secret, volume.configMap, volume.downwardAPI, volume.projected]) if (source !== undefined) source.defaultMode ??= DEFAULT_MODE;
  for (const item of volume.downwardAPI?.items ?? []) if (item.fieldRef !== undefined) item.fieldRef.apiVersion ||= "v1";
  for (const source of volume.projected?.sources ?? []) {
    for (const item of source.downwardAPI?.items ?? []) if (item.fieldRef !== undefined) item.fieldRef.apiVersion ||= "v1";
    if (source.serviceAccountToken !== undefined) source.serviceAccountToken.expirationSeconds ??= 3600;
  }
  defaultStorage(volume);
  if (volume.ephemeral?.volumeClaimTemplate !== undefined) defaultClaimSpec(volume.ephemeral.volumeClaimTemplate.spec);
}

/** Fills the defaults of the network storage that pods' volumes and persistent volumes have in common. */
export function defaultStorage(source: Pick<Volume & PersistentVolumeSpec, "iscsi" | "rbd" | "azureDisk" | "scaleIO">): void {
  const { iscsi, rbd, azureDisk, scaleIO } = source;
  if (iscsi !== undefined) iscsi.iscsiInterface ||= "default";
  if (rbd !== undefined) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (azureDisk !== undefined) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= "Shared";
  }
  if (scaleIO !== undefined) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
}

/** Fills the defaults of a claim's spec. */
export function defaultClaimSpec(spec: PersistentVolumeClaimSpec): void {
  spec.volumeMode ??= "Filesystem";
  roundResources(spec.resources);
}
