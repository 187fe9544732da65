// Behaviour: ValidateVolumeMounts and ValidateVolumeDevices in k8s.io/kubernetes/pkg/apis/core/validation.
import { type FieldError, type FieldPath, forbiddenField, invalidValue, notFoundValue, requiredValue } from "../../../../api/field-errors.ts";
import type { Container, EphemeralContainer, Volume, VolumeMount } from "../../../../api/generated/types/core/v1.ts";
import { oneOf } from "../field-checks.ts";
import { descendingPath, noBacksteps } from "./paths.ts";

type AnyContainer = Container | EphemeralContainer;

/** The volumes that a container mounts. */
export function validateVolumeMounts(container: AnyContainer, volumes: ReadonlyMap<string, Volume>, path: FieldPath): FieldError[] {
  const devices = new Map((container.volumeDevices ?? []).map((device) => [device.name, device.devicePath]));
  const devicePaths = new Set(devices.values());
  const mountPaths = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, index) => {
    const at = path.index(index);
    const name = mount.name ?? "";
    const mountPath = mount.mountPath ?? "";
    const errors: FieldError[] = [];
    if (name === "") errors.push(requiredValue(at.child("name")));
    if (!volumes.has(name)) errors.push(notFoundValue(at.child("name"), name));
    if (mountPath === "") errors.push(requiredValue(at.child("mountPath")));
    if (mountPaths.has(mountPath)) errors.push(invalidValue(at.child("mountPath"), mountPath, "must be unique"));
    mountPaths.add(mountPath);
    if (devices.has(name)) errors.push(invalidValue(at.child("name"), name, "must not already exist in volumeDevices"));
    if (devicePaths.has(mountPath)) errors.push(invalidValue(at.child("mountPath"), mountPath, "must not already exist as a path in volumeDevices"));
    return [...errors, ...validateSubPaths(mount, path, at), ...validatePropagation(mount, container, path), ...validateRecursiveReadOnly(mount, path.child("recursiveReadOnly"))];
  });
}

/** Paths below the list are upstream's, which leaves out the index here. */
function validateSubPaths({ subPath, subPathExpr }: VolumeMount, path: FieldPath, at: FieldPath): FieldError[] {
  const errors = subPath ? descendingPath(subPath, path.child("subPath")) : [];
  if (!subPathExpr) return errors;
  if (subPath) errors.push(invalidValue(at.child("subPathExpr"), subPathExpr, "subPathExpr and subPath are mutually exclusive"));
  return [...errors, ...descendingPath(subPathExpr, path.child("subPathExpr"))];
}

function validatePropagation({ mountPropagation }: VolumeMount, container: AnyContainer, path: FieldPath): FieldError[] {
  if (mountPropagation === undefined) return [];
  const at = path.child("mountPropagation");
  const errors = oneOf(mountPropagation, ["Bidirectional", "HostToContainer", "None"], at);
  if (mountPropagation !== "Bidirectional" || container.securityContext?.privileged === true) return errors;
  return [...errors, forbiddenField(at, "Bidirectional mount propagation is available only to privileged containers")];
}

function validateRecursiveReadOnly({ recursiveReadOnly, readOnly, mountPropagation }: VolumeMount, path: FieldPath): FieldError[] {
  if (recursiveReadOnly === undefined || recursiveReadOnly === "Disabled") return [];
  if (recursiveReadOnly !== "Enabled" && recursiveReadOnly !== "IfPossible") return oneOf(recursiveReadOnly, ["Disabled", "Enabled", "IfPossible"], path);
  const errors: FieldError[] = [];
  if (readOnly !== true) errors.push(forbiddenField(path, "may only be specified when readOnly is true"));
  if ((mountPropagation ?? "None") !== "None") errors.push(forbiddenField(path, "may only be specified when mountPropagation is None or not specified"));
  return errors;
}

/** The block devices that a container gets. */
export function validateVolumeDevices(container: AnyContainer, volumes: ReadonlyMap<string, Volume>, path: FieldPath): FieldError[] {
  const mounts = new Map((container.volumeMounts ?? []).map((mount) => [mount.name, mount.mountPath]));
  const mountPaths = new Set(mounts.values());
  const names = new Set<string>();
  const devicePaths = new Set<string>();
  return (container.volumeDevices ?? []).flatMap(({ name = "", devicePath = "" }, index) => {
    const at = path.index(index);
    const volume = volumes.get(name);
    const errors: FieldError[] = [];
    if (name === "") errors.push(requiredValue(at.child("name")));
    if (names.has(name)) errors.push(invalidValue(at.child("name"), name, "must be unique"));
    if (volume === undefined) errors.push(notFoundValue(at.child("name"), name));
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      errors.push(invalidValue(at.child("name"), name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"));
    }
    if (devicePath === "") errors.push(requiredValue(at.child("devicePath")));
    if (devicePaths.has(devicePath)) errors.push(invalidValue(at.child("devicePath"), devicePath, "must be unique"));
    if (noBacksteps(devicePath, at).length > 0) errors.push(invalidValue(at.child("devicePath"), devicePath, "can not contain backsteps ('..')"));
    else devicePaths.add(devicePath);
    if (mounts.has(name)) errors.push(invalidValue(at.child("name"), name, "must not already exist in volumeMounts"));
    if (mountPaths.has(devicePath)) errors.push(invalidValue(at.child("devicePath"), devicePath, "must not already exist as a path in volumeMounts"));
    if (name !== "") names.add(name);
    return errors;
  });
}
