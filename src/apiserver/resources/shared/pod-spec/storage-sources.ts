// Behaviour: the checks of network and node storage in k8s.io/kubernetes/pkg/apis/core/validation, which pods' volumes and persistent volumes share.
import { type FieldError, type FieldPath, invalidValue, notSupportedValue, requiredValue, tooLongValue } from "../../../../api/field-errors.ts";
import type * as core from "../../../../api/generated/types/core/v1.ts";
import { isDNS1123Subdomain } from "../../../../api/name-validation.ts";
import { dnsLabel, invalidEach, oneOf } from "../field-checks.ts";
import { noBacksteps } from "./paths.ts";

const HOST_PATH_TYPES = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
const REGISTRY_RULE = "must be a host:port pair or multiple pairs separated by commas";

/** One error for each field that is not set. */
export function requiredFields<T extends object>(source: T, fields: readonly (keyof T & string)[], path: FieldPath): FieldError[] {
  return fields.filter((field) => isUnset(source[field])).map((field) => requiredValue(path.child(field)));
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** A file or folder of the node. */
export function validateHostPath({ path: hostPath, type }: core.HostPathVolumeSource, path: FieldPath): FieldError[] {
  if (!hostPath) return [requiredValue(path.child("path"))];
  return [...noBacksteps(hostPath, path.child("path")), ...(type === undefined ? [] : oneOf(type, HOST_PATH_TYPES, path.child("type")))];
}

function partition(value: number | undefined, path: FieldPath): FieldError[] {
  return (value ?? 0) < 0 || (value ?? 0) > 255 ? [invalidValue(path.child("partition"), value, "must be between 1 and 255, inclusive")] : [];
}

/** What is wrong with a Compute Engine disk. */
export const validateGCEPersistentDisk = (disk: core.GCEPersistentDiskVolumeSource, path: FieldPath): FieldError[] => [...requiredFields(disk, ["pdName"], path), ...partition(disk.partition, path)];

/** What is wrong with an EBS volume. */
export const validateAWSElasticBlockStore = (store: core.AWSElasticBlockStoreVolumeSource, path: FieldPath): FieldError[] => [
  ...requiredFields(store, ["volumeID"], path),
  ...partition(store.partition, path),
];

/** A share of an NFS server. */
export function validateNFS(nfs: core.NFSVolumeSource, path: FieldPath): FieldError[] {
  const errors = requiredFields(nfs, ["server", "path"], path);
  return (nfs.path ?? "").startsWith("/") ? errors : [...errors, invalidValue(path.child("path"), nfs.path ?? "", "must be an absolute path")];
}

/** A Flocker dataset, by one of its two names. */
export function validateFlocker({ datasetName = "", datasetUUID = "" }: core.FlockerVolumeSource, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (datasetName === "" && datasetUUID === "") errors.push(requiredValue(path, "one of datasetName and datasetUUID is required"));
  if (datasetName !== "" && datasetUUID !== "") errors.push(invalidValue(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"));
  if (datasetName.includes("/")) errors.push(invalidValue(path.child("datasetName"), datasetName, "must not contain '/'"));
  return errors;
}

/** A Quobyte volume. */
export function validateQuobyte({ registry = "", tenant = "", volume = "" }: core.QuobyteVolumeSource, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (registry === "") errors.push(requiredValue(path.child("registry"), REGISTRY_RULE));
  else if (tenant.length >= 65) errors.push(requiredValue(path.child("tenant"), "must be a UUID and may not exceed a length of 64 characters"));
  else errors.push(...registry.split(",").filter((pair) => !/^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(pair)).map(() => invalidValue(path.child("registry"), registry, REGISTRY_RULE)));
  if (volume === "") errors.push(requiredValue(path.child("volume")));
  return errors;
}

/** A Fibre Channel volume, by its targets or its worldwide identifiers. */
export function validateFC({ targetWWNs = [], wwids = [], lun }: core.FCVolumeSource, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const targets = path.child("targetWWNs");
  if (targetWWNs.length + wwids.length === 0) errors.push(requiredValue(targets, "must specify either targetWWNs or wwids, but not both"));
  if (targetWWNs.length > 0 && wwids.length > 0) errors.push(invalidValue(targets, targetWWNs, "targetWWNs and wwids can not be specified simultaneously"));
  if (targetWWNs.length === 0) return errors;
  if (lun === undefined) return [...errors, requiredValue(path.child("lun"), "lun is required if targetWWNs is specified")];
  return [...errors, ...validateLun(lun, path)];
}

function validateLun(lun: number | undefined, path: FieldPath): FieldError[] {
  return (lun ?? 0) < 0 || (lun ?? 0) > 255 ? [invalidValue(path.child("lun"), lun, "must be between 0 and 255, inclusive")] : [];
}

/** A plugin's volume, whose options are its own. */
export function validateFlexVolume(volume: core.FlexVolumeSource | core.FlexPersistentVolumeSource, path: FieldPath): FieldError[] {
  const reserved = Object.keys(volume.options ?? {}).filter((key) => /\.(kubernetes|k8s)\.io$/.test(`.${(key.split("/")[0] ?? "").toLowerCase()}`));
  const detail = "kubernetes.io and k8s.io namespaces are reserved";
  return [...requiredFields(volume, ["driver"], path), ...reserved.map((key) => invalidValue(path.child("options").key(key), key, detail))];
}

/** A disk or blob in Azure. */
export function validateAzureDisk(disk: core.AzureDiskVolumeSource, path: FieldPath): FieldError[] {
  const errors = requiredFields(disk, ["diskName", "diskURI"], path);
  const uri = disk.diskURI ?? "";
  if (disk.cachingMode !== undefined) errors.push(...oneOf(disk.cachingMode, ["None", "ReadOnly", "ReadWrite"], path.child("cachingMode")));
  if (disk.kind === undefined) return errors;
  errors.push(...oneOf(disk.kind, ["Dedicated", "Managed", "Shared"], path.child("kind")));
  const managed = disk.kind === "Managed";
  if (uri.startsWith(managed ? "/subscriptions/" : "https://")) return errors;
  const form = managed
    ? "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
    : "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
  return [...errors, notSupportedValue(path.child("diskURI"), uri, [form])];
}

/** A StorageOS volume; its secret has a namespace only in persistent volumes. */
export function validateStorageOS(volume: core.StorageOSVolumeSource | core.StorageOSPersistentVolumeSource, path: FieldPath, persistent: boolean): FieldError[] {
  const { volumeName, volumeNamespace, secretRef } = volume;
  return [
    ...(volumeName ? dnsLabel(volumeName, path.child("volumeName")) : [requiredValue(path.child("volumeName"))]),
    ...(volumeNamespace ? dnsLabel(volumeNamespace, path.child("volumeNamespace")) : []),
    ...validateSecretReference(secretRef, path.child("secretRef"), persistent),
  ];
}

/** A secret that is referred to by name, and by namespace where there is none around. */
export function validateSecretReference(secret: { name?: string; namespace?: string } | undefined, path: FieldPath, namespaced: boolean): FieldError[] {
  return secret === undefined ? [] : requiredFields(secret, namespaced ? ["name", "namespace"] : ["name"], path);
}

/** A target of an iSCSI portal. */
export function validateISCSI(iscsi: core.ISCSIVolumeSource | core.ISCSIPersistentVolumeSource, path: FieldPath, persistent: boolean): FieldError[] {
  const errors = requiredFields(iscsi, ["targetPortal"], path);
  errors.push(...(iscsi.iqn ? validateInitiator(iscsi.iqn, path.child("iqn"), persistent) : [requiredValue(path.child("iqn"))]));
  errors.push(...validateLun(iscsi.lun, path));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && iscsi.secretRef === undefined) errors.push(requiredValue(path.child("secretRef")));
  if (persistent) errors.push(...validateSecretReference(iscsi.secretRef, path.child("secretRef"), false));
  if (iscsi.initiatorName !== undefined) errors.push(...validateInitiator(iscsi.initiatorName, path.child("initiatorname"), persistent));
  return errors;
}

function validateInitiator(name: string, path: FieldPath, persistent: boolean): FieldError[] {
  const forms: Record<string, RegExp> = { iqn: /iqn\.\d{4}-\d{2}\.([A-Za-z0-9.-]+)(:[^,;*&$|\s]+)$/, eui: /^eui.[A-Za-z0-9]{16}$/, naa: /^naa.[A-Za-z0-9]{32}$/ };
  const form = forms[name.slice(0, 3)];
  if (form === undefined) return [invalidValue(path, name, persistent ? "must be valid format" : "must be valid format starting with iqn, eui, or naa")];
  return form.test(name) ? [] : [invalidValue(path, name, "must be valid format")];
}

/** The name of a CSI driver. */
export function validateDriverName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [requiredValue(path)];
  return [...(name.length > 63 ? [tooLongValue(path, 63)] : []), ...invalidEach(path, name, isDNS1123Subdomain(name.toLowerCase()))];
}
